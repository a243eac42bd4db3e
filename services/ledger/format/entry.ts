import { hash } from 'node:crypto'
import { isFault } from '../../foundation/errors.ts'
import { isJsonObject, type JsonValue, parseCanonical } from './canonical.ts'
import { subjectAlpha } from './links.ts'
import { checkLength, malformed } from './strict.ts'

/** Every leaf shows this many links, whatever its event is about, so that the number of subjects stays hidden. */
export const linksPerLeaf = 8

export const saltBytes = 32
const hashBytes = 32

/** A custody event as its body tells it. `at` is UTC in milliseconds; the salt and the body stay out of the tree. */
export interface EventBody {
  readonly id?: string
  readonly kind: string
  readonly at: string
  readonly actor: string
  readonly actorRole: string
  /** Id of the person by whose commission a deputy acts (受委托). */
  readonly onBehalfOf?: string
  readonly subjects: readonly { readonly type: string; readonly id: string }[]
  readonly details: { readonly [name: string]: JsonValue }
}

/** The public leaf: both fields lower-case hex as they stand in it, links ascending. */
export interface LeafData {
  readonly commitment: string
  readonly links: readonly string[]
}

/**
 * SHA-256(salt || JCS(body)): binds the log to a body without showing it.
 *
 * @param bodyText the canonical body (`canonicalText`)
 * @throws malformed for a salt that is not 32 bytes, or text that UTF-8 cannot hold
 */
export function commitmentOf(salt: Uint8Array, bodyText: string): Buffer {
  checkLength(salt, saltBytes, 'the salt')
  // UTF-8 writes every half of a surrogate pair as the same replacement, so two bodies would share one commitment.
  if (!bodyText.isWellFormed()) throw malformed('the body holds half of a surrogate pair')
  const input = Buffer.allocUnsafe(saltBytes + Buffer.byteLength(bodyText, 'utf8'))
  input.set(salt)
  input.write(bodyText, saltBytes, 'utf8')
  return hash('sha256', input, 'buffer')
}

/**
 * Reads an event's body strictly: canonical text with exactly the members of `EventBody` (`id` and `onBehalfOf` may be absent).
 *
 * @throws malformed, naming the member
 */
export function checkBody(bodyText: string): EventBody {
  const body = parseCanonical(bodyText)
  if (!isJsonObject(body)) throw malformed('an event body is a JSON object')
  const { id, kind, at, actor, actorRole, onBehalfOf, subjects, details, ...others } = body
  const unknown = Object.keys(others)
  if (unknown.length > 0) throw malformed(`an event body has no member ${unknown.join(', ')}`)
  if (id !== undefined) checkName(id, 'id')
  checkName(kind, 'kind')
  checkName(actor, 'actor')
  checkName(actorRole, 'actorRole')
  if (onBehalfOf !== undefined) checkName(onBehalfOf, 'onBehalfOf')
  if (typeof at !== 'string' || !isTime(at)) throw malformed('at of an event body is not a UTC time in milliseconds')
  checkBodySubjects(subjects)
  if (details === undefined || !isJsonObject(details)) throw malformed('details of an event body is not a JSON object')
  return body as unknown as EventBody
}

/** The body as `checkBody` reads it, or null when it cannot be read. */
export function bodyOrNull(bodyText: string): EventBody | null {
  try {
    return checkBody(bodyText)
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}

/**
 * Writes a leaf: JCS of `{v:1, commitment, links}` with exactly 8 links, padded with random ones and sorted, so that it
 * tells nothing but that something happened.
 *
 * @param links one tag of 32 bytes for each subject, at most 8
 * @param randomBytes source of the padding: that many random bytes
 * @throws malformed
 */
export function makeLeafData(leaf: {
  commitment: Uint8Array
  links: readonly Uint8Array[]
  randomBytes: (size: number) => Uint8Array
}): Buffer {
  checkLength(leaf.commitment, hashBytes, 'the commitment')
  if (leaf.links.length > linksPerLeaf) throw malformed(`a leaf carries at most ${linksPerLeaf} links`)
  const links = leaf.links.map(hexOf)
  while (links.length < linksPerLeaf) links.push(hexOf(leaf.randomBytes(hashBytes)))
  links.sort()
  if (!isAscending(links)) throw malformed('a leaf carries each link once')
  return Buffer.from(leafText(hexOf(leaf.commitment), links), 'latin1')
}

/**
 * Reads a leaf strictly: the bytes must be exactly what `makeLeafData` writes.
 *
 * @throws malformed
 */
export function parseLeafData(bytes: Uint8Array): LeafData {
  if (!hasLeafShape(bytes)) throw malformed('leaf data is not {"commitment","links","v":1} in canonical form')
  if (!linksAscend(bytes)) throw malformed('the links of a leaf are not in ascending order')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const [commitment, ...links] = leafFieldStarts.map((start) => text.slice(start, start + leafFieldLength))
  return { commitment: commitment!, links }
}

/** True when `parseLeafData` reads these bytes: for who walks over millions of leaves and needs the texts of few. */
export function isLeafData(bytes: Uint8Array): boolean {
  return hasLeafShape(bytes) && linksAscend(bytes)
}

/** RFC 6962 §2.1: "MTH({d(0)}) = SHA-256(0x00 || d(0))". */
export function leafHash(data: Uint8Array): Buffer {
  if (data.length >= scratch.length) return hash('sha256', Buffer.concat([leafPrefix, data]), 'buffer')
  scratch.set(data, 1)
  return hash('sha256', scratch.subarray(0, data.length + 1), 'buffer')
}

const leafPrefix = Buffer.of(0)
/** Its first byte stays the prefix. Shared, for nothing comes between filling and hashing it. */
const scratch = Buffer.alloc(1024)

/** Of the commitment and of each link, in bytes of a leaf: hex. */
export const leafFieldLength = 2 * hashBytes
const zeros = '0'.repeat(leafFieldLength)
/** A leaf with nothing but zeros for its hexes: every leaf has the same bytes everywhere else. */
const leafTemplate = Buffer.from(leafText(zeros, Array(linksPerLeaf).fill(zeros)))
/** Where in the bytes of a leaf the commitment and the links begin. */
export const leafFieldStarts: readonly number[] = [...leafTemplate.toString('latin1').matchAll(/0{64}/g)].map(
  ({ index }) => index,
)
/** 0 for the bytes of lower-case hex digits. */
const notHexDigit = Uint8Array.from({ length: 256 }, (_, byte) => Number(!/[0-9a-f]/.test(String.fromCharCode(byte))))

/** Byte by byte and without a branch, because a verifier does this for every leaf there is. */
function hasLeafShape(bytes: Uint8Array): boolean {
  if (bytes.length !== leafTemplate.length) return false
  let wrong = 0
  let at = 0
  for (const start of leafFieldStarts) {
    for (; at < start; at++) wrong |= bytes[at]! ^ leafTemplate[at]!
    for (const end = start + leafFieldLength; at < end; at++) wrong |= notHexDigit[bytes[at]!]!
  }
  for (; at < leafTemplate.length; at++) wrong |= bytes[at]! ^ leafTemplate[at]!
  return wrong === 0
}

function linksAscend(bytes: Uint8Array): boolean {
  for (let place = 2; place < leafFieldStarts.length; place++) {
    const [before, after] = [leafFieldStarts[place - 1]!, leafFieldStarts[place]!]
    let at = 0
    while (at < leafFieldLength && bytes[before + at] === bytes[after + at]) at++
    if (at === leafFieldLength || bytes[before + at]! > bytes[after + at]!) return false
  }
  return true
}

/** Written by hand because its members and their order never change; a test holds it against the canonical writer. */
function leafText(commitment: string, links: readonly string[]): string {
  return `{"commitment":"${commitment}","links":["${links.join('","')}"],"v":1}`
}

function isAscending(links: readonly string[]): boolean {
  return links.every((link, index) => index === 0 || (links[index - 1] as string) < link)
}

function hexOf(bytes: Uint8Array): string {
  checkLength(bytes, hashBytes, 'a link or commitment')
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** True for a time as events have it: UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function isTime(text: string): boolean {
  const time = new Date(text)
  // Years beyond 9999 have a sign and six digits there.
  return text.length === 24 && !Number.isNaN(time.getTime()) && time.toISOString() === text
}

function checkName(value: JsonValue | undefined, member: string): void {
  if (typeof value !== 'string' || value === '') throw malformed(`${member} of an event body is not a text`)
}

function checkBodySubjects(subjects: JsonValue | undefined): void {
  if (!Array.isArray(subjects) || subjects.length < 1 || subjects.length > linksPerLeaf) {
    throw malformed(`subjects of an event body is not a list of 1 to ${linksPerLeaf}`)
  }
  for (const subject of subjects as readonly JsonValue[]) {
    if (!isJsonObject(subject) || Object.keys(subject).join() !== 'id,type') {
      throw malformed('a subject of an event body is not {id, type}')
    }
    const { type, id } = subject
    if (typeof type !== 'string' || typeof id !== 'string') throw malformed('type and id of a subject are texts')
    // A subject named twice is one subject with one link, so that alone is no fault.
    subjectAlpha(type, id)
  }
}
