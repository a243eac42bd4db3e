import type { Db } from '../../foundation/db/database.ts'

/** A time-stamp with the exact bytes that it stamps. */
export interface StoredTimestamp {
  readonly size: number
  /** The log's signed note of that size, without cosignatures: what was stamped, verbatim. */
  readonly note: string
  readonly authority: string
  /** TimeStampResp, DER. */
  readonly response: Buffer
  /** The time that the authority states. */
  readonly stampedAt: Date
}

/** The newest time-stamp of each authority over a checkpoint of at most `size` leaves, by name of the authority. */
export async function timestampsUpTo(db: Db, size: number): Promise<StoredTimestamp[]> {
  return db
    .selectFrom('timestamp_token as token')
    .innerJoin('checkpoint', 'checkpoint.size', 'token.size')
    .distinctOn('token.authority')
    .where('token.size', '<=', size)
    .select(['token.size', 'checkpoint.note', 'token.authority', 'token.response', 'token.stamped_at as stampedAt'])
    .orderBy('token.authority')
    .orderBy('token.size', 'desc')
    .execute()
}

/** What is stored, the newest checkpoint first. */
export async function listTimestamps(
  db: Db,
  page: { limit: number; before: number | null },
): Promise<{ size: number; authority: string; stampedAt: Date; receivedAt: Date }[]> {
  return db
    .selectFrom('timestamp_token')
    .$if(page.before !== null, (query) => query.where('size', '<', page.before!))
    .select(['size', 'authority', 'stamped_at as stampedAt', 'received_at as receivedAt'])
    .orderBy('size', 'desc')
    .orderBy('authority')
    .limit(page.limit)
    .execute()
}

/** The token of one authority over the checkpoint of exactly this size; null when there is none. */
export async function timestampOf(db: Db, size: number, authority: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('timestamp_token')
    .where('size', '=', size)
    .where('authority', '=', authority)
    .select('response')
    .executeTakeFirst()
  return row?.response ?? null
}

/** The bytes that time-stamps over this size are of: the signed note as the log wrote it. Null when none was published. */
export async function stampedNote(db: Db, size: number): Promise<string | null> {
  const row = await db.selectFrom('checkpoint').where('size', '=', size).select('note').executeTakeFirst()
  return row?.note ?? null
}
