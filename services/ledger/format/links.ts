import { hash } from 'node:crypto'
import { checkLength, malformed } from './strict.ts'

/** Length of a subject's secret: the VRF's output beta (c2sp.org/vrf-r255, hLen = 64). */
export const subjectSecretBytes = 64

/** DESIGN.md §7: "A subject's tags are looked for … for n = 1 to m + 256", m being how many events of it are shown. */
export const numbersBeyond = 256

/** The one spelling of a subject in rows, links, packages and VRF input: `type:id`. */
export function subjectText({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}:${id}`
}

/**
 * The VRF input that names a subject: `type:id` in UTF-8. The type holds no colon, so two subjects never share an input.
 *
 * @throws malformed
 */
export function subjectAlpha(type: string, id: string): Buffer {
  if (!/^[a-z][a-z0-9_-]*$/.test(type)) throw malformed(`not a type of subject: ${JSON.stringify(type)}`)
  if (id === '' || !id.isWellFormed()) throw malformed(`the id of a ${type} is empty or not valid Unicode`)
  return Buffer.from(subjectText({ type, id }), 'utf8')
}

/**
 * The tag that a subject's n-th event carries in its public leaf: SHA-256(secret || n as 8 bytes, big-endian), n from 1.
 * Whoever holds the secret finds all of the subject's events and sees that none is missing; to all others tags are noise.
 *
 * @throws malformed
 */
export function linkTag(secret: Uint8Array, n: number): Buffer {
  checkLength(secret, subjectSecretBytes, "the subject's secret")
  if (!Number.isSafeInteger(n) || n < 1) throw malformed(`an event's number within its subject starts at 1: ${n}`)
  const input = Buffer.allocUnsafe(subjectSecretBytes + 8)
  input.set(secret)
  input.writeBigUInt64BE(BigInt(n), subjectSecretBytes)
  return hash('sha256', input, 'buffer')
}
