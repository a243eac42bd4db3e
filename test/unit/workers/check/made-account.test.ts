import t from 'tap'
import { madeAccount, undecoded } from '../../../../workers/transcode/check/made-account.ts'
import { everyKeyFrameMsMax } from '../../../../workers/transcode/check/part-to-decode.ts'
import { MediaSourceModel } from '../../../../workers/transcode/fragments/media-source-model.ts'
import type { Segment } from '../../../../workers/transcode/fragments/segmenter.ts'
import { makeSegments } from '../../../../workers/transcode/fragments/segmenter.ts'
import { makeFragmentedFilm, openBytes } from '../../../support/fragmented-film.ts'

const film = await openBytes(await makeFragmentedFilm({ seconds: 8, rate: 10, keyEvery: 10, sampleRate: 48_000 }))
const segments: Segment[] = []
const options = { segmentMs: 4000, segmentMsMax: 60_000, video: { firstMs: 0, isCopied: true }, audio: { firstMs: 0 } }
for await (const segment of makeSegments(film.fragments, film.init, options)) segments.push(segment)

function accountOf(lengthMs: number, pieces: readonly Buffer[]) {
  const account = madeAccount({ lengthMs })
  account.add('init', film.initBytes, { startMs: 0, durationMs: 0 })
  const parts = pieces.map((bytes, at) => account.add('segment', bytes, segments[at]!))
  return { account, parts }
}

const bytesOf = segments.map(({ bytes }) => bytes)
const oneASecond = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]

t.test('of a short film every key frame is decoded, of a long one the first of each segment', async (t) => {
  const short = accountOf(everyKeyFrameMsMax, bytesOf)
  t.same(short.account.keyFramesMs.map(Math.round), oneASecond)
  const long = accountOf(everyKeyFrameMsMax + 1, bytesOf)
  t.same(long.account.keyFramesMs.map(Math.round), [0, 4000])
})

t.test('what is decoded has all sound and the times of the segment itself', async (t) => {
  const { account, parts } = accountOf(0, bytesOf)
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
  const cut = accountOf(0, [bytesOf[0]!, bytesOf[1]!.subarray(0, 500)])
  const { startMs, durationMs } = segments[1]!
  t.same(cut.account.damaged, [{ fromMs: startMs, toMs: startMs + durationMs }])
  t.equal(cut.parts[1], null)
  const broken = Buffer.from(bytesOf[0]!)
  const third = new MediaSourceModel(film.initBytes).append(broken)[0]!.samples[2]!.bytes
  third.fill(0)
  t.same(
    accountOf(0, [broken]).account.damaged.map(({ fromMs }) => Math.round(fromMs)),
    [200],
  )
})

t.test('a key frame that was not decoded leaves a stretch up to the next one', async (t) => {
  t.same(undecoded([0, 1000, 2000, 3000], [0, 1010, 2990], 4000), [{ fromMs: 2000, toMs: 3000 }])
  t.same(undecoded([0, 1000, 2000], [0], 4000), [{ fromMs: 1000, toMs: 4000 }])
  t.same(undecoded([], [], 4000), [])
})
