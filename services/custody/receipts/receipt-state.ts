import type { Db } from '../../foundation/db/database.ts'
import { type ProvenEvent, provenReceipt } from '../../ledger/log/disclosed-event.ts'
import { firstSince, readingsAgain } from '../copies/read-again.ts'
import type { ListedFileState } from '../devices/listed-file.ts'
import { type ReceiptHindrance, receiptHindrance } from './receipt.ts'

export type NotYetReason = ReceiptHindrance | 'not_sealed' | 'duplicate_unread' | 'came_to_nothing'

/** What `ReceiptState` may be. */
export const receiptStates = ['not_yet', 'provisional', 'witnessed'] as const satisfies readonly ReceiptState['state'][]

/** A receipt as a dock or a person is given it. Keys to check it with are never in it. */
export type ReceiptState =
  | { readonly state: 'not_yet'; readonly reason: NotYetReason; readonly message: string }
  | {
      readonly state: 'provisional' | 'witnessed'
      /** What is missing for `witnessed`; null then. */
      readonly message: string | null
      readonly recordingId: string
      readonly receipt: ProvenEvent
      /** For a file that was handed in after its receipt was issued: that the three copies were read again since. */
      readonly readAgain: ProvenEvent | null
    }

const messages: Readonly<Record<NotYetReason, string>> = {
  not_sealed: 'the file is not sealed yet: its last byte or its digest is missing, or the seal is under way',
  came_to_nothing: 'the upload was ended before it was complete: nothing was sealed',
  duplicate_unread:
    'the file was handed in before, and its three copies were not all read again since it was handed in anew',
  quarantined: 'the recording is in quarantine, or was kept apart by two people: the device keeps its file',
  damaged: 'a copy is not what was sealed: the device keeps its file until that is repaired',
  not_secured: 'the three copies were not all read back yet',
  not_in_ledger: 'an event about the recording has no place in the ledger yet',
  not_archived: 'the events about the recording are not on both backups yet',
  not_issued: 'everything is there: the receipt is being issued',
}

const unwitnessed = 'no checkpoint over the receipt was cosigned by enough witnesses yet'
const withoutWitnesses = 'this ledger has no witnesses (LEDGER_POLICY): its receipts stay provisional'

/** How the receipt of a recording stands. `hasWitnesses`: the service's policy asks for cosignatures. */
export async function receiptOfRecording(
  db: Db,
  recordingId: string,
  options: { hasWitnesses: boolean },
): Promise<ReceiptState> {
  const hindrance = await receiptHindrance(db, recordingId)
  // What was issued is withheld while it does not hold any more: damage found since, quarantine.
  if (hindrance === 'damaged' || hindrance === 'quarantined') return notYet(hindrance)
  const row = await db
    .selectFrom('receipt')
    .where('recording_id', '=', recordingId)
    .select('event_id')
    .executeTakeFirst()
  if (!row) return notYet(hindrance ?? 'not_issued')
  const receipt = await provenReceipt(db, row.event_id)
  if (!receipt) return notYet('not_in_ledger')
  const isWitnessed = options.hasWitnesses && receipt.checkpoint.witnessedAt !== null
  return {
    state: isWitnessed ? 'witnessed' : 'provisional',
    message: isWitnessed ? null : options.hasWitnesses ? unwitnessed : withoutWitnesses,
    recordingId,
    receipt,
    readAgain: null,
  }
}

/** An upload as its receipt depends on it. */
export interface UploadForReceipt {
  readonly state: string
  readonly recording_id: string | null
  readonly completed_at: Date | null
}

/**
 * How the receipt for an upload stands. A file that was known already has the receipt of its recording only when every copy
 * was read again after it was handed in anew (promise 4). Where the receipt is older than that, the event that says so goes
 * with it, and the receipt counts as witnessed when both are.
 */
export async function receiptOfUpload(
  db: Db,
  upload: UploadForReceipt,
  options: { hasWitnesses: boolean },
): Promise<ReceiptState> {
  if (upload.state === 'terminated' || upload.state === 'expired') return notYet('came_to_nothing')
  if (upload.recording_id === null) return notYet('not_sealed')
  if (upload.state === 'duplicate' && !(await wasReadAgain(db, upload.recording_id, upload.completed_at))) {
    return notYet('duplicate_unread')
  }
  const state = await receiptOfRecording(db, upload.recording_id, options)
  if (upload.state !== 'duplicate' || state.state === 'not_yet') return state
  return withReading(db, state, upload.completed_at)
}

async function withReading(
  db: Db,
  state: Exclude<ReceiptState, { state: 'not_yet' }>,
  since: Date | null,
): Promise<ReceiptState> {
  const readings = await readingsAgain(db, [state.recordingId])
  const reading = since && firstSince(readings.get(state.recordingId), since)
  // The copies were read back for the first time after that: the receipt is younger than the hand-in.
  if (!reading) return state
  const readAgain = await provenReceipt(db, reading.eventId)
  if (!readAgain) return notYet('not_in_ledger')
  const isWitnessed = state.state === 'witnessed' && readAgain.checkpoint.witnessedAt !== null
  return { ...state, readAgain, ...(!isWitnessed && { state: 'provisional', message: state.message ?? unwitnessed }) }
}

/** A line of a dock's list, as its receipt depends on it. */
export interface ListedForReceipt {
  readonly state: ListedFileState
  readonly uploadId: string | null
  readonly recordingId: string | null
  readonly completedAt: Date | null
}

/**
 * How the receipt for a line stands. One that names a recording by its digest, without bytes of its own, has that of the
 * recording: no byte came for it that its copies could be held against, and it is cleared by the line of its bytes.
 */
export async function receiptOfListed(
  db: Db,
  { state, uploadId, recordingId, completedAt }: ListedForReceipt,
  options: { hasWitnesses: boolean },
): Promise<ReceiptState> {
  if (state === 'expected') return notYet(uploadId === null ? 'not_sealed' : 'came_to_nothing')
  if (state === 'duplicate' && recordingId !== null && completedAt === null) {
    return receiptOfRecording(db, recordingId, options)
  }
  return receiptOfUpload(db, { state, recording_id: recordingId, completed_at: completedAt }, options)
}

async function wasReadAgain(db: Db, recordingId: string, since: Date | null): Promise<boolean> {
  const copies = await db.selectFrom('copy').where('recording_id', '=', recordingId).select('verified_at').execute()
  return since !== null && copies.every(({ verified_at }) => verified_at !== null && verified_at >= since)
}

function notYet(reason: NotYetReason): ReceiptState {
  return { state: 'not_yet', reason, message: messages[reason] }
}
