import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { handInOrigin } from '../devices/hand-in-origin.ts'
import { type ListedFileState, listedRecording, listedState } from '../devices/listed-file.ts'
import { type NotYetReason, type ReceiptState, receiptOfListed } from '../receipts/receipt-state.ts'
import { clearingsOfHandIn } from './clearing-list.ts'
import { correctionsOf } from './correction-list.ts'
import { listGaps } from './gap-list.ts'
import { type HandInSummary, listHandIns } from './hand-in-list.ts'
import { statementsOf } from './statement-list.ts'

/** More gaps are not shown with one hand-in; GET /gaps has them all. */
const gapsMax = 500

/** One file of a dock's list, and what became of it. */
export interface ListedFile {
  readonly number: number
  readonly name: { readonly base64: string; readonly text: string }
  readonly bytes: number
  readonly mark: boolean
  /** As the list says it. */
  readonly deviceTime: string | null
  /** What the list said, or what the sealed bytes have. */
  readonly sha256: string | null
  readonly state: ListedFileState
  readonly uploadId: string | null
  readonly recordingId: string | null
  readonly recordingState: string | null
  readonly quarantineReason: string | null
  readonly receipt: {
    readonly state: ReceiptState['state']
    readonly reason: NotYetReason | null
    readonly message: string | null
    /** Place in the ledger. */
    readonly index: number | null
  }
}

export type HandInDetail = Awaited<ReturnType<typeof handInDetail>>

/** A hand-in as a whole, without its files. @throws not_found */
export async function handInDetail(db: Db, id: string, at: Date) {
  const { handIns } = await listHandIns(db, { id, limit: 1 })
  const summary: HandInSummary | undefined = handIns[0]
  if (!summary) throw new Fault('not_found', 'there is no such hand-in')
  return {
    ...summary,
    origin: await handInOrigin(db, id),
    gapsFound: await listGaps(db, { handInId: id, limit: gapsMax }, at),
    statementsSaid: await statementsOf(db, id),
    corrections: await correctionsOf(db, id),
    clearings: await clearingsOfHandIn(db, id),
  }
}

/**
 * Files of a hand-in's list in its order, from line `from` on.
 *
 * @param options `hasWitnesses` as in receipt-state.ts
 */
export async function filesOfHandIn(
  db: Db,
  handInId: string,
  options: { from: number; limit: number; hasWitnesses: boolean },
): Promise<{ files: ListedFile[]; next: number | null }> {
  const { from, limit, hasWitnesses } = options
  const rows = await db
    .selectFrom('hand_in_file as file')
    .leftJoin('upload', 'upload.id', 'file.upload_id')
    .leftJoin('recording', (join) => join.on('recording.id', '=', listedRecording))
    .where('file.hand_in_id', '=', handInId)
    .where('file.number', '>=', from)
    .select(['file.number', 'file.name', 'file.bytes', 'file.mark', 'file.device_time', 'file.sha256 as listed_sha256'])
    .select(['file.upload_id', 'upload.completed_at', listedState.as('state'), 'recording.id as recording_id'])
    .select(['recording.sha256', 'recording.state as recording_state', 'recording.quarantine_reason'])
    .orderBy('file.number')
    .limit(limit + 1)
    .execute()
  const files: ListedFile[] = []
  for (const row of rows.slice(0, limit)) {
    const { state, recording_id: recordingId, upload_id: uploadId, completed_at: completedAt } = row
    files.push({
      number: row.number,
      name: { base64: row.name.toString('base64'), text: displayName(row.name) },
      bytes: row.bytes,
      mark: row.mark,
      deviceTime: row.device_time,
      sha256: (row.sha256 ?? row.listed_sha256)?.toString('hex') ?? null,
      state,
      uploadId,
      recordingId,
      recordingState: row.recording_state,
      quarantineReason: row.quarantine_reason,
      receipt: shownReceipt(await receiptOfListed(db, { state, uploadId, recordingId, completedAt }, { hasWitnesses })),
    })
  }
  return { files, next: rows.length > limit ? from + limit : null }
}

function shownReceipt(state: ReceiptState): ListedFile['receipt'] {
  if (state.state === 'not_yet') {
    return { state: state.state, reason: state.reason, message: state.message, index: null }
  }
  return { state: state.state, reason: null, message: state.message, index: state.receipt.index }
}
