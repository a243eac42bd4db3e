import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { clearingListDigest, clearingOutcomesDigest } from '../clearing/clearing-text.ts'

/**
 * Clearings of these hand-ins with what their events say of the files: the digest of the list by the rows that are there, and
 * of what became of each once the clearing is closed.
 */
export async function clearingsOf(db: Db, handInIds: readonly string[]) {
  // Ids come from events too, and need not be uuids there.
  const isOfThese = sql<boolean>`hand_in_id::text = any(${[...handInIds]}::text[])`
  const rows = await db.selectFrom('clearing').where(isOfThese).selectAll().execute()
  const files = await db.selectFrom('clearing_file').where(isOfThese).selectAll().execute()
  const byClearing = Map.groupBy(files, ({ clearing_id }) => clearing_id)
  return rows.map((row) => {
    const own = byClearing.get(row.id) ?? []
    const list = own.map((file) => ({
      number: file.number,
      sha256: file.sha256.toString('hex'),
      basis: file.basis,
      receiptIndex: file.receipt_index,
    }))
    const outcomes = own.flatMap(({ number, outcome }) => (outcome === null ? [] : [{ number, outcome }]))
    return {
      ...row,
      list_sha256: clearingListDigest(list),
      ...(row.ended_at !== null && { outcomes_sha256: clearingOutcomesDigest(outcomes) }),
    }
  })
}

/** Files of these recordings that were removed from their device, by the rows. */
export function clearedOf(db: Db, recordingIds: readonly string[]) {
  return db
    .selectFrom('clearing_file')
    .where('recording_id', 'in', recordingIds)
    .where('outcome', '=', 'cleared')
    .selectAll()
    .execute()
}
