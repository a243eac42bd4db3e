import t from 'tap'
import { box } from '../../../../workers/transcode/fragments/boxes.ts'
import { MediaSourceModel } from '../../../../workers/transcode/fragments/media-source-model.ts'
import { makeFragmentedFilm, type Placed, placeFilm } from '../../../support/fragmented-film.ts'

const film = await makeFragmentedFilm({ seconds: 6, rate: 25, bFrames: 2, sampleRate: 48000 })
const placed = await placeFilm(film, { segmentMs: 1000 })

/** A copy of a segment whose track `index` begins later. */
function later(bytes: Buffer, index: 0 | 1, ticks: number): Buffer {
  const moved = Buffer.from(bytes)
  const at = index === 0 ? moved.indexOf('tfdt') : moved.lastIndexOf('tfdt', moved.indexOf('mdat'))
  moved.writeBigUInt64BE(moved.readBigUInt64BE(at + 8) + BigInt(ticks), at + 8)
  return moved
}

function playedOf({ init }: Placed, segments: readonly Buffer[]) {
  const model = new MediaSourceModel(init)
  for (const segment of segments) model.append(segment)
  const [video, audio] = model.played()
  return { video: video!, audio: audio! }
}

const plain = placed.segments.map(({ bytes }) => bytes)

t.test('a missing segment is a gap of both tracks', async (t) => {
  const { video, audio } = playedOf(placed, [plain[0]!, plain[2]!])
  t.match(video.gaps, [{ fromMs: 1000, toMs: 2000 }])
  t.equal(audio.gaps.length, 1)
  t.ok(Math.abs(audio.gaps[0]!.toMs - audio.gaps[0]!.fromMs - 1000) < 22)
})

t.test('a segment that lies too late or too early is a gap or an overlap of its track', async (t) => {
  const gap = playedOf(placed, [plain[0]!, later(plain[1]!, 0, 12_800 / 10)])
  t.match(gap.video.gaps, [{ fromMs: 1000, toMs: 1100 }])
  t.match(gap.audio, { gaps: [], overlaps: [] })
  const overlap = playedOf(placed, [plain[0]!, later(plain[1]!, 1, -4800)])
  t.match(overlap.video, { gaps: [], overlaps: [] })
  t.equal(overlap.audio.overlaps.length, 1)
  t.equal(playedOf(placed, [plain[0]!, plain[0]!]).video.overlaps.length, 1)
})

t.test('sound that is placed a little later with each segment drifts, as it is played end to end', async (t) => {
  const { audio } = playedOf(
    placed,
    plain.map((bytes, index) => later(bytes, 1, index * 960)),
  )
  t.same(audio.gaps, [])
  t.ok(Math.abs(audio.driftMs - 20 * (plain.length - 1)) < 0.1, `${audio.driftMs} ms`)
})

t.test('packets of sound last as long as their coder makes them, whatever the fragment says', async (t) => {
  const [first, second] = plain as [Buffer, Buffer]
  const stretched = Buffer.from(first)
  const trun = stretched.lastIndexOf('trun', stretched.indexOf('mdat'))
  stretched.writeUInt32BE(480_000, trun + 16)
  t.match(playedOf(placed, [stretched, second]).audio, { gaps: [], endMs: placed.segments[1]!.tracks[1]!.endMs })
})

t.test('a segment of another structure is refused', async (t) => {
  const [first] = plain as [Buffer]
  const moofEnd = first.readUInt32BE(0)
  const longer = Buffer.concat([first.subarray(0, moofEnd), box('mdat', first.subarray(moofEnd + 8), Buffer.alloc(4))])
  const wrong: [string, Buffer][] = [
    ['empty', Buffer.alloc(0)],
    ['cut', first.subarray(0, first.length - 1)],
    ['without data', first.subarray(0, moofEnd)],
    ['with more boxes', Buffer.concat([first, box('free')])],
    ['with bytes of no sample', longer],
    ['an init section', placed.init],
  ]
  for (const [name, bytes] of wrong) t.throws(() => playedOf(placed, [bytes]), { code: 'bad_request' }, name)
  const noKey = Buffer.from(first)
  noKey.writeUInt32BE(0x01010000, noKey.indexOf('trun') + 24)
  t.throws(() => playedOf(placed, [noKey]), { code: 'bad_request', message: /without a key picture/ })
})

t.test('a track that no segment holds is not played', async (t) => {
  t.match(playedOf(placed, []), { video: { firstMs: null, endMs: null }, audio: { firstMs: null, samples: 0 } })
})
