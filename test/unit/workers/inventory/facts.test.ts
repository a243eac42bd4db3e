import t from 'tap'
import { canonicalBytes } from '../../../../services/ledger/format/canonical.ts'
import type { Description } from '../../../../workers/transcode/inventory/described.ts'
import { boundedTags, clocksOf } from '../../../../workers/transcode/inventory/file-tags.ts'
import type { Inventory } from '../../../../workers/transcode/inventory/inventory.ts'
import { inventoryBytes, inventoryBytesMax } from '../../../../workers/transcode/inventory/inventory-bytes.ts'
import { orientationOf } from '../../../../workers/transcode/inventory/orientation.ts'
import { statedMsOf } from '../../../../workers/transcode/inventory/stated-length.ts'
import { summaryOf } from '../../../../workers/transcode/inventory/summary.ts'
import { madeInventory, madeTrack } from '../../../support/inventory.ts'

const one = 65_536
const matrix = (a: number, b: number, c: number, d: number) =>
  `\n00000000: ${a * one} ${b * one} 0\n00000001: ${c * one} ${d * one} 0\n00000002: 0 0 1073741824\n`

t.test('a display matrix turns clockwise, after it was mirrored left to right', async (t) => {
  t.same(orientationOf(matrix(1, 0, 0, 1)), { rotation: 0, isMirrored: false })
  t.same(orientationOf(matrix(0, 1, -1, 0)), { rotation: 90, isMirrored: false })
  t.same(orientationOf(matrix(-1, 0, 0, -1)), { rotation: 180, isMirrored: false })
  t.same(orientationOf(matrix(0, -1, 1, 0)), { rotation: 270, isMirrored: false })
  t.same(orientationOf(matrix(-1, 0, 0, 1)), { rotation: 0, isMirrored: true })
  t.same(orientationOf(matrix(1, 0, 0, -1)), { rotation: 180, isMirrored: true })
  t.same(orientationOf('no matrix'), { rotation: 0, isMirrored: false })
})

t.test("the file's clocks are kept as it says them, its tracks' where they differ", async (t) => {
  const description: Description = {
    chapters: [],
    format: {
      tags: {
        creation_time: '2026-11-23T00:00:00Z',
        'com.apple.quicktime.creationdate': '2026-11-23T08:00:00+0800',
        title: 'a walk',
        'last update': 'never',
      },
    },
    streams: [
      { index: 0, tags: { creation_time: '2026-11-23T00:00:00Z' } },
      { index: 1, tags: { creation_time: '1904-01-01T00:00:00Z', timecode: '10:00:00:00' } },
    ],
  }
  t.same(clocksOf(description, { DateTimeOriginal: '2026:11:23 08:00:00', Model: 'X' }), {
    creation_time: '2026-11-23T00:00:00Z',
    'com.apple.quicktime.creationdate': '2026-11-23T08:00:00+0800',
    DateTimeOriginal: '2026:11:23 08:00:00',
    'creation_time of track 1': '1904-01-01T00:00:00Z',
    'timecode of track 1': '10:00:00:00',
  })
})

t.test('tags beyond their limits are cut, and it is said', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`tag ${at}`, 'x']))
  const found = boundedTags({ ...many }, 'the file')
  t.equal(Object.keys(found.tags).length, 200)
  t.match(found.leftOut, [/^100 tags of the file/])
  const long = boundedTags({ comment: `${'x'.repeat(999)}\u{1f600}` }, 'track 3')
  t.equal(long.tags.comment!.isWellFormed(), true)
  t.match(long.leftOut, [/track 3 is longer than 1000 characters/])
})

/** As large as the limits of everything in it allow. */
function largest(): Inventory {
  const text = '录'.repeat(1000)
  const gaps = Array.from({ length: 10_000 }, (_, at) => ({ fromMs: 1e9 + at * 100, toMs: 1e9 + at * 100 + 50 }))
  const tags = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${at}${text}`.slice(0, 1000), text]))
  const picture = {
    ...{ width: 65_535, height: 65_535, sizes: [], rotation: 270, isMirrored: true, pixelAspect: 1.333333 },
    ...{ isInterlaced: true, pixelFormat: 'yuv420p', rate: 29.97003 },
  }
  const tracks = Array.from({ length: 64 }, (_, stream) =>
    madeTrack({ stream, kind: 'attached_picture', codec: 'x'.repeat(40), gaps, tags, picture, packets: 20_000_000 }),
  )
  return madeInventory({ tracks, clocks: tags, tags, leftOut: Array(200).fill(text) })
}

t.test('the summary of the largest inventory fits an event and says what it leaves out', async (t) => {
  const summary = summaryOf(largest())
  t.ok(canonicalBytes(summary).length <= 14 * 1024, `${canonicalBytes(summary).length} bytes`)
  t.equal(summary.tracks.length, 32)
  t.match(summary, { tracksInAll: 64, gapsInAll: 640_000, clocksInAll: 200, leftOutInAll: 200 })
  const many = madeInventory({ tracks: Array.from({ length: 64 }, (_, stream) => madeTrack({ stream })) })
  t.equal(summaryOf(many).tracks.length, 64)
  t.same(summaryOf(madeInventory()).clocks, [{ name: 'creation_time', value: '2026-11-23T00:00:00.000000Z' }])
})

t.test('the largest inventory is cut to 4 MiB, and says so', async (t) => {
  const bytes = inventoryBytes(largest())
  t.ok(bytes.length <= inventoryBytesMax, `${bytes.length} bytes`)
  const kept = JSON.parse(Buffer.from(bytes).toString()) as Inventory
  t.equal(kept.tracks.length, 64)
  t.match(kept.leftOut.at(-1), /would be larger than 4 MiB/)
  const gaps = Array.from({ length: 10_000 }, (_, at) => ({ fromMs: at * 100, toMs: at * 100 + 50 }))
  const stands = gaps.slice(0, 1000)
  const onlyGaps = madeInventory({
    tracks: Array.from({ length: 64 }, (_, stream) => madeTrack({ stream, gaps, stands })),
  })
  const cut = JSON.parse(Buffer.from(inventoryBytes(onlyGaps)).toString()) as Inventory
  t.match(cut.leftOut, [/gaps beyond the first 200/])
  t.equal(cut.tracks[63]!.gaps.length, 200)
  t.equal(cut.tracks[63]!.stands.length, 200)
})

t.test('a length that counts from time stamp 0 is told from the first picture on', async (t) => {
  const duration = (seconds: string) => ({ format: { duration: seconds }, streams: [] })
  t.equal(statedMsOf('flv', duration('1.9'), 0.5), 1400)
  t.equal(statedMsOf('matroska', duration('10'), 0), 10_000)
  t.equal(statedMsOf('matroska', duration('10'), -0.02), 10_000)
  t.equal(statedMsOf('mov', duration('10'), 0.5), 10_000)
  t.equal(statedMsOf('flv', duration('0.0'), 0), null)
  t.equal(statedMsOf('mpegts', duration('10'), 1.4), null, 'nothing is stated')
})
