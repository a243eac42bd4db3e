import t from 'tap'
import type { Account } from '../../support/generated/account.ts'
import { differencesOf, undeclaredDamage, unsaid, wronglySaid } from '../../support/generated/judge.ts'
import { codeSide, drawPicture, readPicture } from '../../support/generated/picture-code.ts'
import { tonesIn } from '../../support/generated/tones.ts'

const shown = (lateMs: number, corners = 'ABCD') =>
  Array.from({ length: 20 }, (_, number) => ({ atMs: number * 40 + lateMs, number, corners }))
const recorded: Account = {
  pictures: [{ shown: shown(0), endMs: 800, aspect: 4 / 3, frameMs: 40 }],
  tones: new Map([[500, [[{ fromMs: 100, toMs: 400 }]]]]),
}

function watched(changes: { lateMs?: number; corners?: string; aspect?: number; tone?: [number, number][] }): Account {
  const { lateMs = 0, corners = 'ABCD', aspect = 4 / 3, tone = [[100, 400]] } = changes
  const spans = tone.map(([fromMs, toMs]) => ({ fromMs, toMs }))
  return {
    pictures: [{ shown: shown(lateMs, corners), endMs: 800 + lateMs, aspect, frameMs: 40 }],
    tones: new Map([[500, [[], spans]]]),
  }
}

t.test('what is watched as it was recorded has no differences; each kind of mistake is one', async (t) => {
  const mistakes = (changes: Parameters<typeof watched>[0]) => differencesOf(recorded, watched(changes), false)
  t.same(mistakes({}), [])
  t.same(mistakes({ lateMs: 39, tone: [[140, 440]] }), [], 'within 40 ms')
  t.match(mistakes({ lateMs: 130 }).at(-1), { kind: 'picture', text: /at \d+ ms \d+ ABCD instead of/ })
  t.match(mistakes({ corners: 'CADB' })[0], { kind: 'picture', text: /CADB instead of .* ABCD/ })
  t.match(mistakes({ aspect: 3 / 4 })[0], { kind: 'picture', text: /shape/ })
  t.match(mistakes({ tone: [] })[0], { kind: 'sound', text: /500 Hz 100-400 is not heard/ })
  t.match(mistakes({ tone: [[170, 470]] }), [{ text: /is not heard/ }, { text: /was not recorded/ }])
  t.match(
    mistakes({
      tone: [
        [100, 400],
        [600, 700],
      ],
    }),
    [{ text: /500 Hz 600-700 is heard and was not recorded/ }],
  )
  t.match(differencesOf(recorded, { pictures: [], tones: new Map() }, true), [{ kind: 'sound' }, { text: /not shown/ }])
})

t.test('what is said explains what is near and of its kind, and nothing else', async (t) => {
  const wrong = differencesOf(recorded, watched({ tone: [] }), false)
  t.same(unsaid(wrong, { differences: [{ what: 'sound_missing', fromMs: 0, toMs: 500 }] }), [])
  t.same(unsaid(wrong, { differences: [{ what: 'damaged' }] }), [])
  t.equal(unsaid(wrong, {}).length, 1)
  t.equal(unsaid(wrong, { differences: [{ what: 'sound_missing', fromMs: 2000, toMs: 3000 }] }).length, 1)
  t.equal(unsaid(wrong, { differences: [{ what: 'not_upright' }] }).length, 1)
  t.equal(unsaid(wrong, { holes: [{ track: 0, fromMs: 0, toMs: 800, why: 'missing' }] }).length, 1)
})

t.test('a stream that is not shown, and a track that is damaged, explain nothing of another stream', async (t) => {
  const tracks = [
    { track: 0, kind: 'video' as const, streams: [0], durationMs: 800 },
    { track: 1, kind: 'audio' as const, streams: [1], durationMs: 800 },
  ]
  const streams = { ...recorded, streamOfTone: new Map([[500, 1]]) }
  const wrong = differencesOf(streams, watched({ tone: [] }), true)
  const unsaidOf = (said: Parameters<typeof unsaid>[1]) => unsaid(wrong, { tracks, ...said }).length
  t.equal(unsaidOf({ notShown: [{ stream: 1, why: 'undecodable' }] }), 0)
  t.equal(unsaidOf({ notShown: [{ stream: 0, why: 'undecodable' }] }), 1)
  t.equal(unsaidOf({ differences: [{ what: 'damaged', track: 1 }] }), 0)
  t.equal(unsaidOf({ differences: [{ what: 'damaged', track: 0 }] }), 1)
})

t.test('pictures that the decoder made up have to be called damaged', async (t) => {
  const [picture] = recorded.pictures
  const smeared = { ...recorded, pictures: [{ ...picture!, stream: 0, isConcealed: true }] }
  const tracks = [{ track: 0, kind: 'video' as const, streams: [0, 1], durationMs: 800 }]
  t.match(undeclaredDamage(smeared, { tracks }), [/stream 0 has damaged pictures/])
  t.equal(undeclaredDamage(smeared, { tracks, differences: [{ what: 'sound_differs', track: 0 }] }).length, 1)
  t.same(undeclaredDamage(smeared, { tracks, differences: [{ what: 'damaged', track: 0 }] }), [])
  t.same(undeclaredDamage(smeared, { tracks, notShown: [{ stream: 0, why: 'undecodable' }] }), [])
  t.same(undeclaredDamage(recorded, { tracks }), [])
})

t.test('of a whole recording nothing may be said, but where it has no picture', async (t) => {
  const hole = (fromMs: number, toMs: number) => ({ holes: [{ track: 0, fromMs, toMs, why: 'missing' as const }] })
  t.same(wronglySaid(recorded, 2000, hole(800, 2000)), [])
  t.match(wronglySaid(recorded, 2000, hole(300, 500)), [/said without cause/])
  t.match(wronglySaid(recorded, 2000, { differences: [{ what: 'damaged' }] }), [/said without cause/])
})

t.test('a picture says its number and which way up it is', async (t) => {
  const square = { width: codeSide, height: codeSide }
  for (const number of [0, 1, 77, 128, 255]) {
    const drawn = drawPicture(square, number)
    const turned = Buffer.from(
      drawn.map((_, at) => drawn[(codeSide - 1 - (at % codeSide)) * codeSide + Math.floor(at / codeSide)]!),
    )
    t.same(readPicture(drawn), { number, corners: 'ABCD' })
    t.same(readPicture(turned), { number, corners: 'CADB' })
  }
  t.equal(readPicture(Buffer.alloc(codeSide * codeSide, 128)), null)
})

t.test('a tone is found where it sounds, and not in what is more than a tone', async (t) => {
  const rate = 16_000
  const sine = (hertz: number) => (at: number) => 0.25 * Math.sin((2 * Math.PI * hertz * at) / rate)
  const sound = (...tones: number[]) =>
    Float32Array.from({ length: rate }, (_, at) =>
      at >= rate / 4 && at < rate / 2 ? tones.reduce((sum, hertz) => sum + sine(hertz)(at), 0) : 0,
    )
  const [span] = tonesIn([{ atMs: 1000, samples: sound(700) }], rate, [500, 700]).get(700)!
  t.ok(Math.abs(span!.fromMs - 1250) < 12 && Math.abs(span!.toMs - 1500) < 12, JSON.stringify(span))
  t.same([...tonesIn([{ atMs: 0, samples: sound(500, 900) }], rate, [500, 900]).keys()], [])
})
