import { isFault } from '../foundation/errors.ts'
import { isJsonObject, type JsonValue, parseCanonical } from '../ledger/format/canonical.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'

/** More is in no case's package; a text of a computer language has an end. */
export const jsonBytesMax = 256 * 1024 * 1024

/** What a member has to be. */
export type Check = (value: JsonValue | undefined) => boolean
export type JsonShape = Readonly<Record<string, Check>>

export const isText: Check = (value) => typeof value === 'string'
export const isBoolean: Check = (value) => typeof value === 'boolean'
export const isHex =
  (bytes: number): Check =>
  (value) =>
    typeof value === 'string' && value.length === bytes * 2 && /^[0-9a-f]*$/.test(value)
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
export const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && (value as readonly JsonValue[]).every((one) => check(one))
/** An object with exactly these members. */
export const isObject =
  (shape: JsonShape): Check =>
  (value) => {
    if (value === undefined || !isJsonObject(value)) return false
    const names = Object.keys(shape)
    return (
      Object.keys(value).length === names.length &&
      names.every((name) => Object.hasOwn(value, name) && shape[name]!(value[name]))
    )
  }

/** UTF-8 without replacements and with its byte order mark, if it has one, or null. */
export function utf8OrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Reads a file that is one JSON object in JCS; a fault of it is found and answered with null. */
export async function readJsonFile<T>(bag: Bag, path: string, check: Check, findings: Findings): Promise<T | null> {
  const text = await readText(bag, path, findings)
  return text === null ? null : parse<T>(text, path, check, findings)
}

/** Reads a file of one JSON object in JCS a line. */
export async function readJsonLines<T>(bag: Bag, path: string, check: Check, findings: Findings): Promise<T[] | null> {
  const text = await readText(bag, path, findings)
  if (text === null) return null
  if (text !== '' && !text.endsWith('\n')) {
    findings.add('package_malformed', path, 'its last line is not ended by a newline')
    return null
  }
  const values: T[] = []
  for (const [at, line] of text.split('\n').slice(0, -1).entries()) {
    const value = parse<T>(line, `${path}:${at + 1}`, check, findings)
    if (value === null) return null
    values.push(value)
  }
  return values
}

async function readText(bag: Bag, path: string, findings: Findings): Promise<string | null> {
  if (!bag.has(path)) {
    findings.add('package_malformed', path, 'it is not there')
    return null
  }
  const bytes = await bag.read(path, jsonBytesMax)
  const text = bytes.length > jsonBytesMax ? null : utf8OrNull(bytes)
  if (text === null) findings.add('package_malformed', path, `it is not UTF-8, or has more than ${jsonBytesMax} bytes`)
  return text
}

function parse<T>(text: string, where: string, check: Check, findings: Findings): T | null {
  try {
    const value = parseCanonical(text)
    if (check(value)) return value as T
    findings.add('package_malformed', where, 'its members are not those of the format')
  } catch (error) {
    if (!isFault(error, 'malformed')) throw error
    findings.add('package_malformed', where, error.message)
  }
  return null
}
