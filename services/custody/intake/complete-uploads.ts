import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

/** An upload that can be finished now. Uploads of the same `file` may hold the same bytes. */
export interface CompleteUpload {
  readonly id: string
  readonly file: string
}

/**
 * Complete uploads that no process is working on and that have a step to do: to be stored, to be digested, or to be sealed,
 * which waits `digestWaitMs` for the dock's own digest. Marked ones come first, then the longest complete. Looks at the
 * first `limit` of them and returns one for each file: what may be the same file is finished one after another, so that
 * the second finds the first and its version stays unlocked.
 */
export async function completeUploads(
  db: Db,
  { now, digestWaitMs, limit }: { now: Date; digestWaitMs: number; limit: number },
): Promise<CompleteUpload[]> {
  const rows = await db
    .selectFrom('upload')
    .select(['id', 'device_serial', 'bytes'])
    .where('state', '=', 'complete')
    .where((where) => where.or([where('lease_holder', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .where((where) =>
      where.or([
        where('declared_sha256', 'is not', null),
        where('version_id', 'is', null),
        where('sha256', 'is', null),
        where('completed_at', '<=', new Date(now.getTime() - digestWaitMs)),
      ]),
    )
    .orderBy('mark', 'desc')
    .orderBy('completed_at')
    .limit(limit)
    .execute()
  const first = new Map<string, CompleteUpload>()
  for (const { id, device_serial: serial, bytes } of rows) {
    const file = `${bytes} ${serial}`
    if (!first.has(file)) first.set(file, { id, file })
  }
  return [...first.values()]
}
