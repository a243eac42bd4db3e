import type { LogKeys } from '../../ledger/format/log-keys.ts'
import type { Policy } from '../../ledger/format/policy.ts'
import type { DisclosedEvent } from '../../ledger/verify/disclosed.ts'
import { verifyReceipt } from '../../ledger/verify/receipt.ts'
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
 * One that does not hold (forged, of another ledger, device or file) is `wrong`, with the step that failed.
 */
export function checkAnswer(
  answer: Omit<ReceiptAnswer, 'number'>,
  file: HashedFile,
  serial: string,
  trust: ReceiptTrust,
): ReceiptFacts {
  const { receipt, reason, message } = answer
  if (!receipt) return { receipt: 'none', receiptReason: reason, receiptIndex: null, receiptMs: null }
  const checked = verifyReceipt(receipt, {
    ...trust,
    fileSha256: file.sha256,
    bytes: file.bytes,
    deviceSerial: serial,
  })
  const issued = checked.mayClear || checked.provisional ? issuedMs(receipt) : null
  // Issued for the same bytes handed in before: it says nothing of whether those copies are whole still.
  if (issued !== null && (file.readMs === null || issued < file.readMs)) {
    return { receipt: 'none', receiptReason: 'duplicate_unread', receiptIndex: null, receiptMs: null }
  }
  if (checked.mayClear) {
    return { receipt: 'witnessed', receiptReason: null, receiptIndex: checked.index, receiptMs: issued }
  }
  if (checked.provisional) {
    const { index } = checked.provisional
    return { receipt: 'provisional', receiptReason: message, receiptIndex: index, receiptMs: issued }
  }
  return { receipt: 'wrong', receiptReason: checked.why, receiptIndex: null, receiptMs: null }
}

/** Of a body that was verified. */
function issuedMs({ body }: DisclosedEvent): number {
  return Date.parse((JSON.parse(body) as { at: string }).at)
}

/** These stay until people have resolved them: nobody waits at the dock for it. */
const lasting = new Set(['quarantined', 'damaged', 'duplicate_unread'])

export function isLasting(reason: string | null): boolean {
  return reason !== null && lasting.has(reason)
}
