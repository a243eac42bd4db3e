import { isJsonObject, type JsonValue } from '../format/canonical.ts'
import type { EventBody } from '../format/entry.ts'
import type { LogKeys } from '../format/log-keys.ts'
import type { Policy } from '../format/policy.ts'
import { checkLength, unproven } from '../format/strict.ts'
import { type DisclosedEvent, verifyDisclosed } from './disclosed.ts'

/** What the dock knows by itself. */
export interface ReceiptClaim {
  /** The log's keys and the witnesses whom the dock trusts, from outside of the receipt. */
  readonly log: LogKeys
  readonly policy: Policy
  /** SHA-256 of the file on the device, hashed just now: 64 hex digits. */
  readonly fileSha256: string
  readonly bytes: number
  readonly deviceSerial: string
}

export type CheckedReceipt =
  | { readonly mayClear: true; readonly index: number; readonly size: number }
  | {
      readonly mayClear: false
      readonly why: string
      /** Where all holds but for the witnesses: its place in the ledger. Null for a receipt that does not hold. */
      readonly provisional: { readonly index: number } | null
    }

const storesOfReceipt = ['backup-a', 'backup-b', 'primary']

/**
 * Whether a dock may clear a file from its device, promise 4: the receipt is the log's, covered by a checkpoint that enough
 * witnesses cosigned, names three copies, and its digest is that of the file as it lies on the device now. Offline, pure.
 */
export function verifyReceipt(receipt: DisclosedEvent, claim: ReceiptClaim): CheckedReceipt {
  return verify(receipt, claim, (event) => checkSaysSo(event, 'receipt.issued', claim))
}

/**
 * The same for the event that goes with a receipt which is older than the reading of the file: all three copies were read again
 * since, and equalled the file's digest. Neither is enough without the other.
 *
 * @param sinceMs when the file was begun to be read, milliseconds since 1970
 */
export function verifyReadAgain(shown: DisclosedEvent, claim: ReceiptClaim, sinceMs: number): CheckedReceipt {
  return verify(shown, claim, (event) => {
    checkSaysSo(event, 'recording.read_again', claim)
    const { begunAt } = event.details
    const isSince = typeof begunAt === 'string' && Date.parse(begunAt) >= sinceMs
    if (!isSince) throw unproven('the copies were read again before the file was handed in')
  })
}

function verify(shown: DisclosedEvent, claim: ReceiptClaim, checkEvent: (event: EventBody) => void): CheckedReceipt {
  const { policy } = claim
  try {
    const { event, index, size, isWitnessed } = verifyDisclosed(shown, { log: claim.log, policy })
    checkEvent(event)
    if (isWitnessed) return { mayClear: true, index, size }
    const why = policy.needsWitnesses
      ? 'provisional: the checkpoint is not cosigned by enough witnesses'
      : 'the policy asks for no witness: nothing shows that the ledger keeps it'
    return { mayClear: false, why, provisional: { index } }
  } catch (error) {
    return { mayClear: false, why: error instanceof Error ? error.message : String(error), provisional: null }
  }
}

/** That the event is of this kind, for this very file, and names a copy on each of the three stores. */
function checkSaysSo({ kind, details }: EventBody, wanted: string, claim: ReceiptClaim): void {
  if (kind !== wanted) throw unproven(`the event is a ${kind}, not a ${wanted}`)
  checkLength(Buffer.from(claim.fileSha256, 'hex'), 32, 'the digest of the file')
  if (details.sha256 !== claim.fileSha256) throw unproven('the file on the device has another SHA-256 than the receipt')
  if (details.bytes !== claim.bytes) throw unproven('the file on the device has another length than the receipt')
  if (details.device !== claim.deviceSerial) throw unproven('the receipt is for another device')
  const copies: readonly JsonValue[] = Array.isArray(details.copies) ? details.copies : []
  const stores = copies.flatMap((copy) => (isJsonObject(copy) && copy.versionId ? [copy.store] : [])).sort()
  if (JSON.stringify(stores) !== JSON.stringify(storesOfReceipt)) throw unproven('the receipt names no three copies')
}
