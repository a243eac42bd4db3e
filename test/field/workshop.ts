import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where field inputs are made: ffmpeg's results, and parts that several inputs are cut from (made once). */
export interface Workshop {
  /** Runs ffmpeg with these flags into a file of the folder. */
  readonly ffmpeg: (flags: readonly string[], file: string) => Promise<void>
  readonly read: (file: string) => Promise<Buffer>
  readonly write: (file: string, bytes: Buffer) => Promise<void>
  /** What ffmpeg makes of these flags, as bytes; `file` names it and says its format by its ending. */
  readonly made: (flags: readonly string[], file: string) => Promise<Buffer>
  /** Where ffmpeg finds what `made` has made under this name. */
  readonly pathOfPart: (file: string) => string
  readonly close: () => Promise<void>
}

/** Writes an input into the workshop's folder under this name. */
export type Recipe = (workshop: Workshop, file: string) => Promise<void>

/** Opens a workshop on a folder; whatever is made in passing lies in `.parts` until it is closed. */
export async function openWorkshop(folder: string): Promise<Workshop> {
  const parts = join(folder, '.parts')
  await mkdir(parts, { recursive: true })
  const ready = new Map<string, Promise<Buffer>>()
  const ffmpegInto = async (flags: readonly string[], path: string): Promise<void> => {
    await run('ffmpeg', ['-y', '-v', 'error', '-nostdin', '-bitexact', '-threads', '1', ...flags, path])
  }
  return {
    ffmpeg: (flags, file) => ffmpegInto(flags, join(folder, file)),
    read: (file) => readFile(join(folder, file)),
    write: (file, bytes) => writeFile(join(folder, file), bytes),
    made: (flags, file) => {
      const path = join(parts, file)
      const bytes = ready.get(file) ?? ffmpegInto(flags, path).then(() => readFile(path))
      ready.set(file, bytes)
      return bytes
    },
    pathOfPart: (file) => join(parts, file),
    close: () => rm(parts, { recursive: true, force: true }),
  }
}

/** An input that ffmpeg writes as it is. */
export function byFfmpeg(...flags: readonly string[]): Recipe {
  return (workshop, file) => workshop.ffmpeg(flags, file)
}

/** An input whose bytes are put together or changed by hand. */
export function byHand(bytesOf: (workshop: Workshop) => Buffer | Promise<Buffer>): Recipe {
  return async (workshop, file) => workshop.write(file, await bytesOf(workshop))
}

/** One of the samples that ffmpeg cannot make. */
export function sample(name: string): Recipe {
  return byHand(() => readFile(new URL(`samples/${name}`, import.meta.url)))
}
