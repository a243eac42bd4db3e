import type { UploadTable } from '../../foundation/db/schema/intake.ts'
import type { RecordingTable } from '../../foundation/db/schema/recordings.ts'
import { storeNames } from '../../foundation/store/store.ts'
import type { ClearedFile } from './clearing-text.ts'

/** What the server knows of a line that a dock wants to clear. */
export interface KnownFile {
  /** The bureau keeps what is on this device, or how it was read: isKeptBySetting. */
  readonly isKept: boolean
  readonly uploadState: UploadTable['state'] | null
  readonly completedAt: Date | null
  readonly recording: {
    readonly id: string
    readonly state: RecordingTable['state']
    readonly isQuarantined: boolean
    readonly sha256: string
  } | null
  /** Of each copy when it was last read back equal; null for one that is not verified now. */
  readonly copies: readonly (Date | null)[]
  readonly receipt: { readonly index: number | null; readonly issuedAt: Date } | null
  /** For a file that was handed in after its receipt was issued: that all copies were read again since. */
  readonly readAgain: { readonly index: number | null; readonly at: Date } | null
  /** An earlier clearing of this line that is open for its dock, also where people gave it up, or took the file away. */
  readonly earlier: 'open' | 'cleared' | null
}

/** How late witnesses are and may be, at the moment of the request. */
export interface Lateness {
  readonly at: Date
  /** Leaves below this are in a witnessed checkpoint; 0 when there is none. */
  readonly witnessedSize: number
  readonly lateMs: number
}

/** Why a file may not be removed, as a word and for people. */
export const clearingRefusals = {
  not_on_list: 'this hand-in has no such line',
  kept_by_setting: 'the bureau keeps what is on devices of this kind, or lets nothing go that was read in this way',
  not_sealed: 'nothing was sealed of it',
  quarantined: 'the recording is in quarantine, or was kept apart by two people',
  damaged: 'a copy is not what was sealed',
  digest_differs: 'the digest is not that of the sealed recording',
  duplicate_unread: 'it was handed in before, and its copies were not all read again since',
  no_receipt: 'no receipt was issued',
  other_receipt: 'the receipt of this recording stands at another index',
  not_witnessed: 'no witnessed checkpoint covers its receipt',
  is_witnessed: 'its receipt is witnessed by now: fetch it, and clear on that',
  copies_missing: 'three verified copies are needed as long as no witness has signed',
  not_late: 'the witnesses are not late yet by the bureau’s setting',
  announced: 'another clearing of it was announced and is not closed',
  cleared: 'it was cleared before',
} as const
export type ClearingRefusal = keyof typeof clearingRefusals

/**
 * Why this file may not be removed from its device now; null when it may (promise 4). The bytes must be sealed as the dock
 * has just read them again, with a receipt that holds still. A file that no witnessed checkpoint covers may go when three
 * verified copies are there and the witnesses are late: then the dock keeps the bytes itself. Pure.
 */
export function clearingRefusal(asked: ClearedFile, known: KnownFile, lateness: Lateness): ClearingRefusal | null {
  const { recording, receipt, earlier } = known
  if (earlier !== null) return earlier === 'open' ? 'announced' : 'cleared'
  if (known.isKept) return 'kept_by_setting'
  if (recording === null || known.uploadState === 'terminated' || known.uploadState === 'expired') return 'not_sealed'
  if (recording.isQuarantined) return 'quarantined'
  if (recording.state === 'damaged') return 'damaged'
  if (recording.sha256 !== asked.sha256) return 'digest_differs'
  if (receipt === null || receipt.index === null) return 'no_receipt'
  if (receipt.index !== asked.receiptIndex) return 'other_receipt'
  if (known.uploadState === 'duplicate' && !wasReadAgain(known)) return 'duplicate_unread'
  const proof = proofOf(known, receipt)
  if (proof === null) return 'duplicate_unread'
  const isWitnessed = proof.index < lateness.witnessedSize
  if (asked.basis === 'witnessed') return isWitnessed ? null : 'not_witnessed'
  if (isWitnessed) return 'is_witnessed'
  if (known.copies.filter((verifiedAt) => verifiedAt !== null).length < storeNames.length) return 'copies_missing'
  return lateness.at.getTime() - proof.at.getTime() >= lateness.lateMs ? null : 'not_late'
}

/** The last of the events that the file is cleared by: its receipt, or the reading after it. Null while that is not there. */
function proofOf({ uploadState, completedAt, readAgain }: KnownFile, receipt: NonNullable<KnownFile['receipt']>) {
  const { index, issuedAt } = receipt
  const isOlder = uploadState === 'duplicate' && completedAt !== null && issuedAt < completedAt
  if (!isOlder) return { index: index!, at: issuedAt }
  if (readAgain === null || readAgain.index === null) return null
  return { index: Math.max(index!, readAgain.index), at: readAgain.at }
}

function wasReadAgain({ copies, completedAt }: KnownFile): boolean {
  return completedAt !== null && copies.length > 0 && copies.every((one) => one !== null && one >= completedAt)
}
