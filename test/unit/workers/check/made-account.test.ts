import t from 'tap'
import { madeAccount, picturesAt, undecoded } from '../../../../workers/transcode/check/made-account.ts'
import {
  everyKeyFrameMsMax,
  type PicturesToDecode,
  picturesToDecode,
} from '../../../../workers/transcode/check/part-to-decode.ts'
import { MediaSourceModel } from '../../../../workers/transcode/fragments/media-source-model.ts'
import type { Segment } from '../../../../workers/transcode/fragments/segmenter.ts'
import { makeSegments } from '../../../../workers/transcode/fragments/segmenter.ts'
import { makeFragmentedFilm, openBytes } from '../../../support/fragmented-film.ts'

const film = await openBytes(await makeFragmentedFilm({ seconds: 8, rate: 10, keyEvery: 10, sampleRate: 48_000 }))
const segments: Segment[] = []
const options = { segmentMs: 4000, segmentMsMax: 60_000, video: { firstMs: 0, isCopied: true }, audio: { firstMs: 0 } }
for await (const segment of makeSegments(film.fragments, film.init, options)) segments.push(segment)

function accountOf(pictures: PicturesToDecode, pieces: readonly Buffer[]) {
  const account = madeAccount(pictures)
  account.add('init', film.initBytes, { startMs: 0, durationMs: 0 })
  const parts = pieces.map((bytes, at) => account.add('segment', bytes, segments[at]!))
  return { account, parts }
}

const bytesOf = segments.map(({ bytes }) => bytes)
const oneASecond = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]

t.test('what is decoded of a film: its key frames, the first of each segment, or all pictures', async (t) => {
  const short = accountOf('key_frames', bytesOf)
  t.same(short.account.keyFramesMs.map(Math.round), oneASecond)
  t.same(short.account.picturesMs, short.account.keyFramesMs)
  const long = accountOf('first', bytesOf)
  t.same(long.account.keyFramesMs.map(Math.round), [0, 4000])
  const whole = accountOf('all', bytesOf)
  t.same(whole.account.keyFramesMs.map(Math.round), oneASecond)
  t.same(
    whole.account.picturesMs.map(Math.round).sort((a, b) => a - b),
    Array.from({ length: 80 }, (_, at) => at * 100),
  )
})

t.test('all pictures of short copied films are decoded, key frames of other films up to ten minutes', async (t) => {
  const common = { stream: 0, width: 160, height: 120, isInterlaced: false, changesSize: false, endMs: 0, fill: null }
  const copied = { ...common, way: 'copy' as const }
  t.equal(picturesToDecode({ lengthMs: 60_000, picture: copied }, 1500), 'all')
  t.equal(picturesToDecode({ lengthMs: 60_000, picture: copied }, 100_000), 'key_frames')
  t.equal(picturesToDecode({ lengthMs: 60_001, picture: copied }, 1500), 'key_frames')
  t.equal(picturesToDecode({ lengthMs: 60_000, picture: { ...common, way: 'encode' } }, 1500), 'key_frames')
  t.equal(picturesToDecode({ lengthMs: everyKeyFrameMsMax, picture: copied }, 15_000), 'key_frames')
  t.equal(picturesToDecode({ lengthMs: everyKeyFrameMsMax + 1, picture: copied }, 15_000), 'first')
})

t.test('of the decoded pictures those are taken that stand at a time', async (t) => {
  const pictures = [120, 0, 40, 80].map((timeMs) => ({ timeMs }))
  t.same(picturesAt([81, 0, 500], pictures), [{ timeMs: 0 }, { timeMs: 80 }])
})

t.test('what is decoded has all sound and the times of the segment itself', async (t) => {
  const { account, parts } = accountOf('key_frames', bytesOf)
  const model = new MediaSourceModel(film.initBytes)
  const tracks = parts.flatMap((part) => model.append(part!))
  const packets = tracks.filter(({ track }) => track.kind === 'audio').flatMap(({ samples }) => samples)
  t.equal(packets.length, account.packets.crcs.length)
  t.ok(parts.every((part, at) => part!.length < bytesOf[at]!.length))
  for (const kind of ['video', 'audio'] as const) {
    const found = model.played().find((track) => track.kind === kind)!
    const { firstMs, endMs, gaps } = account.played(kind)!
    t.match(found, { firstMs, endMs, gaps })
  }
})

t.test('a piece that is no fragment, and a picture whose structure is broken, are damaged', async (t) => {
  const cut = accountOf('key_frames', [bytesOf[0]!, bytesOf[1]!.subarray(0, 500)])
  const { startMs, durationMs } = segments[1]!
  t.same(cut.account.damaged, [{ fromMs: startMs, toMs: startMs + durationMs }])
  t.equal(cut.parts[1], null)
  const broken = Buffer.from(bytesOf[0]!)
  const third = new MediaSourceModel(film.initBytes).append(broken)[0]!.samples[2]!.bytes
  third.fill(0)
  t.same(
    accountOf('key_frames', [broken]).account.damaged.map(({ fromMs }) => Math.round(fromMs)),
    [200],
  )
})

t.test('a key frame that was not decoded leaves a stretch up to the next one', async (t) => {
  t.same(undecoded([0, 1000, 2000, 3000], [0, 1010, 2990], 4000), [{ fromMs: 2000, toMs: 3000 }])
  t.same(undecoded([0, 1000, 2000], [0], 4000), [{ fromMs: 1000, toMs: 4000 }])
  t.same(undecoded([], [], 4000), [])
})
