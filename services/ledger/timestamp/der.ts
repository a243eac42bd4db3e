import { malformed } from '../format/strict.ts'

/** One value of DER (X.690 §10): its identifier octet, its content, and both with the length between them. */
export interface Der {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** Identifier octets: universal types, and context-specific ones of constructed form. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
} as const

/**
 * Reads bytes that are one value from the first to the last.
 *
 * @throws malformed for other bytes than DER, for bytes behind the value, and for another tag where one is given
 */
export function readDer(bytes: Uint8Array, what: string, tag?: number): Der {
  const [value, ...others] = readAll(bytes, what)
  if (value === undefined || others.length > 0) throw malformed(`${what} is not one DER value`)
  if (tag !== undefined && value.tag !== tag) throw malformed(`${what} has the tag ${value.tag} instead of ${tag}`)
  return value
}

/** Takes the values of a constructed one in their order: each is claimed by its tag, and none may be left. */
export interface DerParts {
  /** @throws malformed when the next value is not there or has another tag */
  take(tag: number, what: string): Der
  /** The next value if it has this tag. */
  takeIf(tag: number): Der | undefined
  /** The next value, of any tag. @throws malformed when there is none */
  takeAny(what: string): Der
  /** @throws malformed when values are left */
  end(): void
}

export function partsOf(value: Der, what: string): DerParts {
  const values = membersOf(value, what)
  let next = 0
  return {
    take(tag, part) {
      const taken = values[next++]
      if (taken?.tag !== tag) throw malformed(`${what} has no ${part} where it belongs`)
      return taken
    },
    takeIf: (tag) => (values[next]?.tag === tag ? values[next++] : undefined),
    takeAny(part) {
      const taken = values[next++]
      if (!taken) throw malformed(`${what} has no ${part}`)
      return taken
    },
    end() {
      if (next < values.length) throw malformed(`${what} has more than it may have`)
    },
  }
}

/** All values of a constructed one. @throws malformed */
export function membersOf(value: Der, what: string): Der[] {
  return readAll(value.content, what)
}

/**
 * The dotted form of an object identifier, X.690 §8.19.
 *
 * @throws malformed
 */
export function readOid(value: Der, what: string): string {
  const { tag, content } = value
  if (tag !== tags.oid || content.length === 0 || content.at(-1)! >= 0x80) throw malformed(`${what} is no identifier`)
  const arcs: number[] = []
  let arc = 0
  let isFirst = true
  for (const byte of content) {
    // "The subidentifier shall be encoded in the fewest possible octets"
    if (isFirst && byte === 0x80) throw malformed(`${what} is no identifier`)
    arc = arc * 128 + (byte & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw malformed(`${what} has a number that is too large`)
    isFirst = byte < 0x80
    if (!isFirst) continue
    arcs.push(arc)
    arc = 0
  }
  const [joined, ...rest] = arcs as [number, ...number[]]
  const top = Math.min(2, Math.floor(joined / 40))
  return [top, joined - top * 40, ...rest].join('.')
}

/** The content of an INTEGER. @throws malformed when it is not written in the fewest octets (X.690 §8.3.2) */
export function readInteger(value: Der, what: string): Uint8Array {
  const [first, second] = value.content
  const padded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  if (value.tag !== tags.integer || first === undefined || padded) throw malformed(`${what} is no number`)
  return value.content
}

/** Writes one value. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  const head = bytes < 0x80 ? [tag, bytes] : bytes < 0x100 ? [tag, 0x81, bytes] : [tag, 0x82, bytes >> 8, bytes & 0xff]
  if (bytes > 0xffff) throw malformed(`a DER value of ${bytes} bytes is not written here`)
  const written = new Uint8Array(head.length + bytes)
  written.set(head)
  let at = head.length
  for (const part of parts) {
    written.set(part, at)
    at += part.length
  }
  return written
}

function readAll(bytes: Uint8Array, what: string): Der[] {
  const values: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const value = readOne(bytes, at, what)
    values.push(value)
    at += value.whole.length
  }
  return values
}

/** Definite lengths in the fewest octets (X.690 §10.1), tags of one octet: nothing else occurs in what is read here. */
function readOne(bytes: Uint8Array, at: number, what: string): Der {
  const tag = bytes[at]
  let length = bytes[at + 1]
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) throw malformed(`${what} is not DER`)
  let start = at + 2
  if (length >= 0x80) {
    const octets = length - 0x80
    start += octets
    if (octets === 0 || octets > 4 || start > bytes.length) throw malformed(`${what} is not DER`)
    length = bytes.subarray(at + 2, start).reduce((sum, octet) => sum * 256 + octet, 0)
    if (length < 0x80 || length < 256 ** (octets - 1)) throw malformed(`${what} is not DER`)
  }
  const end = start + length
  if (end > bytes.length) throw malformed(`${what} is cut`)
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}
