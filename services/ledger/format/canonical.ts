import canonicalize from 'canonicalize'
import { malformed } from './strict.ts'

/** What JSON can say. No undefined, no dates, no class instances: those have no single spelling. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** Deeper bodies are refused, so that hostile nesting cannot exhaust the stack of whoever verifies. */
const depthMax = 64

/**
 * The one spelling of a JSON value (RFC 8785, JSON Canonicalization Scheme): members sorted by UTF-16 code units, no white
 * space, numbers and strings as ECMAScript prints them.
 *
 * The library drops members that are undefined and calls toJSON, as JSON.stringify does; both would let an event say less
 * than its writer meant, so they are refused here.
 *
 * @throws malformed for anything that is not JSON, lone surrogates and non-finite numbers included
 */
export function canonicalText(value: JsonValue): string {
  checkJson(value, 0)
  // checkJson leaves nothing that the library answers with undefined.
  return canonicalize(value) as string
}

/** `canonicalText` in UTF-8. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalText(value), 'utf8')
}

/**
 * Reads text that must be canonical already: parse, write again, compare. Doubled members and other spellings fail.
 *
 * @throws malformed
 */
export function parseCanonical(text: string): JsonValue {
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch (cause) {
    throw malformed('the text is not JSON', cause)
  }
  if (canonicalText(value) !== text) throw malformed('the JSON text is not in canonical form (RFC 8785)')
  return value
}

/** True for an object with members, as opposed to an array, null or a plain value. */
export function isJsonObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for what DESIGN.md calls a whole number: 0 to 2^53 - 1. */
export function isWhole(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function checkJson(value: unknown, depth: number): void {
  if (depth > depthMax) throw malformed(`the JSON value is nested deeper than ${depthMax}`)
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'string') {
    checkText(value)
    return
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed(`JSON has no number ${value}`)
    return
  }
  if (Array.isArray(value)) {
    // By index, because a hole is undefined and must be refused, and forEach would pass over it.
    for (let index = 0; index < value.length; index++) checkJson(value[index], depth + 1)
    return
  }
  if (!isPlainObject(value)) throw malformed(`JSON has no spelling for a value of type ${typeof value}`)
  for (const [name, member] of Object.entries(value)) {
    checkText(name)
    checkJson(member, depth + 1)
  }
}

/** RFC 8785 §3.2.2.2: lone surrogates "MUST cause a compliant JCS implementation to terminate with an appropriate error". */
function checkText(text: string): void {
  if (!text.isWellFormed()) throw malformed('the text holds half of a surrogate pair')
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
