import t from 'tap'
import { findGaps, type GapContext, type TimedFile } from '../../../services/dock/gaps/find.ts'
import { ownProfiles, readProfiles } from '../../../services/dock/profiles/read-profiles.ts'
import { counterOf, readName } from '../../../services/dock/profiles/seen-name.ts'

const builtIn = await readProfiles([ownProfiles])
const minuteMs = 60_000
const at = Date.parse('2026-11-26T06:00:00Z')
const context: GapContext = {
  runningMax: null,
  lastRunningNumber: null,
  batteryPercent: 80,
  freePercent: 60,
  clockOffsetMs: 500,
  clockErrorMaxMs: 60_000,
}

/** Recordings of a recorder in +08:00: minutes of begin and end after 14:00, running number. */
function files(zoneShiftMs: number, ...lines: [number, number, number | null][]): TimedFile[] {
  return lines.map(([from, to, runningNumber], number) => ({
    number,
    name: Buffer.from(`${number}.MP4`),
    deviceTime: new Date(at + from * minuteMs + 8 * 3_600_000).toISOString().replace('.000Z', '+08:00'),
    modifiedMs: at + to * minuteMs + zoneShiftMs,
    runningNumber,
    counter: null,
  }))
}

t.test('a break within one act is a gap; a change of segment and another act are none', async (t) => {
  const lines: [number, number, null][] = [
    [0, 10, null],
    [10, 20, null],
    [26, 30, null],
    [120, 125, null],
  ]
  for (const shift of [0, 8 * 3_600_000]) {
    const gaps = findGaps(files(shift, ...lines), context)
    t.match(gaps, [{ kind: 'time', beforeNumber: 1, afterNumber: 2, lengthMs: 6 * minuteMs, proposed: null }])
    t.equal(gaps.length, 1, `with times of change ${shift} ms off`)
  }
})

t.test('missing running numbers, over the end of the counter and since the hand-in before', async (t) => {
  const found = (last: number | null, ...numbers: number[]) =>
    findGaps(
      files(0, ...numbers.map((number, place): [number, number, number] => [place * 60, place * 60 + 1, number])),
      { ...context, lastRunningNumber: last },
    ).map(({ beforeNumber, afterNumber, missingNumbers }) => [beforeNumber, afterNumber, missingNumbers])
  t.same(found(null, 3, 4, 7), [[1, 2, 2]])
  t.same(found(1, 2, 3), [])
  t.same(found(1, 4), [[null, 0, 2]])
  t.same(found(null, 9998, 9999, 1, 2), [])
  t.same(found(null, 9999, 3), [[0, 1, 2]])
  t.same(found(null, 5, 5, 4), [], 'the same number, or one before, is none missing')
})

t.test('the reason is proposed from battery, space and clock', async (t) => {
  const broken = files(0, [0, 5, null], [10, 12, null])
  const reasonOf = (change: Partial<GapContext>) => findGaps(broken, { ...context, ...change })[0]?.proposed
  t.same(reasonOf({ batteryPercent: 4 }), { reason: 'battery', because: 'battery', value: 4 })
  t.same(reasonOf({ freePercent: 1.26 }), { reason: 'storage_full', because: 'storage', value: 1 })
  t.same(reasonOf({ clockOffsetMs: -90_000 }), { reason: 'clock', because: 'clock', value: -90 })
  t.equal(reasonOf({}), null)
})

t.test('files without a time or a number have no gaps, and a day that no calendar has does no harm', async (t) => {
  const odd = [
    { number: 0, name: Buffer.from('a'), deviceTime: null, modifiedMs: null, runningNumber: null, counter: null },
    {
      number: 1,
      name: Buffer.from('b'),
      deviceTime: '2026-02-30T25:61:00+08:00',
      modifiedMs: at,
      runningNumber: null,
      counter: null,
    },
  ]
  t.same(findGaps(odd, context), [])
  t.same(findGaps([], context), [])
})

t.test('photographs make no gap, and the counter of a profile counts', async (t) => {
  const photographs = files(0, [0, 0, null], [6, 6, null]).map((file) => ({ ...file, name: Buffer.from('A.JPG') }))
  t.same(findGaps(photographs, context), [])
  const wrapped = files(0, [0, 1, 998], [60, 61, 999], [120, 121, 1])
  t.same(findGaps(wrapped, { ...context, runningMax: 999 }), [])
})

t.test('only numbers of one counter say that something is missing', async (t) => {
  const found = (names: readonly string[], last: number | null = null) => {
    const profile = builtIn.find(({ name }) => name === (names[0]!.startsWith('ZJ') ? 'recorder-zfy' : 'camera-dcim'))!
    const seen = names.map((name, number): TimedFile => {
      const path = Buffer.from(`DCIM/${name}`)
      const { deviceTime, fields } = readName(profile, path)
      const runningNumber = fields?.runningNumber ?? null
      const times = { deviceTime, modifiedMs: at + number * 3_600_000 }
      return { number, name: Buffer.from(name), runningNumber, counter: counterOf(profile, path), ...times }
    })
    return findGaps(seen, { ...context, lastRunningNumber: last }).map((gap) => [gap.afterNumber, gap.missingNumbers])
  }
  t.same(found(['MVI_0001.MP4', 'IMG_0002.JPG', 'MVI_0003.MP4']), [], 'a number alone: one counter for both')
  t.same(found(['MVI_0001.MP4', 'IMG_0004.JPG']), [[1, 2]], 'which photographs of it show to be missing too')
  t.same(found(['C0001.MP4', 'DSC00007.JPG', 'C0002.MP4', 'C0004.MP4']), [[3, 1]], 'another name is another counter')
  t.same(found(['DSC00007.JPG', 'DSC00009.JPG']), [], 'of photographs alone nothing is missing')

  const named = (minute: number, running: number, suffix = 'MP4') =>
    `ZJ00012_100245_2026112614${minute}00_${String(running).padStart(4, '0')}.${suffix}`
  t.same(found([named(10, 5), named(11, 6, 'JPG'), named(12, 7)]), [], 'they go up together')
  t.same(found([named(10, 5), named(11, 6, 'JPG'), named(12, 9)]), [[2, 2]])
  const apart = [named(10, 55), named(11, 56, 'JPG'), named(12, 56), named(13, 57, 'JPG'), named(14, 58)]
  t.same(found(apart), [[4, 1]], 'their own numbers fill nothing')
  t.same(found([named(10, 55), named(11, 3, 'JPG'), named(12, 56), named(13, 60, 'JPG')], 54), [], 'and make nothing')
})
