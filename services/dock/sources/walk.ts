import type { Dirent } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { VolumeDamaged } from './source.ts'

/** A plain file as it was found. */
export interface FoundFile {
  /** Below the root, raw, `/` between the parts. */
  readonly path: Buffer
  readonly name: Buffer
  readonly bytes: number
  readonly modifiedMs: number
}

/** What a card of a device never has more of: beyond it, its tables are broken. */
export interface WalkLimits {
  readonly files: number
  readonly entries: number
  readonly depth: number
  readonly nameBytes: number
  readonly timeMs: number
}

export const walkLimits: WalkLimits = { files: 10_000, entries: 50_000, depth: 16, nameBytes: 1024, timeMs: 60_000 }

export interface Walk {
  /** Folders that are not entered, files that are left out; told raw paths below the root. */
  readonly enters: (path: Buffer) => boolean
  readonly takes: (path: Buffer) => boolean
  /** Told the length of each plain file that is left out. */
  readonly leftOut?: (bytes: number) => void
  readonly limits: WalkLimits
  /** Ends after so many files: a look, not a listing. */
  readonly enough?: number
}

interface State {
  readonly root: Buffer
  /** Device number of the root: what has another is another volume. */
  readonly device: number
  readonly walk: Walk
  readonly files: FoundFile[]
  entries: number
}

/**
 * The plain files below a root, in the order of their raw paths. Links are never followed, nor is anything else entered that
 * is mounted below the root.
 *
 * @throws VolumeDamaged when a limit is passed or the file system does not answer in time; errors of the system as they are
 */
export async function walkFiles(root: Buffer, device: number, walk: Walk): Promise<readonly FoundFile[]> {
  const state: State = { root, device, walk, files: [], entries: 0 }
  await withinTime(enter(state, Buffer.alloc(0), 0), walk.limits.timeMs, 'did not list its files')
  return state.files.sort((a, b) => Buffer.compare(a.path, b.path))
}

/**
 * Waits for work on a file system, but not for ever: a broken one may keep a call of the system for good.
 *
 * @throws VolumeDamaged after `timeMs`; then nobody waits for the work any more, and how it ends changes nothing
 */
export async function withinTime<T>(work: Promise<T>, timeMs: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new VolumeDamaged(`the file system ${what} within ${timeMs} ms`)), timeMs)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function enter(state: State, folder: Buffer, depth: number): Promise<void> {
  const { limits, enters, takes, enough } = state.walk
  if (depth > limits.depth) throw new VolumeDamaged(`folders lie more than ${limits.depth} deep`)
  const below: Buffer[] = []
  const names = new Set<string>()
  for await (const { name, kind } of entriesOf(joined(state.root, folder))) {
    if (++state.entries > limits.entries) throw new VolumeDamaged(`more than ${limits.entries} names`)
    if (name.length > limits.nameBytes) throw new VolumeDamaged(`a name of more than ${limits.nameBytes} bytes`)
    // Of two files with one name only one can ever be opened; a table that runs in a circle says every name again.
    if (names.size === names.add(name.toString('latin1')).size) throw new VolumeDamaged('a folder names a file twice')
    const path = folder.length === 0 ? name : joined(folder, name)
    if (kind === 'folder' && enters(path)) below.push(path)
    if (kind === 'file' && takes(path)) await take(state, path, name)
    else if (kind === 'file') state.walk.leftOut?.((await lstat(joined(state.root, path))).size)
    if (enough !== undefined && state.files.length >= enough) return
  }
  for (const path of below) {
    if (enough !== undefined && state.files.length >= enough) return
    const stat = await lstat(joined(state.root, path))
    if (stat.dev === state.device && stat.isDirectory()) await enter(state, path, depth + 1)
  }
}

async function take(state: State, path: Buffer, name: Buffer): Promise<void> {
  const stat = await lstat(joined(state.root, path))
  if (!stat.isFile() || stat.dev !== state.device) return
  if (state.files.length >= state.walk.limits.files) {
    throw new VolumeDamaged(`more than ${state.walk.limits.files} files`)
  }
  // Disks of computers keep parts of a millisecond: the spool counts whole ones.
  state.files.push({ path, name, bytes: stat.size, modifiedMs: Math.floor(stat.mtimeMs) })
}

export interface FolderEntry {
  readonly name: Buffer
  readonly kind: 'file' | 'folder' | 'other'
}

/** The entries of a folder one by one, so that a folder without an end can be left. */
export async function* entriesOf(folder: Buffer): AsyncGenerator<FolderEntry> {
  // The types of Node know raw names for readdir only.
  const entries = (await opendir(folder, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })) as AsyncIterable<
    Dirent<string | Buffer>
  >
  for await (const entry of entries) {
    const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other'
    yield { name: Buffer.from(entry.name as Buffer), kind }
  }
}

export function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name])
}
