import t from 'tap'
import { packetTally } from '../../../../workers/transcode/inventory/packet-tally.ts'
import type { ListedPacket } from '../../../../workers/transcode/inventory/report-lines.ts'

const frame = 0.04
const block = 0.064

function picture(index: number, replaced: Partial<ListedPacket> = {}): ListedPacket {
  const time = index * frame
  return {
    ...{ stream: 0, isSound: false, pts: time, dts: time, durationSeconds: frame, bytes: 1000 },
    ...{ isKey: index % 25 === 0, isDiscarded: false },
    ...replaced,
  }
}

function sound(start: number, replaced: Partial<ListedPacket> = {}): ListedPacket {
  return {
    ...{ stream: 1, isSound: true, pts: start, dts: start, durationSeconds: block, bytes: 200 },
    ...{ isKey: true, isDiscarded: false },
    ...replaced,
  }
}

function tallied(packets: Iterable<ListedPacket>) {
  const tally = packetTally()
  for (const one of packets) tally.add(one)
  return tally.result()
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

t.test('pictures out of order leave no gap', async (t) => {
  const reordered = range(0, 30).flatMap((group) =>
    [3, 1, 0, 2].map((offset, at) => picture(group * 4 + offset, { dts: (group * 4 + at) * frame - 0.08 })),
  )
  t.match(tallied(reordered), { first: 0, gaps: [], packets: 120, jumpsBack: 0, gapsLeftOut: 0 })
  t.equal(Math.round(tallied(reordered).end! * 1000), 4800)
})

t.test('a stretch without pictures is a gap, rounding is none', async (t) => {
  const found = tallied([...range(0, 50).map((at) => picture(at)), ...range(75, 100).map((at) => picture(at))])
  t.same(found.gaps.map(inMs), [[2000, 3000]])
  t.equal(found.keyFrames, 3)
  t.equal(found.keyFrameDistanceMsMax, 2000)
  const rounded = range(0, 50).map((at) =>
    picture(at, { pts: Math.round((at / 30) * 100) / 100, durationSeconds: 0.03 }),
  )
  t.same(tallied(rounded).gaps, [])
})

t.test('a picture that stands because its packet says so is listed, and is no gap', async (t) => {
  const long = picture(49, { durationSeconds: 51 * frame })
  const found = tallied([...range(0, 49).map((at) => picture(at)), long, picture(100, { durationSeconds: 9 })])
  t.same(found.stands.map(inMs), [
    [1960, 4000],
    [4000, 13_000],
  ])
  t.same(found.gaps, [])
  const slow = range(0, 3000).map((at) => picture(0, { pts: at, dts: at, durationSeconds: at === 2000 ? 40 : 1 }))
  t.same(tallied(slow).stands.map(inMs), [[2_000_000, 2_040_000]], 'of too many the longest are kept')
  t.equal(tallied(slow).standSecondsMin, 1)
  t.equal(found.standSecondsMin, 0.5)
})

t.test('the usual step between pictures is that of the camera, however long pauses between events are', async (t) => {
  const events = [...range(0, 100), ...range(7500, 7650)].map((at) => picture(at))
  t.match(tallied(events), { usualStepMs: 40 })
  const at = (times: number[]) => tallied(times.map((time) => picture(0, { pts: time, dts: time })))
  t.match(at([0, 30, 60, 90]), { usualStepMs: 30_000 }, 'a time-lapse')
  t.match(at(range(0, 300).map((index) => index / 30)), { usualStepMs: 33 })
  t.match(at([5]), { usualStepMs: null })
  t.match(at([5, 5, 5]), { usualStepMs: null })
  const joined = [...range(500, 600), ...range(0, 3)].map((index) => picture(index))
  t.match(tallied(joined), { usualStepMs: 40 })
})

t.test('a packet of sound that is said to last over a pause lasts as long as the others', async (t) => {
  const before = range(0, 125).map((at) => sound(at * block))
  const stretched = sound(125 * block, { durationSeconds: 12 })
  const after = range(0, 100).map((at) => sound(125 * block + 12 + at * block))
  const found = tallied([...before, stretched, ...after])
  t.same(found.gaps.map(inMs), [[8064, 20_000]])
  t.equal(found.driftMs, 11_936)
  const atOnce = tallied([sound(0, { durationSeconds: 12 }), ...range(0, 100).map((at) => sound(12 + at * block))])
  t.same(atOnce.gaps.map(inMs), [[64, 12_000]])
})

t.test('packets of uncompressed sound differ in length and leave no gap', async (t) => {
  const packets = range(0, 200).flatMap((at) => [
    sound(at, { durationSeconds: 0.1, bytes: 3200 }),
    sound(at + 0.1, { durationSeconds: 0.9, bytes: 28_800 }),
  ])
  t.match(tallied(packets), { gaps: [], driftMs: 0 })
})

t.test('two pictures that begin in one packet of a stream have one stamp, and no gap before it', async (t) => {
  const packets = range(0, 50).map((at) => picture(at, at === 20 ? { pts: 21 * frame, dts: 21 * frame } : {}))
  t.same(tallied(packets).gaps, [])
})

t.test('what comes after a step back in time follows at once, alike in all streams', async (t) => {
  const found = tallied([...range(500, 600), ...range(0, 100)].map((at) => picture(at)))
  t.match(found, { jumpsBack: 1, gaps: [], first: 20 })
  t.equal(Math.round(found.end! * 1000), 28_000)
  const steps: number[] = []
  const [pictures, sounds] = [packetTally(steps), packetTally(steps)]
  for (const at of [...range(500, 600), ...range(0, 100)]) pictures.add(picture(at))
  for (const startSeconds of [20, 0]) {
    for (const at of range(0, 50)) sounds.add(sound(startSeconds + at * block))
  }
  t.same(steps.map(Math.round), [24])
  t.equal(Math.round(pictures.result().end! * 1000), 28_000)
  t.equal(Math.round(sounds.result().end! * 1000), 27_200, 'not where its own packets ended')
})

t.test('what a player discards counts for nothing but itself', async (t) => {
  const priming = sound(-block, { isDiscarded: true })
  const found = tallied([priming, ...range(0, 10).map((at) => sound(at * block))])
  t.match(found, { first: 0, packets: 10, discardedPackets: 1, bytes: 2200 })
})

t.test('packets without any time follow each other', async (t) => {
  const found = tallied(range(0, 50).map((at) => picture(at, { pts: null, dts: null })))
  t.equal(Math.round(found.end! * 1000), 2000)
  t.same(found.gaps, [])
})

t.test('packets without a length last as long as the shorter of the steps beside them', async (t) => {
  const at = (...times: number[]) =>
    tallied(times.map((time) => picture(0, { pts: time, dts: time, durationSeconds: null })))
  const tenths = at(0, 0.1, 0.2, 0.3, 0.4)
  t.same([tenths.gaps, Math.round(tenths.end! * 1000)], [[], 500], 'the first one too')
  const paused = at(0, 0.1, 0.2, 0.9, 1)
  t.same(
    [paused.gaps.map(inMs), Math.round(paused.end! * 1000)],
    [[[300, 900]], 1100],
    'what comes after a pause is not as long as it',
  )
  const stopped = at(0, 0.1, 0.2, 0.9)
  t.same([stopped.gaps.map(inMs), Math.round(stopped.end! * 1000)], [[[300, 900]], 1000])
  const slower = at(0, 0.03, 0.06, 0.26, 0.46, 0.66)
  t.same([slower.gaps.map(inMs), Math.round(slower.end! * 1000)], [[[90, 260]], 860], 'a new rate is one pause')
})

t.test('a stream without a key frame says so', async (t) => {
  const found = tallied(range(0, 50).map((at) => picture(at, { isKey: false })))
  t.match(found, { keyFrames: 0, firstKey: null, keyFrameDistanceMsMax: 0, keyFrameSamples: [] })
  t.match(packetTally().result(), { first: null, end: null, packets: 0, keyFrames: 0 })
})

t.test('of a million packets at most ten thousand gaps and 64 key frames are kept', async (t) => {
  const tally = packetTally()
  for (let at = 0; at < 1_000_000; at++) tally.add(picture(at + Math.floor(at / 10) * 5, { isKey: true }))
  const found = tally.result()
  t.equal(found.packets, 1_000_000)
  t.equal(found.gaps.length, 10_000)
  t.equal(found.gapsLeftOut, 99_999 - 10_000)
  t.ok(found.keyFrameSamples.length <= 64 && found.keyFrameSamples.length >= 32)
})

function inMs({ from, to }: { from: number; to: number }): [number, number] {
  return [Math.round(from * 1000), Math.round(to * 1000)]
}
