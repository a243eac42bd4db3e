import { canonicalBytes, type JsonValue } from './canonical.ts'

/**
 * What a dock signs of a file that it has read to its end (DESIGN.md §8, "The digest of a file"): Ed25519 over the canonical
 * text of exactly these members. The root names the list and the number its line, so that a signature says nothing of another
 * file. An example:
 *
 *     {"filesRoot":"5d2c…","number":3,"sha256":"721c…","sm3":null,"v":1}
 */
export interface FileDigest {
  readonly v: 1
  /** Hex; of the head of the hand-in whose list the file stands on. */
  readonly filesRoot: string
  /** The file's line on that list, from 0. */
  readonly number: number
  /** Hex. */
  readonly sha256: string
  /** Hex; null when the dock made none. */
  readonly sm3: string | null
}

/** The bytes that a dock signs. */
export function fileDigestBytes(digest: FileDigest): Buffer {
  return Buffer.from(canonicalBytes(digest as unknown as JsonValue))
}
