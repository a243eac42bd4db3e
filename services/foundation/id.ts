import { randomBytes, randomInt } from 'node:crypto'

/** Of the last id: two of one millisecond sort in the order in which they were made. */
const last = { ms: 0, count: 0 }

/**
 * A UUID version 7 (RFC 9562 §5.7): its first 48 bits are the milliseconds of `now`, so that ids sort by time; within one
 * millisecond of one process the next 12 bits count (§6.2, "Fixed Bit-Length Dedicated Counter").
 */
export function newId(now: Date = new Date()): string {
  const ms = now.getTime()
  // It begins in the lower half, so that there is room to count; beyond it order is left to chance.
  last.count = ms === last.ms && last.count < 0xfff ? last.count + 1 : randomInt(0x800)
  last.ms = ms
  const bytes = randomBytes(16)
  bytes.writeUIntBE(ms, 0, 6)
  bytes.writeUInt16BE(0x7000 | last.count, 6)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return spelled(bytes)
}

/** A UUID version 8 (RFC 9562 §5.8) made of a digest: the same for the same digest. */
export function idOfDigest(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return spelled(bytes)
}

function spelled(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for the one spelling of a UUID that this service writes (lower case, hyphens). */
export function isId(text: string): boolean {
  return uuid.test(text)
}
