import type { RecordingFlag } from '../events/words.ts'

/** What is known of when a recording was made; null is unknown. */
export interface KnownTimes {
  /** What the file's name says, by the device's clock. */
  readonly nameTime: Date | null
  /** What the file says of itself (`creation_time`, EXIF); a zero there is unknown, too. */
  readonly fileClock: Date | null
  /** How long the recording is: many devices write their clock into the file when it ends. 0 as long as that is unknown. */
  readonly lengthMs: number
  /** The device's clock when the recording began, and the same without the error that the dock measured. */
  readonly deviceTime: Date | null
  readonly correctedTime: Date | null
  /** When the device came into the register; null when it is not in it. */
  readonly registeredAt: Date | null
  /** When the upload of the file began. */
  readonly dockedAt: Date
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** † How far times of one recording may lie apart, and how far a clock may be ahead of the docking. */
const apartMsMax = 2 * minuteMs
/** † How long a device may have recorded before somebody wrote it into the register. */
const registeredLateMsMax = 366 * dayMs
/** Bureau time is this far ahead of UTC. */
const zoneMs = 8 * 60 * minuteMs

/** † The days on which clocks that lost their battery, or ran over, begin again. */
const resetDays: ReadonlySet<string> = new Set([
  '1904-01-01', // QuickTime
  '1970-01-01', // Unix
  '1980-01-01', // FAT
  '1980-01-06', // GPS
  '1999-08-22', // GPS, after its first 1,024 weeks
  '2000-01-01', // chips of clocks that count two digits of the year
  '2036-02-07', // NTP, after its first 2³² seconds
  '2038-01-19', // Unix, after 2³¹ seconds
])

/**
 * The flags that follow from the times of a recording alone. Called at the seal without the file's own clock, and again with
 * it when the file was looked into.
 *
 * - `clock_implausible`: the device's clock stood on a day on which clocks begin again; or the recording would be older than
 *   the device's time in the register (by more than 366 days†, since registers are often written late), or younger than its
 *   own docking. The corrected time decides that where the clock's error was measured, without a device time the name's.
 * - `times_differ`: two of name, file and device time lie more than 2 minutes† apart. The file's clock may stand
 *   anywhere within the recording. Many cameras write bureau time into the file as if it were UTC: that agrees, too.
 */
export function timeFlags(times: KnownTimes): RecordingFlag[] {
  const flags: RecordingFlag[] = []
  if (isImplausible(times)) flags.push('clock_implausible')
  if (doDiffer(times)) flags.push('times_differ')
  return flags
}

function isImplausible({ nameTime, deviceTime, correctedTime, registeredAt, dockedAt }: KnownTimes): boolean {
  const clock = deviceTime ?? nameTime
  const recordedAt = correctedTime ?? clock
  if (clock === null || recordedAt === null) return false
  if (isResetDay(clock)) return true
  if (recordedAt.getTime() > dockedAt.getTime() + apartMsMax) return true
  return registeredAt !== null && recordedAt.getTime() < registeredAt.getTime() - registeredLateMsMax
}

/** By the calendar of UTC or of the bureau: a clock begins again in whichever it keeps. */
function isResetDay(clock: Date): boolean {
  return [0, zoneMs].some((ahead) => resetDays.has(dayOf(clock.getTime() + ahead)))
}

function dayOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}

function doDiffer({ nameTime, fileClock, lengthMs, deviceTime }: KnownTimes): boolean {
  if (areApart(nameTime, deviceTime)) return true
  if (fileClock === null) return false
  const readings = [0, zoneMs].map((ahead) => fileClock.getTime() - ahead)
  const isDuring = (time: Date) =>
    readings.some((ms) => ms >= time.getTime() - apartMsMax && ms <= time.getTime() + lengthMs + apartMsMax)
  return [nameTime, deviceTime].some((time) => time !== null && !isDuring(time))
}

/** What is not known differs from nothing. */
function areApart(one: Date | null, other: Date | null): boolean {
  return one !== null && other !== null && Math.abs(one.getTime() - other.getTime()) > apartMsMax
}
