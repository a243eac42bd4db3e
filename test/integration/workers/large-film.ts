import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** An original of this size has a preview. */
const emptyBytes = 40 * 1024 * 1024

/** An MP4 of more than 40 MiB, most of it an empty box between film and index, and where that box lies in it. */
export interface LargeFilm {
  readonly bytes: Buffer
  readonly emptyAt: number
}

/** Makes 75 s of film with sound, by these arguments of ffmpeg for its coding. */
export async function makeLargeFilm(directory: string, coding: readonly string[]): Promise<LargeFilm> {
  const path = join(directory, 'film.mp4')
  await run('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10'],
    ...['-f', 'lavfi', '-i', 'sine=f=440:r=48000', '-t', '75', '-pix_fmt', 'yuv420p', ...coding, path],
  ])
  const film = await readFile(path)
  const emptyAt = film.indexOf('moov') - 4
  const empty = Buffer.alloc(emptyBytes)
  empty.writeUInt32BE(emptyBytes, 0)
  empty.write('free', 4, 'latin1')
  return { bytes: Buffer.concat([film.subarray(0, emptyAt), empty, film.subarray(emptyAt)]), emptyAt }
}

export const plainCoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-c:a', 'aac']
