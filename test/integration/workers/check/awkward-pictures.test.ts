// Pictures that are awkward to compare: without a container, so that they have no times, or of changing size. Nothing is said
// of what was made rightly of them, and what was not is found all the same.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { TrackCommands } from '../../../../workers/transcode/plan/commands.ts'
import { madeAndChecked } from './made-and-checked.ts'
import { ffmpeg } from './renditions.ts'

t.setTimeout(240_000)
const folder = await mkdtemp(join(tmpdir(), 'custody-awkward-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))

const picture = (size: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds}`]
/** A key frame a second; pictures are stored in another order than shown, some before the key frame that they lead to. */
const bare = {
  hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=25:bframes=4:open-gop=1'],
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '25', '-x264opts', 'open_gop=1'],
  mpegvideo: ['-c:v', 'mpeg2video', '-b:v', '1000k', '-bf', '2', '-g', '25'],
  m4v: ['-c:v', 'mpeg4', '-b:v', '1000k', '-g', '25'],
} as const

async function bareFilm(format: keyof typeof bare): Promise<string> {
  const path = join(folder, format)
  const muxer = format === 'mpegvideo' ? 'mpeg2video' : format
  await ffmpeg([...picture('320x180', 5), ...bare[format], '-pix_fmt', 'yuv420p', '-f', muxer, path])
  return path
}

for (const format of ['hevc', 'h264', 'mpegvideo', 'm4v'] as const) {
  t.test(`bare ${format}`, async (t) => {
    const path = await bareFilm(format)
    const { differences, holes, lengthMs } = await madeAndChecked(folder, { path, format }, 'transcode')
    t.same(differences, [])
    t.same(holes, [])
    t.ok(Math.abs(lengthMs - 5000) <= 40, `${lengthMs} ms`)
  })
}

t.test('bare pictures that are shown a second early are found', async (t) => {
  const path = await bareFilm('hevc')
  const early = (commands: TrackCommands) =>
    withFilter(commands, /setpts=PTS-0\/TB/, 'trim=start=1,setpts=PTS-1/TB,tpad=stop_duration=1:stop_mode=clone')
  const { differences } = await madeAndChecked(folder, { path, format: 'hevc' }, 'transcode', early)
  t.match(
    differences.find(({ what }) => what === 'picture_displaced'),
    { foundMs: 0, statedMs: 1000 },
  )
})

const changes: readonly (readonly [name: string, first: string, then: string])[] = [
  ['to a smaller picture', '320x180', '160x120'],
  ['to a larger picture', '160x120', '320x180'],
  ['from pixels that are wider than high to square ones', '360x288,setsar=64/45', '160x120'],
]

for (const [at, [name, first, then]] of changes.entries()) {
  t.test(`a stream that changes ${name}`, async (t) => {
    const path = join(folder, `changes-${at}.ts`)
    await writeFile(path, Buffer.concat([await part(first, 0, 2), await part(then, 2, 3)]))
    const film = { path, format: 'mpegts' }
    t.same((await madeAndChecked(folder, film, 'transcode')).differences, [])
    const squeezed = await madeAndChecked(folder, film, 'transcode', squeeze)
    t.match(squeezed.differences, [{ what: 'picture_differs' }], 'one that loses its shape is found')
  })
}

/** At 4 s, in the second part, there is a key frame of what is made. */
async function part(size: string, fromSeconds: number, seconds: number): Promise<Buffer> {
  const path = join(folder, 'part.ts')
  const [pixels, shape = 'null'] = size.split(',')
  await ffmpeg([
    ...[...picture(pixels!, seconds), '-vf', shape, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '25'],
    ...['-pix_fmt', 'yuv420p', '-output_ts_offset', String(fromSeconds), '-f', 'mpegts', path],
  ])
  return readFile(path)
}

function squeeze(commands: TrackCommands): TrackCommands {
  return withFilter(commands, /:force_original_aspect_ratio=decrease/, '')
}

function withFilter(commands: TrackCommands, part: RegExp, other: string): TrackCommands {
  const { film } = commands
  const outputFlags = film.outputFlags.map((flag) => flag.replace(part, other))
  if (outputFlags.join() === film.outputFlags.join()) throw new Error(`no flag has ${part}`)
  return { ...commands, film: { ...film, outputFlags } }
}
