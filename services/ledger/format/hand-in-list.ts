import { hash } from 'node:crypto'
import { canonicalBytes, canonicalText, type JsonValue } from './canonical.ts'
import { leafHash } from './entry.ts'
import { appendToFrontier, emptyFrontier, rootOf } from './merkle.ts'
import { checkLength } from './strict.ts'

/** Where a dock's files came from: a closed word, and what it says of the place (slot, card, station); both may be unknown. */
export interface HandInOrigin {
  readonly kind: string
  readonly from: string | null
}

/** Who used the device this shift, and how the dock knows. */
export interface HandInUser {
  /** Id of the person. */
  readonly person: string
  readonly grade: string
}

/**
 * What a dock signs of a hand-in (DESIGN.md §8): Ed25519 over the canonical text of exactly these members. It commits to
 * every line by `filesRoot` and shows none, so that a package discloses the lines of its own case alone.
 */
export interface HandInHead {
  readonly v: 2
  readonly serial: string
  /** As the dock wrote it. */
  readonly openedAt: string
  readonly clockOffsetMs: number | null
  readonly origin: HandInOrigin | null
  readonly user: HandInUser | null
  readonly count: number
  /** Hex of the root over `lineDigest` of all lines. */
  readonly filesRoot: string
}

/** One file that the dock saw on the device. `number` is its place, from 0. */
export interface HandInLine {
  readonly number: number
  /** base64 of the raw file name. */
  readonly name: string
  readonly bytes: number
  /** Hex; null when the dock had not read the file yet. */
  readonly sha256: string | null
  readonly deviceTime: string | null
  readonly mark: boolean
}

export const lineSaltBytes = 32

/** The bytes that a dock signs. */
export function handInHeadBytes(head: HandInHead): Buffer {
  return Buffer.from(canonicalBytes(head as unknown as JsonValue))
}

/** SHA-256(salt[32] || canonical text of the line): says nothing of the line to whoever lacks the salt. */
export function lineDigest(line: HandInLine, salt: Uint8Array): Buffer {
  checkLength(salt, lineSaltBytes, 'the salt of a line')
  return hash('sha256', Buffer.concat([salt, Buffer.from(canonicalText(line as unknown as JsonValue))]), 'buffer')
}

/** The root (RFC 6962 §2.1) of the tree whose leaves are the lines' digests. */
export function filesRootOf(digests: readonly Uint8Array[]): Buffer {
  return rootOf(appendToFrontier(emptyFrontier, digests.map(leafHash)))
}
