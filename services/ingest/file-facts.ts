import { readSaidTime, type SaidTime } from '../custody/devices/said-time.ts'
import type { UploadFacts } from '../custody/intake/upload.ts'
import { Fault } from '../foundation/errors.ts'
import { isId } from '../foundation/id.ts'

const nameBytesMax = 1024
const serialCharsMax = 64

/**
 * What a dock says of a file, from the keys of Upload-Metadata or the fields of a form (values raw, as bytes). Keys that are
 * not known are ignored; one that is wrong is named.
 *
 * - `serial` of the device, required: 1 to 64 characters
 * - `filename`, required: the name's raw bytes in the device's own encoding, 1 to 1024 of them; never used as a path
 * - `deviceTime`: when the recording began, ISO 8601 with a zone; kept as said when the calendar has no such time
 * - `clockOffsetMs`: device clock minus true time · `mark`: true or false
 * - `sha256`: 64 lower-case hex digits · `handIn`: its id · `handInNumber`: the file's number on that list
 *
 * @throws bad_request naming the field
 */
export function readFileFacts(values: ReadonlyMap<string, Buffer>, bytes: number): UploadFacts {
  const text = (field: string): string | null => {
    const raw = values.get(field)
    return raw === undefined || raw.length === 0 ? null : utf8(field, raw)
  }
  return {
    deviceSerial: readSerial(text('serial')),
    name: readName(values.get('filename')),
    bytes,
    mark: readMark(text('mark')),
    deviceTime: readTime('deviceTime', text('deviceTime')),
    clockOffsetMs: readInteger('clockOffsetMs', text('clockOffsetMs'), -1e14, 1e14),
    sha256: readSha256('sha256', text('sha256')),
    handInId: readId('handIn', text('handIn')),
    handInNumber: readInteger('handInNumber', text('handInNumber'), 0, 1e6),
  }
}

/** A SHA-256 as 64 lower-case hex digits. @throws bad_request */
function readSha256(field: string, value: string | null): Buffer | null {
  if (value === null) return null
  if (!/^[0-9a-f]{64}$/.test(value)) throw bad(field, 'is not 64 lower-case hex digits')
  return Buffer.from(value, 'hex')
}

/** A time with its zone, as ISO 8601; one that the calendar does not have is kept as said. @throws bad_request */
export function readTime(field: string, value: string | null): SaidTime | null {
  if (value === null) return null
  const time = readSaidTime(value)
  if (time === null) throw bad(field, 'is not a time like 2026-11-20T08:30:00+08:00')
  return time
}

/** A device's serial as it stands in the register. @throws bad_request */
export function readSerial(value: string | null): string {
  if (value === null) throw bad('serial', 'is missing')
  const isText = value.length <= serialCharsMax && /^[^\p{Cc}\p{Cs}]+$/u.test(value)
  if (!isText) throw bad('serial', `is not 1 to ${serialCharsMax} characters of text`)
  return value
}

function readName(raw: Buffer | undefined): Buffer {
  if (raw === undefined || raw.length === 0) throw bad('filename', 'is missing')
  if (raw.length > nameBytesMax) throw bad('filename', `has ${raw.length} bytes, more than ${nameBytesMax}`)
  return raw
}

function readMark(value: string | null): boolean {
  if (value === null || value === 'false') return false
  if (value === 'true') return true
  throw bad('mark', 'is neither true nor false')
}

function readInteger(field: string, value: string | null, min: number, max: number): number | null {
  if (value === null) return null
  const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw bad(field, `is not a whole number of ${min}..${max}`)
}

function readId(field: string, value: string | null): string | null {
  if (value === null || isId(value)) return value
  throw bad(field, 'is not an id of this server')
}

function utf8(field: string, raw: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch (cause) {
    throw new Fault('bad_request', `${field}: is not UTF-8`, { cause, details: { field } })
  }
}

function bad(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
