import type { Db } from '../../foundation/db/database.ts'

/** A checkpoint as the log signed it: the note has no cosignatures. */
export interface StoredCheckpoint {
  /** Leaves under it. */
  readonly size: number
  readonly root: Buffer
  readonly note: string
  readonly at: Date
}

/** The newest checkpoint with more than `above` leaves (default: any); null when there is none. */
export async function newestCheckpoint(db: Db, above = -1): Promise<StoredCheckpoint | null> {
  const row = await db
    .selectFrom('checkpoint')
    .selectAll()
    .where('size', '>', above)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** How many leaves the newest checkpoint covers; 0 before the first one. */
export async function newestCheckpointSize(db: Db): Promise<number> {
  const row = await db.selectFrom('checkpoint').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row?.size ?? 0
}
