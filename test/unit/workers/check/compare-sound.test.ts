import t from 'tap'
import { compareSound } from '../../../../workers/transcode/check/compare-sound.ts'
import { binMs, type Envelope, quietDb } from '../../../../workers/transcode/check/envelope.ts'

const seconds = 20
const bins = (seconds * 1000) / binMs
const scope = { channels: [1], endMs: seconds * 1000 }

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Words of 0.1 to 0.6 s at changing loudness, with pauses between them. */
function speech(seed: number): Float32Array {
  const random = randomOf(seed)
  const levels = new Float32Array(bins).fill(-62)
  for (let at = 0; at < bins; ) {
    const word = 5 + Math.floor(random() * 25)
    levels.fill(-35 + random() * 25, at, at + word)
    at += word + 3 + Math.floor(random() * 20)
  }
  return levels
}

const envelope = (...channels: Float32Array[]): Envelope => ({ startMs: 0, channels })
const shifted = (levels: Float32Array, byMs: number): Float32Array =>
  levels.map((_, bin) => levels[bin - byMs / binMs] ?? quietDb)
const changed = (levels: Float32Array, fromMs: number, toMs: number, level: (old: number) => number): Float32Array =>
  levels.map((old, bin) => (bin * binMs >= fromMs && bin * binMs < toMs ? level(old) : old))

t.test('what differs as codecs differ is the same', async (t) => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomOf(seed + 1000)
    const source = speech(seed)
    const made = shifted(source, [0, 20, -20, 40, -40][seed % 5]!).map((level) => level + random() * 6 - 3)
    t.same(compareSound(envelope(source), envelope(made), scope), [], `seed ${seed}`)
  }
})

t.test('what lies below the floor, in the last frame or beyond the end is not compared', async (t) => {
  const source = new Float32Array(bins).fill(-58)
  t.same(compareSound(envelope(source), envelope(new Float32Array(bins).fill(quietDb)), scope), [])
  const loudAtTheEnd = changed(source, 19_960, 20_000, () => -10)
  t.same(compareSound(envelope(loudAtTheEnd), envelope(source), scope), [])
  t.same(compareSound(envelope(speech(3)), envelope(), { channels: [1], endMs: 0 }), [])
})

t.test('a word that is not there is missing, on its channel and at its time', async (t) => {
  const [left, right] = [speech(5), changed(speech(6), 8000, 8300, () => -12)]
  const made = changed(right, 8000, 8300, () => quietDb)
  const found = compareSound(envelope(left, right), envelope(left, made), { ...scope, channels: [3, 4] })
  t.match(found, [{ what: 'sound_missing', channel: 4 }])
  t.ok(found[0]!.fromMs! >= 8000 && found[0]!.toMs! <= 8300)
  t.ok(found[0]!.toMs! - found[0]!.fromMs! >= 160)
})

t.test('a channel that is missing, swapped or not made at all', async (t) => {
  const [left, right] = [speech(7), speech(8)]
  const both = { ...scope, channels: [1, 2] }
  const silent = new Float32Array(bins).fill(quietDb)
  const without = compareSound(envelope(left, right), envelope(left, silent), both)
  t.ok(without.length > 0)
  t.ok(without.every(({ what, channel }) => what === 'sound_missing' && channel === 2))
  t.same(compareSound(envelope(left, right), envelope(left), both), without)
  const swapped = compareSound(envelope(left, right), envelope(right, left), both)
  t.same([...new Set(swapped.map(({ channel }) => channel))], [1, 2])
})

t.test('another loudness, and sound where the source is silent, differ', async (t) => {
  const source = speech(9).map((level) => Math.max(-40, level))
  const quieter = compareSound(envelope(source), envelope(source.map((level) => level - 12)), scope)
  t.match(quieter, [{ what: 'sound_differs', channel: 1 }])
  const pause = changed(source, 5000, 5500, () => quietDb)
  const filled = compareSound(envelope(pause), envelope(changed(source, 5000, 5500, () => -20)), scope)
  t.match(filled, [{ what: 'sound_differs', channel: 1 }])
})

t.test('sound that comes too early or too late is displaced by so much, and not missing', async (t) => {
  for (const byMs of [80, -80, 300, -1000, 1900]) {
    const source = speech(11)
    const found = compareSound(envelope(source), envelope(shifted(source, byMs)), scope)
    const [displaced] = found.filter(({ what }) => what === 'sound_displaced')
    t.match(displaced, { fromMs: 0 }, `${byMs} ms`)
    t.ok(Math.abs(displaced!.foundMs! - displaced!.statedMs! - byMs) <= binMs)
    t.ok(displaced!.toMs! >= 19_900)
    const inside = found.filter(({ what, fromMs }) => what !== 'sound_displaced' && fromMs! > 2000 && fromMs! < 17_900)
    t.same(inside, [], 'the lag explains the rest')
  }
})

t.test('sound that is displaced from some time on is so from there', async (t) => {
  const source = speech(12)
  const late = shifted(source, 400)
  const made = source.map((level, bin) => (bin < bins / 2 ? level : late[bin]!))
  const found = compareSound(envelope(source), envelope(made), scope)
  t.match(
    found.filter(({ what }) => what === 'sound_displaced'),
    [{ fromMs: 10_000, statedMs: 10_000, foundMs: 10_400 }],
  )
})

t.test('a rendition whose sound begins later than the recording is laid where it begins', async (t) => {
  const source = changed(speech(13), 0, 2000, () => quietDb)
  const made = { startMs: 2000, channels: [source.slice(2000 / binMs)] }
  t.same(compareSound(envelope(source), made, scope), [])
  t.match(compareSound(envelope(source), { ...made, startMs: 0 }, scope)[0], {
    what: 'sound_displaced',
    foundMs: -2000,
  })
})

t.test('many differences of one kind are told as a few', async (t) => {
  const long = 600_000 / binMs
  const source = new Float32Array(long).fill(-20)
  const made = source.map((level, bin) => (bin % 100 < 20 ? quietDb : level))
  const found = compareSound(envelope(source), envelope(made), { channels: [1], endMs: 600_000 })
  t.ok(found.length > 0 && found.length <= 16)
})
