import t from 'tap'
import { brokenSamples } from '../../../../workers/transcode/fragments/access-units.ts'
import type { Fragment, TrackSamples } from '../../../../workers/transcode/fragments/read-moof.ts'
import { makeFragmentedFilm, openBytes } from '../../../support/fragmented-film.ts'

const whole = await makeFragmentedFilm({ seconds: 2, rate: 10, keyEvery: 10, bFrames: 2, sampleRate: 16000 })
const video = await firstOf('video')
const audio = await firstOf('audio')

async function fragmentsOf(bytes: Buffer): Promise<Fragment[]> {
  const fragments: Fragment[] = []
  for await (const fragment of (await openBytes(bytes)).fragments) fragments.push(fragment)
  return fragments
}

async function firstOf(kind: 'video' | 'audio'): Promise<TrackSamples> {
  const fragments = await fragmentsOf(whole)
  return fragments.flatMap(({ tracks }) => tracks).find(({ track }) => track.kind === kind)!
}

/** What is said of a track whose sample `index` has other bytes. */
function saidOf(samples: TrackSamples, index: number, change: (bytes: Buffer) => Buffer) {
  const changed = samples.samples.map((sample, at) =>
    at === index ? { ...sample, bytes: change(Buffer.from(sample.bytes)) } : sample,
  )
  return brokenSamples({ ...samples, samples: changed })
}

t.test('nothing is said of whole pictures and packets', async (t) => {
  for (const { tracks } of await fragmentsOf(whole)) for (const track of tracks) t.same(brokenSamples(track), [])
})

t.test('a damaged picture is named with its time', async (t) => {
  const expectedMs = [0, 1, 2, 3].map((index) => {
    const before = video.samples.slice(0, index).reduce((sum, { durationTicks }) => sum + durationTicks, 0)
    return ((before + video.samples[index]!.compositionTicks) * 1000) / video.track.timescale
  })
  const all: [string, number, (bytes: Buffer) => Buffer, RegExp][] = [
    ['never written', 1, (bytes) => bytes.fill(0), /empty part/],
    ['cut', 2, (bytes) => bytes.subarray(0, bytes.length - 20), /breaks off/],
    ['cut inside a length', 2, (bytes) => Buffer.concat([bytes, Buffer.alloc(2)]), /breaks off/],
    ['empty', 3, () => Buffer.alloc(0), /no picture/],
    ['without a slice', 3, () => Buffer.from([0, 0, 0, 2, 9, 16]), /no picture/],
    ['of a reserved type', 1, (bytes) => Buffer.from(bytes.fill(0x76, 4, 5)), /no H\.264/],
    ['with the forbidden bit', 1, (bytes) => Buffer.from(bytes.fill(0xe1, 4, 5)), /no H\.264/],
    ['whose end was never written', 0, (bytes) => bytes.fill(0, bytes.length - 100), /never written/],
    ['with a sector of zeros', 0, (bytes) => bytes.fill(0, bytes.length - 600, bytes.length - 80), /never written/],
  ]
  for (const [name, index, change, reason] of all) {
    const said = saidOf(video, index, change)
    t.match(said, [{ reason }], name)
    t.equal(said.length, 1, name)
    t.ok(Math.abs(said[0]!.atMs - expectedMs[index]!) < 0.01, `${name}: ${said[0]!.atMs} ms`)
  }
})

t.test('a picture that is marked as a key frame and is none is named', async (t) => {
  const samples = video.samples.map((sample) => ({ ...sample, isKey: true }))
  const said = brokenSamples({ ...video, samples })
  t.equal(said.length, samples.length - 1)
  t.match(said[0], { reason: /decoding cannot begin at it/ })
})

t.test("few zeros at a picture's end are no damage", async (t) => {
  const padded = (bytes: Buffer) => {
    const last = Buffer.concat([bytes, Buffer.alloc(8)])
    last.writeUInt32BE(bytes.length + 4, 0)
    return last
  }
  const single = video.samples.findIndex(({ bytes }) => bytes.readUInt32BE(0) === bytes.length - 4)
  t.ok(single >= 0)
  t.same(saidOf(video, single, padded), [])
})

t.test('an empty, zero or too large packet of sound is named, and one of other channels', async (t) => {
  const all: [(bytes: Buffer) => Buffer, RegExp][] = [
    [() => Buffer.alloc(0), /empty/],
    [(bytes) => bytes.fill(0), /zeros/],
    [() => Buffer.alloc(8192, 1), /larger/],
    [(bytes) => bytes.fill((bytes[0]! & 0x1f) | (1 << 5), 0, 1), /another number of channels/],
  ]
  for (const [change, reason] of all) t.match(saidOf(audio, 3, change), [{ atMs: 192, reason }])
})
