import { readFile } from 'node:fs/promises'
import t from 'tap'
import {
  aviOfSize,
  jpegsOfSize,
  matroskaOfTracks,
  matroskaOfWeeks,
  mp4OfTracks,
  mp4OfYears,
  pngOfSize,
} from '../../support/decode-bombs.ts'
import { openWorld } from '../../support/world.ts'
import { type ClipName, clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { startPlaces, startRelay } from './queue.ts'
import { detailsOf, eventsOf, jobRow, sealRecording } from './sealed.ts'

t.setTimeout(480_000)
const world = await openWorld(t)
const clip = await clipMaker(t)
const read = async (name: ClipName): Promise<Buffer> => readFile(await clip(name))
const sizeMax = 65_535

const bombs: { name: string; bytes: () => Promise<Buffer> | Buffer; reason: RegExp }[] = [
  {
    name: 'an MP4 of a million tracks',
    bytes: () => mp4OfTracks(1_000_000),
    reason: /^it holds more than \d+ streams$/,
  },
  {
    name: 'a Matroska file of a million tracks',
    bytes: () => matroskaOfTracks(1_000_000),
    reason: /^it holds more than \d+ streams$/,
  },
  {
    name: 'a JPEG of 65,535 × 65,535',
    bytes: async () => jpegsOfSize(await read('still.jpg'), sizeMax, sizeMax),
    reason: /^its picture is 65535 × 65535 pixels, and at most 120000000 pixels are decoded$/,
  },
  {
    name: 'a PNG of 65,535 × 65,535',
    bytes: async () => pngOfSize(await read('still.png'), sizeMax, sizeMax),
    reason: /^its picture is 65535 × 65535 pixels/,
  },
  {
    name: 'a PNG of 12,000 × 12,000, which would fit into memory',
    bytes: async () => pngOfSize(await read('still.png'), 12_000, 12_000),
    reason: /^its picture is 12000 × 12000 pixels/,
  },
  {
    name: 'a film of one frame a year',
    bytes: async () => mp4OfYears(await read('hourly.mp4'), 4),
    reason: /^it claims to last 35040 hours, and at most 48 are made playable$/,
  },
  {
    name: 'a Matroska film of one frame in three weeks',
    bytes: async () => matroskaOfWeeks(await read('daily.mkv')),
    reason: /^it claims to last 1\d{3} hours, and at most 48 are made playable$/,
  },
]

for (const { name, bytes, reason } of bombs) {
  t.test(`${name} ends by its limit, which its reason names`, async (t) => {
    const sealed = await sealRecording(world, await bytes())
    const { transcode } = await worldHandlers(t, world)
    const begunMs = process.cpuUsage().user
    await transcode(sealed.jobs.transcode, never)
    t.ok(process.cpuUsage().user - begunMs < 10_000_000, 'our own process works for less than 10 s on it')
    const rows = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
    t.match(
      rows.filter(({ state }) => state !== 'abandoned'),
      [{ state: 'not_playable' }],
    )
    t.match(rows.at(-1)?.reason, reason)
    t.match(await jobRow(world, sealed.jobs.transcode), { state: 'done' })
  })
}

t.test('of a film of pictures of 65,535 × 65,535 only the sound is made, and that is said', async (t) => {
  const film = jpegsOfSize(aviOfSize(await read('camera.avi'), sizeMax, sizeMax), sizeMax, sizeMax)
  const sealed = await sealRecording(world, film)
  const { transcode } = await worldHandlers(t, world)
  await transcode(sealed.jobs.transcode, never)
  const [ready] = await detailsOf(world, sealed.id, 'rendition.ready')
  t.match(ready, { renditionKind: 'audio', notShown: [{ stream: 0 }] })
})

t.test('a recording docked after all of them is soon playable', async (t) => {
  for (const { bytes } of bombs) await sealRecording(world, await bytes())
  const ordinary = await sealRecording(world, await clip('silent.mp4'))
  await startPlaces(t, world, { firstTryMs: 60_000 })
  startRelay(t, world)
  await world.until(async () => (await eventsOf(world, ordinary.id))['rendition.ready'] === 1)
})
