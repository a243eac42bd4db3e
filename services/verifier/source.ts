import { Fault } from '../foundation/errors.ts'

/** A package as its container shows it: files by their path below the bag, each readable as often as asked. */
export interface PackageSource {
  readonly paths: readonly string[]
  /** Bytes of all files, as far as the container says; for progress only. */
  readonly bytes: number
  /**
   * The bytes of a file.
   *
   * @throws Fault `malformed` when the container turns out damaged; anything else is a failure to read
   */
  read(path: string): AsyncIterable<Uint8Array>
  /** Files that the container says to have other bytes, as far as they were read to their ends. */
  readonly damaged: ReadonlySet<string>
  close(): Promise<void>
}

/** Random access to the bytes of a zip file, wherever they lie. */
export interface BytesSource {
  readonly bytes: number
  readAt(offset: number, length: number): Promise<Uint8Array>
}

const partPattern = /^[A-Za-z0-9._-]+$/

/** DESIGN.md §6: "A path is parts of `[A-Za-z0-9._-]`, none of them empty, `.` or `..`, with `/` between." */
export function isPackagePath(path: string): boolean {
  return path.split('/').every((part) => partPattern.test(part) && part !== '.' && part !== '..')
}

/**
 * Guards the list of a container's files.
 *
 * @throws malformed naming the path
 */
export function checkPaths(paths: readonly string[]): void {
  const known = new Set<string>()
  for (const path of paths) {
    if (!isPackagePath(path)) throw containerFault(`the path ${JSON.stringify(path)} is not allowed`)
    if (known.has(path)) throw containerFault(`the path ${path} is there twice`)
    known.add(path)
  }
  for (const path of paths) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      if (known.has(path.slice(0, at))) throw containerFault(`${path.slice(0, at)} is a file and a folder`)
    }
  }
}

/** The container is not what DESIGN.md §6 allows: code `container_malformed`. */
export function containerFault(what: string, cause?: unknown): Fault {
  return new Fault('malformed', what, { cause, details: { container: true } })
}
