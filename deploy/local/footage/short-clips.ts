// Film of a second for the many devices of a shift end, of which nobody watches more than that it is there: each burnt in
// with its device, so that no two have the same bytes.

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Fault } from '../../../services/foundation/errors.ts'

export interface ShortClip {
  readonly path: string
  /** Burnt in; no other clip has it. Letters, digits and blanks. */
  readonly words: string
  /** How large the file becomes at least: a box of random bytes follows the film, which players pass over. */
  readonly bytesMin?: number
}

const run = promisify(execFile)
const boxHeadBytes = 8

/** @throws not_ready when ffmpeg is missing or cannot write it */
export async function makeShortClips(
  clips: readonly ShortClip[],
  font: string,
  onMade: (count: number) => void,
): Promise<void> {
  const waiting = clips.values()
  let made = 0
  const work = async () => {
    for (const clip of waiting) {
      await makeShortClip(clip, font)
      made += 1
      onMade(made)
    }
  }
  await Promise.all([work(), work()])
}

async function makeShortClip({ path, words, bytesMin = 0 }: ShortClip, font: string): Promise<void> {
  const text = `drawtext=fontfile=${font}:text='${words}':fontsize=24:fontcolor=white:x=12:y=h/2:box=1:boxcolor=black@0.5`
  const args = [
    ...['-nostdin', '-v', 'error', '-y', '-threads', '1', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=15'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=16000', '-t', '1', '-vf', text],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '32k', path],
  ]
  await run('ffmpeg', args).catch((cause: unknown) => {
    throw new Fault('not_ready', `ffmpeg could not make the film of ${words}`, { cause })
  })
  if (bytesMin > boxHeadBytes) await appendFile(path, freeBox(bytesMin))
}

/** ISO/IEC 14496-12, 8.1.2: what a box of the type `free` holds means nothing. */
function freeBox(bytes: number): Buffer {
  const head = Buffer.alloc(boxHeadBytes)
  head.writeUInt32BE(bytes)
  head.write('free', 4, 'latin1')
  return Buffer.concat([head, randomBytes(bytes - boxHeadBytes)])
}
