import { isJsonObject, type JsonValue } from '../../ledger/canonical.ts'
import type { Details } from './replay.ts'

/** An object's members; none for anything else, so that a strange body shows as a difference and stops nothing. */
export function membersOf(value: JsonValue | undefined): Details {
  return value !== undefined && isJsonObject(value) ? value : {}
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** `{base64, text}` of a file name as the hex of its raw bytes, as bytea columns are compared. */
export function hexOfName(value: JsonValue | undefined): string | null {
  const { base64 } = membersOf(value)
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('hex') : null
}
