// A film of clips that were joined without making them anew: at each join times jump a little, and the sound begins anew with
// the packet that its coder warmed up with. All of it is there, so nothing is said of it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { madeAndChecked } from './made-and-checked.ts'
import { ffmpeg } from './renditions.ts'

t.setTimeout(240_000)
const folder = await mkdtemp(join(tmpdir(), 'custody-joined-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

async function joined(clip: { seconds: number; rate: number; sampleRate: number; bFrames: number }): Promise<string> {
  const name = `${clip.seconds}-${clip.bFrames}`
  const path = join(folder, `clip-${name}.mp4`)
  await ffmpeg([
    ...['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=${clip.rate}:d=${clip.seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=${clip.sampleRate}:duration=${clip.seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', String(clip.bFrames)],
    ...['-c:a', 'aac', '-b:a', '64k', path],
  ])
  const film = join(folder, `film-${name}.mp4`)
  await ffmpeg(['-stream_loop', '14', '-i', path, '-c', 'copy', film])
  return film
}

t.test('repacked, with the very packets of its sound', async (t) => {
  const film = await joined({ seconds: 2, rate: 25, sampleRate: 48_000, bFrames: 0 })
  const { differences, lengthMs, isMs } = await madeAndChecked(folder, { path: film, format: 'mov' }, 'remux')
  t.same(differences, [])
  t.ok(Math.abs(lengthMs - isMs) <= 40, `${lengthMs} ms instead of ${isMs}`)
})

t.test('with its sound made anew, which is no longer than it was', async (t) => {
  const film = await joined({ seconds: 1.3, rate: 30, sampleRate: 44_100, bFrames: 2 })
  const { differences, lengthMs, isMs } = await madeAndChecked(folder, { path: film, format: 'mov' }, 'transcode_sound')
  t.same(differences, [])
  t.ok(lengthMs - isMs >= 0 && lengthMs - isMs <= 22, `${lengthMs} ms instead of ${isMs}`)
})

/** Three seconds of a voice as a transport stream that begins at a time. */
async function streamed(startSeconds: number, channels: 1 | 2, sampleRate: number): Promise<string> {
  const path = join(folder, `${startSeconds}-${channels}-${sampleRate}.ts`)
  const voice = Array.from({ length: channels }, () => '0.4*sin(2*PI*440*t)*gt(sin(2*PI*1.7*t)\\,0)').join('|')
  await ffmpeg([
    ...['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=3'],
    ...['-f', 'lavfi', '-i', `aevalsrc=exprs=${voice}:s=${sampleRate}:d=3`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac'],
    ...['-output_ts_offset', String(startSeconds), path],
  ])
  return path
}

for (const [channels, sampleRate] of [
  [1, 44_100],
  [2, 48_000],
  [2, 44_100],
] as const) {
  t.test(`sound of ${channels} channels at ${sampleRate} Hz that goes on with one at 48000 Hz`, async (t) => {
    const parts = [await streamed(10, channels, sampleRate), await streamed(13, 1, 48_000)]
    const path = join(folder, `${channels}-${sampleRate}-changes.ts`)
    await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))))
    const { differences, lengthMs, isMs } = await madeAndChecked(folder, { path, format: 'mpegts' }, 'transcode')
    t.same(differences, [])
    t.ok(Math.abs(lengthMs - isMs) <= 40, `${lengthMs} ms instead of ${isMs}`)
  })
}
