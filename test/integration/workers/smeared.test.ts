// Pictures whose data is damaged between key frames: a decoder conceals that and shows smears. It is said all the same.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { openWorld, type World } from '../../support/world.ts'
import { ffmpeg } from './check/renditions.ts'
import { never, worldHandlers } from './handlers.ts'
import { detailsOf, sealRecording } from './sealed.ts'

t.setTimeout(240_000)
const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'custody-smeared-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const coders = {
  h264: ['libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
  mpeg4: ['mpeg4', '-q:v', '4'],
} as const

async function film(codec: keyof typeof coders): Promise<string> {
  const path = join(folder, `${codec}.mp4`)
  const scene = 'testsrc2=s=160x120:r=25:d=4,noise=alls=8:allf=t'
  await ffmpeg(['-f', 'lavfi', '-i', scene, '-c:v', ...coders[codec], '-g', '50', path])
  return path
}

/** Fills the second half of some pictures between key frames with noise. */
async function smeared(path: string): Promise<string> {
  const entries = ['-show_entries', 'packet=pos,size,flags', '-of', 'json']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, path])
  const { packets } = JSON.parse(stdout) as { packets: { pos: string; size: string; flags: string }[] }
  const bytes = await readFile(path)
  const random = seededRandom(7)
  for (const { pos, size, flags } of packets.slice(20, 30)) {
    if (flags.startsWith('K')) continue
    const end = Number(pos) + Number(size)
    for (let at = Number(pos) + Number(size) / 2; at < end; at++) bytes[Math.floor(at)] = 1 + Math.floor(random() * 254)
  }
  const damaged = path.replace('.mp4', '-smeared.mp4')
  await writeFile(damaged, bytes)
  return damaged
}

async function readyOf(
  { world, transcode }: { world: World; transcode: Awaited<ReturnType<typeof worldHandlers>>['transcode'] },
  path: string,
) {
  const sealed = await sealRecording(world, path)
  await transcode(sealed.jobs.transcode, never)
  const [ready] = await detailsOf(world, sealed.id, 'rendition.ready')
  return ready as unknown as DetailsOf<'rendition.ready'>
}

t.test('smeared pictures are said to be damaged, whether they could be copied or not', async (t) => {
  const world = await openWorld(t)
  const { transcode } = await worldHandlers(t, world)
  for (const codec of ['h264', 'mpeg4'] as const) {
    const path = await film(codec)
    const plain = await readyOf({ world, transcode }, path)
    t.same(plain.differences ?? [], [], `plain ${codec}`)
    const ready = await readyOf({ world, transcode }, await smeared(path))
    t.equal(ready.method, 'transcode')
    t.match(ready.differences, [{ what: 'damaged', track: 0 }], `smeared ${codec}`)
    t.equal(ready.durationMs, 4000)
  }
})

t.test('a film that begins between key frames has lost what is before the first, and is not damaged', async (t) => {
  const world = await openWorld(t)
  const { transcode } = await worldHandlers(t, world)
  for (const coder of [coders.h264, ['mpeg2video', '-bf', '2', '-q:v', '4']]) {
    const path = join(folder, 'whole.ts')
    await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=4', '-c:v', ...coder, '-g', '25', path])
    const whole = await readFile(path)
    const packets = Math.floor(whole.length / 188)
    await writeFile(path, whole.subarray(Math.ceil(packets / 6) * 188))
    const ready = await readyOf({ world, transcode }, path)
    t.same(
      ready.differences?.map(({ what }) => what),
      ['begins_between_key_frames'],
      coder[0],
    )
  }
})
