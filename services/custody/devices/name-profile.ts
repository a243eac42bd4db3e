import { displayName } from '../../foundation/name-decoding.ts'
import { bureauZone, readSaidTime } from './said-time.ts'

/** What a vendor's file name says. All of it is hearsay of the device: shown, never trusted. */
export interface ParsedName {
  /** The profile that fitted. */
  readonly profile: string
  readonly serial: string
  readonly officerNumber: string
  /** The device's local time as it stands in the name, `YYYY-MM-DDTHH:MM:SS`, without a zone; perhaps of no day there is. */
  readonly localTime: string
  readonly running: number
  readonly marked: boolean
}

interface Profile {
  readonly name: string
  readonly pattern: RegExp
}

const time = '(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})[-_]?(?<hour>\\d{2})(?<minute>\\d{2})(?<second>\\d{2})'
const mark = '(?:[-_](?<mark>[A-Za-z]{1,4}|重点|标记))?'

/** One row per vendor's habit; the first that fits wins. */
const profiles: readonly Profile[] = [
  {
    name: 'serial-officer-time-running',
    pattern: new RegExp(
      `^(?<serial>[0-9A-Za-z]{5,16})[-_@](?<officer>[0-9A-Za-z]{4,16})[-_@]${time}[-_](?<running>\\d{1,6})${mark}\\.[0-9A-Za-z]{2,4}$`,
    ),
  },
  {
    name: 'prefix-serial-officer-time-running',
    pattern: new RegExp(
      `^(?:DSJ|ZFY)[-_](?<serial>[0-9A-Za-z]{5,16})[-_](?<officer>[0-9A-Za-z]{4,16})[-_]${time}[-_](?<running>\\d{1,6})${mark}\\.[0-9A-Za-z]{2,4}$`,
    ),
  },
]

/**
 * Reads a file name as a vendor's recorder writes it (serial, officer number, `YYYYMMDDHHMMSS`, running number, a suffix for
 * marked files). Null when no profile fits: such a name is kept and flagged, never refused.
 */
export function parseName(text: string): ParsedName | null {
  for (const { name, pattern } of profiles) {
    const groups = pattern.exec(text)?.groups
    if (!groups) continue
    const localTime = localTimeOf(groups)
    if (!localTime) continue
    return {
      profile: name,
      serial: groups.serial!,
      officerNumber: groups.officer!,
      localTime,
      running: Number(groups.running),
      marked: groups.mark !== undefined,
    }
  }
  return null
}

/** The instant that the name says; null when the calendar has no such time. */
export function instantOfName({ localTime }: ParsedName): Date | null {
  return readSaidTime(localTime + bureauZone)?.instant ?? null
}

/** The name's parsed form as JSON, for the row. */
export function parsedNameJson(parsed: ParsedName): string {
  return JSON.stringify(parsed)
}

/** A file name as it stands in an event: the raw bytes in base64, and a form to read. */
export function nameForEvent(raw: Uint8Array): { base64: string; text: string } {
  return { base64: Buffer.from(raw).toString('base64'), text: displayName(raw) }
}

/** The time as it stands in the name, whether the calendar has it or not; null when it is no time. */
function localTimeOf(groups: Record<string, string | undefined>): string | null {
  const { year, month, day, hour, minute, second } = groups
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  return readSaidTime(text + bureauZone) ? text : null
}
