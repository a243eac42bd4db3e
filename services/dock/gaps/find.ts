import type { GapReason } from '../screen/schemas.ts'
import type { FoundGap } from '../spool/records.ts'

/** A file of the device, as far as gaps are concerned. */
export interface TimedFile {
  readonly number: number
  readonly name: Buffer
  /** `2026-11-26T14:03:22+08:00`, or null; a day that no calendar has counts as none. */
  readonly deviceTime: string | null
  /** When it was last written, by the file system; with most recorders the end of the recording. */
  readonly modifiedMs: number | null
  readonly runningNumber: number | null
  /** Which of the device's counters that number is of, by the grammar of its name; null where the device has but one. */
  readonly counter: string | null
}

export interface GapContext {
  /** After which number the device begins again; null: not known. */
  readonly runningMax: number | null
  /** The last number of the device's hand-in before this one. */
  readonly lastRunningNumber: number | null
  readonly batteryPercent: number | null
  readonly freePercent: number | null
  readonly clockOffsetMs: number | null
  readonly clockErrorMaxMs: number
}

type Found = Omit<FoundGap, 'id'>

/** A break within one act: shorter is a recorder changing its segment, longer is another act. */
export const gapMsMin = 60_000
export const gapMsMax = 30 * 60_000
/** Where the device's profile does not say. */
const usualNumbersMax = 9999
/** Photographs are taken in a moment: nobody expects another right after one. */
const stillName = /\.(?:jpe?g|png|heic|dng|bmp|tiff?)$/i
/** More missing numbers than this are another counter, not a gap. */
const missingMax = 500
const fatRoundingMs = 2000
const batteryLowPercent = 15
const spaceLowPercent = 3

/** Breaks in a device's recordings: time within one act that nothing was recorded for, and running numbers that are missing. */
export function findGaps(files: readonly TimedFile[], context: GapContext): Found[] {
  return [...timeGaps(files, context), ...numberGaps(files, context)]
}

function timeGaps(files: readonly TimedFile[], context: GapContext): Found[] {
  const timed = files
    .filter(isFilm)
    .map((file) => ({ ...file, startMs: Date.parse(file.deviceTime ?? '') }))
    .filter(({ startMs, modifiedMs }) => !Number.isNaN(startMs) && modifiedMs !== null)
    .sort((a, b) => a.startMs - b.startMs || a.number - b.number)
  const shiftMs = zoneShiftMs(timed)
  const gaps: Found[] = []
  for (const [place, after] of timed.entries()) {
    const before = timed[place - 1]
    if (!before) continue
    const endMs = before.modifiedMs! + shiftMs
    const lengthMs = after.startMs - endMs
    if (endMs < before.startMs || lengthMs < gapMsMin || lengthMs > gapMsMax) continue
    gaps.push({
      kind: 'time',
      beforeNumber: before.number,
      afterNumber: after.number,
      fromTime: new Date(endMs).toISOString(),
      toTime: after.deviceTime,
      lengthMs,
      missingNumbers: null,
      proposed: proposedReason(context, place === timed.length - 1),
    })
  }
  return gaps
}

/**
 * FAT keeps the device's wall clock without its zone, and whoever mounts it takes some zone for it, so that times of change may
 * be off by the zone of the names' times. A device records one thing at a time: right is what makes the fewest recordings
 * overlap, and end before they began.
 */
function zoneShiftMs(
  timed: readonly { startMs: number; modifiedMs: number | null; deviceTime: string | null }[],
): number {
  const zoneMs = zoneOf(timed[0]?.deviceTime ?? '')
  const fits = (shiftMs: number) =>
    timed.filter(({ startMs, modifiedMs }, place) => {
      const endMs = modifiedMs! + shiftMs
      const next = timed[place + 1]
      return endMs >= startMs - fatRoundingMs && (!next || endMs <= next.startMs + fatRoundingMs)
    }).length
  const [best] = [0, -zoneMs, zoneMs]
    .map((shiftMs) => ({ shiftMs, fits: fits(shiftMs) }))
    .sort((a, b) => b.fits - a.fits)
  return best!.shiftMs
}

function zoneOf(deviceTime: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(deviceTime) ?? []
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -ms : ms
}

/**
 * Only numbers of one counter say that something is missing: those of films whose names the same template of the profile reads. The
 * photographs of that template
 *
 * - count along where a name has nothing but its number (`MVI_0001.MP4`, `IMG_0002.JPG`): the number alone keeps names apart, so
 *   there is one for both;
 * - where names say the time as well, numbers may be apart: photographs count along if all the numbers go up together in the order
 *   of time, and have a counter of their own otherwise.
 *
 * Photographs of a counter of their own neither make a gap nor fill one. The number that the device ended with at its hand-in
 * before is compared where all films are of one counter.
 */
function numberGaps(files: readonly TimedFile[], context: GapContext): Found[] {
  const counters = [...Map.groupBy(files.filter(isNumbered), ({ counter }) => counter).values()]
    .filter((all) => all.some(isFilm))
    .map((all) => (countTogether(all, context) ? all : all.filter(isFilm)))
  const from = counters.length === 1 ? context.lastRunningNumber : null
  return counters.flatMap((numbered) => gapsOfCounter(files, numbered.sort(byTime), { ...context, from }))
}

type Numbered = TimedFile & { readonly runningNumber: number }

const isNumbered = (file: TimedFile): file is Numbered => file.runningNumber !== null
const isFilm = ({ name }: TimedFile) => !stillName.test(name.toString('latin1'))
const byTime = (a: Numbered, b: Numbered) => timeOf(a) - timeOf(b) || a.runningNumber - b.runningNumber

/** Whether the films and photographs of one template have one counter. */
function countTogether(files: readonly Numbered[], context: GapContext): boolean {
  if (files.every(({ deviceTime }) => deviceTime === null)) return true
  const half = (context.runningMax ?? usualNumbersMax) / 2
  const ordered = files.toSorted(byTime)
  return ordered.every((file, place) => {
    const before = ordered[place - 1]
    if (!before || (isFilm(before) && isFilm(file))) return true
    const step = file.runningNumber - before.runningNumber
    // Or it has begun again at its lowest number.
    return (step > 0 && step <= half) || step < -half
  })
}

function gapsOfCounter(
  files: readonly TimedFile[],
  numbered: readonly Numbered[],
  context: GapContext & { readonly from: number | null },
): Found[] {
  const gaps: Found[] = []
  let last: { number: number | null; running: number } | null =
    context.from === null ? null : { number: null, running: context.from }
  for (const [place, file] of numbered.entries()) {
    const running = file.runningNumber
    const missing = last === null ? 0 : missingBetween(last.running, running, context.runningMax ?? usualNumbersMax)
    if (missing > 0 && missing <= missingMax) {
      gaps.push({
        kind: 'number',
        beforeNumber: last!.number,
        afterNumber: file.number,
        fromTime: last!.number === null ? null : (files[last!.number]?.deviceTime ?? null),
        toTime: file.deviceTime,
        lengthMs: null,
        missingNumbers: missing,
        proposed: proposedReason(context, place === numbered.length - 1),
      })
    }
    last = { number: file.number, running }
  }
  return gaps
}

const timeOf = ({ deviceTime, modifiedMs }: TimedFile) => {
  const said = Date.parse(deviceTime ?? '')
  return Number.isNaN(said) ? (modifiedMs ?? 0) : said
}

/** The highest number is followed by 1, or by 0. The same number again, or one that goes back a little, is none. */
function missingBetween(last: number, next: number, numbersMax: number): number {
  if (next >= last) return Math.max(0, next - last - 1)
  const isWrapped = last - next > numbersMax / 2
  return isWrapped ? Math.max(0, numbersMax - last + next - 1) : 0
}

/** What the device itself suggests. Battery and space tell of the end only; a wrong clock explains any of them. */
function proposedReason(context: GapContext, isLast: boolean): Found['proposed'] {
  const { batteryPercent, freePercent, clockOffsetMs, clockErrorMaxMs } = context
  const propose = (reason: GapReason, because: 'battery' | 'storage' | 'clock', value: number) => ({
    reason,
    because,
    value,
  })
  if (isLast && batteryPercent !== null && batteryPercent <= batteryLowPercent) {
    return propose('battery', 'battery', Math.round(batteryPercent))
  }
  if (isLast && freePercent !== null && freePercent <= spaceLowPercent) {
    return propose('storage_full', 'storage', Math.round(freePercent))
  }
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockErrorMaxMs)
    return propose('clock', 'clock', Math.round(clockOffsetMs / 1000))
  return null
}
