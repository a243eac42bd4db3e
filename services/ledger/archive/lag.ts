import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { type StoreName, storeNames } from '../../foundation/store/store.ts'

/** Body and salt of an event lie on all stores this long after its leaf, or somebody is told. */
export const archiveLagMsMax = 60_000

/** Store by store, how long the oldest event with a leaf has waited to be archived there, in milliseconds; 0 when none waits. */
export async function archiveLagMs(db: Db, now: Date): Promise<Readonly<Record<StoreName, number>>> {
  const { rows } = await sql<{ store: StoreName; ms: number }>`
    select store, (extract(epoch from ${now}::timestamptz - event.committed_at) * 1000)::float8 as ms
    from unnest(${[...storeNames]}::text[]) as wanted (store)
    left join archive_progress progress using (store)
    join event on event.leaf_index = coalesce(progress.archived_to, 0)`.execute(db)
  const waited = (name: StoreName) => Math.max(0, rows.find(({ store }) => store === name)?.ms ?? 0)
  return { primary: waited('primary'), 'backup-a': waited('backup-a'), 'backup-b': waited('backup-b') }
}
