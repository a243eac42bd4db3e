import type { Db } from '../../foundation/db/database.ts'
import { type ProvenEvent, provenReceipt } from '../../ledger/log/disclosed-event.ts'
import type { ListedFile } from './hand-in-detail.ts'

/** The proof of the last receipt that was issued for these files: what the code of their slip names. Null while there is none. */
export async function lastReceiptOf(
  db: Db,
  files: readonly Pick<ListedFile, 'recordingId' | 'receipt'>[],
): Promise<ProvenEvent | null> {
  const issued = files.flatMap(({ recordingId, receipt: { index } }) =>
    recordingId !== null && index !== null ? [{ recordingId, index }] : [],
  )
  const last = issued.toSorted((a, b) => b.index - a.index)[0]
  if (!last) return null
  const row = await db
    .selectFrom('receipt')
    .where('recording_id', '=', last.recordingId)
    .select('event_id')
    .executeTakeFirst()
  return row ? provenReceipt(db, row.event_id) : null
}
