import type { LogKeys } from '../../ledger/format/log-keys.ts'
import type { Policy } from '../../ledger/format/policy.ts'
import type { DisclosedEvent } from '../../ledger/verify/disclosed.ts'
import { type CheckedReceipt, verifyReadAgain, verifyReceipt } from '../../ledger/verify/receipt.ts'
import type { FileProgress } from '../spool/records.ts'

/** Keys that were given on paper: nothing that the service says changes them. */
export interface ReceiptTrust {
  readonly log: LogKeys
  readonly policy: Policy
}

/** How the service says that a file's receipt stands (GET /hand-ins/:id/receipt). */
export interface ReceiptAnswer {
  readonly number: number
  readonly state: 'not_yet' | 'provisional' | 'witnessed'
  readonly reason: string | null
  readonly message: string | null
  readonly receipt: (DisclosedEvent & { readonly index: number }) | null
  /** That the copies were read again, where the receipt is older than the hand-in; absent from a service that does not know it. */
  readonly readAgain?: (DisclosedEvent & { readonly index: number }) | null
}

export interface HashedFile {
  /** Hex. */
  readonly sha256: string
  readonly bytes: number
  /** When this station began to read it, milliseconds since 1970 by the bureau's clock; null: nobody knows. */
  readonly readMs: number | null
}

export type ReceiptFacts = Pick<FileProgress, 'receipt' | 'receiptReason' | 'receiptIndex' | 'receiptMs'>

/**
 * What is known of a file's receipt after the service was asked: only what verifies counts, whatever the service calls it.
 * One that does not hold (forged, of another ledger, device or file) is `wrong`, with the step that failed. One that was issued
 * before the file was read here counts only with the event that its copies were read again since, and as the weaker of the two.
 */
export function checkAnswer(
  answer: Omit<ReceiptAnswer, 'number'>,
  file: HashedFile,
  serial: string,
  trust: ReceiptTrust,
): ReceiptFacts {
  const { receipt, reason, message, readAgain = null } = answer
  if (!receipt) return { receipt: 'none', receiptReason: reason, receiptIndex: null, receiptMs: null }
  const claim = { ...trust, fileSha256: file.sha256, bytes: file.bytes, deviceSerial: serial }
  const checked = verifyReceipt(receipt, claim)
  const index = indexOf(checked)
  if (index === null) return notHeld(checked)
  const issued = atMs(receipt)
  const isYounger = file.readMs !== null && issued >= file.readMs
  if (isYounger) return held(checked.mayClear, { index, message, ms: issued })
  // Issued for the same bytes handed in before: by itself it says nothing of whether those copies are whole still.
  if (readAgain === null || file.readMs === null) {
    return { receipt: 'none', receiptReason: 'duplicate_unread', receiptIndex: null, receiptMs: null }
  }
  const again = verifyReadAgain(readAgain, claim, file.readMs)
  if (indexOf(again) === null) return notHeld(again)
  return held(checked.mayClear && again.mayClear, { index, message, ms: atMs(readAgain) })
}

/** Where it stands in the ledger; null when it does not hold. */
function indexOf(checked: CheckedReceipt): number | null {
  return checked.mayClear ? checked.index : (checked.provisional?.index ?? null)
}

function held(isWitnessed: boolean, said: { index: number; message: string | null; ms: number }): ReceiptFacts {
  const { index: receiptIndex, ms: receiptMs } = said
  return isWitnessed
    ? { receipt: 'witnessed', receiptReason: null, receiptIndex, receiptMs }
    : { receipt: 'provisional', receiptReason: said.message, receiptIndex, receiptMs }
}

function notHeld(checked: CheckedReceipt): ReceiptFacts {
  const receiptReason = checked.mayClear ? null : checked.why
  return { receipt: 'wrong', receiptReason, receiptIndex: null, receiptMs: null }
}

/** Of a body that was verified. */
function atMs({ body }: DisclosedEvent): number {
  return Date.parse((JSON.parse(body) as { at: string }).at)
}

/** These stay until people have resolved them: nobody waits at the dock for it. */
const lasting = new Set(['quarantined', 'damaged'])

export function isLasting(reason: string | null): boolean {
  return reason !== null && lasting.has(reason)
}
