import type { Db } from '../../foundation/db/database.ts'
import type { StoreName } from '../../foundation/store/store.ts'

/** The stores that hold body and salt of the event at leaf `index`, encrypted, with its leaf and a checkpoint over it. */
export async function archivedOn(db: Db, index: number): Promise<readonly StoreName[]> {
  const rows = await db.selectFrom('archive_progress').where('archived_to', '>', index).select('store').execute()
  return rows.map(({ store }) => store)
}
