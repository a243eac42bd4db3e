import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { damageOf, readDecoded, stretchList, withoutDamage } from '../../../workers/transcode/make/decoded.ts'
import { knownDifferences, shorterThanStated } from '../../../workers/transcode/make/known.ts'
import { fileBytesMax } from '../../../workers/transcode/out-file.ts'
import { chooseTracks } from '../../../workers/transcode/plan/choose.ts'
import { soundLogName } from '../../../workers/transcode/plan/commands.ts'
import { planWays } from '../../../workers/transcode/plan/ways.ts'
import { inventoryOf, pictureTrack, soundTrack } from './inventories.ts'

const plansOf = (inventory: ReturnType<typeof inventoryOf>) =>
  planWays(chooseTracks(inventory, new Map())).at(-1)!.tracks

/** The stretches of a whole list. */
function stretchesOf(list: string, pauseMs: number) {
  const stretches = stretchList(pauseMs)
  for (const line of list.split('\n')) stretches.add(line)
  return stretches.result()
}

t.test('a list of what was decoded becomes stretches', async (t) => {
  const lines = [0, 200, 400, 3000, 3200].map((ms) => `0, ${ms}, ${ms}, 200, 256, 0x00000000`)
  const list = `#software: Lavf\n#tb 0: 1/1000\n#media_type 0: video\n${lines.join('\n')}\n`
  t.same(stretchesOf(list, 500), [
    { fromMs: 0, toMs: 600 },
    { fromMs: 3000, toMs: 3400 },
  ])
  t.same(stretchesOf('#tb 0: 1/8000\n0, 0, 8000, 800, 1600, 0x0\n', 500), [{ fromMs: 1000, toMs: 1100 }])
  t.same(stretchesOf('', 500), [])
  t.same(stretchesOf('#tb 0: 1/0\n0, 0, 1, 1, 1, 0x0\n', 500), [], 'a list without a time base says nothing')
})

t.test('the list of forty hours of sound is read in flat memory', async (t) => {
  const directory = t.testdir({ out: {} })
  const path = join(directory, 'out', soundLogName(0))
  const hourMs = 3_600_000
  const [lengthMs, lineMs] = [40 * hourMs, 100]
  const file = createWriteStream(path)
  const lines = function* () {
    yield '#software: Lavf59.27.100\n#tb 0: 1/8000\n#media_type 0: audio\n'
    for (let fromMs = 0; fromMs < lengthMs; fromMs += 6_000 * lineMs) {
      const at = (line: number) => String((fromMs + line * lineMs) * 8).padStart(10)
      yield Array.from(
        { length: 6_000 },
        (_, line) => `0, ${at(line)}, ${at(line)},      800,     1600, 0x8f3a2b1c\n`,
      ).join('')
    }
  }
  await pipeline(Readable.from(lines()), file)
  const { size } = await stat(path)
  t.ok(size > fileBytesMax, `${size} bytes are more than a file that is read whole may have`)
  const inventory = inventoryOf(soundTrack({ stream: 1, endMs: lengthMs, codec: 'pcm_s16le' }))
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5)
  const decoded = await readDecoded(directory, inventory, plansOf(inventory))
  clearInterval(watch)
  t.same([...decoded], [[1, [{ fromMs: 0, toMs: lengthMs }]]])
  t.ok(most - before < size / 2, `${most - before} bytes more than before, to read ${size}`)
})

t.test('a list with more stretches than two days can have is refused', async (t) => {
  const stretches = stretchList(500)
  t.throws(
    () => {
      for (let at = 0; at < 1_000_000; at++) stretches.add(`0, 0, ${at * 1000}, 1, 1, 0x0`)
    },
    { code: 'bad_request', message: /longer than any film/ },
  )
})

t.test('packets without pictures are damage, pauses of the file are none', async (t) => {
  const inventory = inventoryOf(pictureTrack({ gaps: [{ fromMs: 6000, toMs: 8000 }] }))
  const decoded = new Map([
    [
      0,
      [
        { fromMs: 0, toMs: 2000 },
        { fromMs: 4000, toMs: 6000 },
        { fromMs: 8000, toMs: 8900 },
      ],
    ],
  ])
  t.same(damageOf(inventory, decoded), [
    { stream: 0, fromMs: 2000, toMs: 4000 },
    { stream: 0, fromMs: 8900, toMs: 10_000 },
  ])
  t.same(damageOf(inventory, new Map()), [], 'what was copied is not in the lists')
  const joinedLate = inventoryOf(pictureTrack({ firstKeyMs: 2000 }))
  const fromFirstKey = new Map([[0, [{ fromMs: 2000, toMs: 10_000 }]]])
  t.same(damageOf(joinedLate, fromFirstKey), [], 'nobody can decode what comes before the first key frame')
})

t.test('a gap of the file that follows pictures which are not in the list is no damage', async (t) => {
  const inventory = inventoryOf(pictureTrack({ gaps: [{ fromMs: 160, toMs: 640 }] }))
  const from = (fromMs: number) =>
    new Map([
      [
        0,
        [
          { fromMs: 0, toMs: 40 },
          { fromMs, toMs: 10_000 },
        ],
      ],
    ])
  t.same(damageOf(inventory, from(640)), [])
  t.same(damageOf(inventory, from(1200)), [{ stream: 0, fromMs: 40, toMs: 1200 }])
})

t.test('a picture that stands as long as its packet says is no damage, when it was decoded', async (t) => {
  const stands = [
    { fromMs: 2000, toMs: 6000 },
    { fromMs: 7000, toMs: 10_000 },
  ]
  const inventory = inventoryOf(pictureTrack({ stands }))
  const until = (toMs: number) =>
    new Map([
      [
        0,
        [
          { fromMs: 0, toMs },
          { fromMs: 6000, toMs: 7000 },
        ],
      ],
    ])
  t.same(damageOf(inventory, until(1900)), [])
  t.same(damageOf(inventory, until(1400)), [{ stream: 0, fromMs: 1400, toMs: 6000 }], 'the list is silent before it')
  t.same(damageOf(inventory, new Map([[0, [{ fromMs: 0, toMs: 2000 }]]])), [{ stream: 0, fromMs: 6000, toMs: 10_000 }])
})

t.test('two seconds without pictures are damage in a film of events as well, and none in a time-lapse', async (t) => {
  const stands = [{ fromMs: 4000, toMs: 304_000 }]
  const decoded = new Map([
    [
      0,
      [
        { fromMs: 0, toMs: 4000 },
        { fromMs: 304_000, toMs: 306_000 },
        { fromMs: 308_000, toMs: 310_000 },
      ],
    ],
  ])
  const pictures = { endMs: 310_000, stands }
  const events = inventoryOf(pictureTrack(pictures, { rate: 250 / 310 }))
  t.same(damageOf(events, decoded), [{ stream: 0, fromMs: 306_000, toMs: 308_000 }])
  const lapse = inventoryOf(pictureTrack({ ...pictures, usualStepMs: 2000 }, { rate: 0.5 }))
  t.same(damageOf(lapse, decoded), [])
  const unlisted = inventoryOf(pictureTrack({ ...pictures, standMsMin: 2000 }, { rate: 250 / 310 }))
  t.same(damageOf(unlisted, decoded), [], 'too many pictures stand long to list them all')
})

t.test('a film ends where the last of it can be decoded, and holes inside stay where they are', async (t) => {
  const inventory = inventoryOf(pictureTrack(), soundTrack())
  const damage = [
    { stream: 0, fromMs: 3000, toMs: 4000 },
    { stream: 0, fromMs: 8000, toMs: 10_000 },
    { stream: 1, fromMs: 7900, toMs: 10_000 },
  ]
  const known = withoutDamage(inventory, damage)
  t.match(known.tracks, [
    { firstMs: 0, endMs: 8000, gaps: [{ fromMs: 3000, toMs: 4000 }] },
    { firstMs: 0, endMs: 7900, gaps: [] },
  ])
  t.equal(plansOf(known)[0]?.lengthMs, 8000)
  const nothing = withoutDamage(inventory, [{ stream: 0, fromMs: 0, toMs: 10_000 }])
  t.match(chooseTracks(nothing, new Map()), { pictures: [], notShown: [{ stream: 0, why: 'undecodable' }] })
  const { differences, holes } = knownDifferences(inventory, plansOf(inventory), damage)
  t.match(differences, [{ what: 'damaged', track: 0 }])
  t.equal(holes.length, 3)
})

t.test('what the file itself explains is said, and a plain file says nothing', async (t) => {
  const plain = inventoryOf(pictureTrack(), soundTrack())
  t.same(knownDifferences(plain, plansOf(plain), []), { differences: [], holes: [] })
  const [main] = plansOf(plain)
  t.same(shorterThanStated(plain, main, 9990), [])
  t.match(shorterThanStated(plain, main, 4000), [{ what: 'shorter_than_stated', statedMs: 10_000, foundMs: 4000 }])
  t.same(shorterThanStated({ ...plain, statedMs: null }, main, 4000), [])
  const trimmed = inventoryOf(pictureTrack({ trimmedMs: 6000 }))
  t.same(shorterThanStated({ ...trimmed, statedMs: 4000, foundMs: 4000 }, main, 3000), [], 'the edit list explains it')
  t.match(
    shorterThanStated({ ...trimmed, statedMs: 8000, foundMs: 4000 }, main, 4000),
    [{ what: 'shorter_than_stated', statedMs: 8000, foundMs: 4000 }],
    'the edit list does not explain what is cut off',
  )
  const cut = inventoryOf(pictureTrack({ corruptPackets: 1 }), soundTrack())
  t.match(knownDifferences(cut, plansOf(cut), []).differences, [{ what: 'damaged', track: 0 }])
  const shortSamples = { ...inventoryOf(soundTrack({ corruptPackets: 1 })), format: 'wav' }
  t.same(knownDifferences(shortSamples, plansOf(shortSamples), []).differences, [], 'samples end anywhere')
  const odd = inventoryOf(
    pictureTrack(
      { jumpsBack: 1, firstKeyMs: 700 },
      {
        sizes: [
          { width: 1, height: 1 },
          { width: 2, height: 2 },
        ],
      },
    ),
  )
  t.same(
    knownDifferences(odd, plansOf(odd), []).differences.map(({ what }) => what),
    ['clock_jumps', 'begins_between_key_frames', 'size_changes'],
  )
  t.match(knownDifferences(trimmed, plansOf(trimmed), []).differences, [{ what: 'trimmed_by_camera', foundMs: 6000 }])
})
