import { hash } from 'node:crypto'
import type { ClearingBasis, ClearingOutcome } from '../../foundation/db/words.ts'
import { canonicalText } from '../../ledger/format/canonical.ts'

/** A file that a dock wants to remove, as its line of the hand-in's list. */
export interface ClearedFile {
  /** Its number on the list, from 0. */
  readonly number: number
  /** Hex: of the file on the device, read again right before. */
  readonly sha256: string
  readonly basis: ClearingBasis
  /** Leaf of the receipt that it rests on. */
  readonly receiptIndex: number
}

/** SHA-256 of what a clearing announces, in canonical JSON (RFC 8785), by number. Pure. */
export function clearingListDigest(files: readonly ClearedFile[]): Buffer {
  const lines = [...files]
    .sort((a, b) => a.number - b.number)
    .map(({ number, sha256, basis, receiptIndex }) => ({ number, sha256, basis, receiptIndex }))
  return digestOf({ v: 1, files: lines })
}

/** SHA-256 of what became of each file, in the same form. Pure. */
export function clearingOutcomesDigest(
  outcomes: readonly { readonly number: number; readonly outcome: ClearingOutcome }[],
): Buffer {
  const lines = [...outcomes].sort((a, b) => a.number - b.number).map(({ number, outcome }) => ({ number, outcome }))
  return digestOf({ v: 1, outcomes: lines })
}

function digestOf(value: Parameters<typeof canonicalText>[0]): Buffer {
  return hash('sha256', canonicalText(value), 'buffer')
}
