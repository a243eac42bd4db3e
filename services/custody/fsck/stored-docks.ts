import type { Db } from '../../foundation/db/database.ts'
import type { RowSet } from '../events/replay.ts'
import { rowSet } from './stored-rows.ts'

/** Every dock, and every code that was made for one: without its digest, which no event tells and no worker may read. */
export async function storedOfDocks(db: Db): Promise<RowSet> {
  const docks = await db.selectFrom('dock').selectAll().execute()
  const enrolments = await db
    .selectFrom('dock_enrolment')
    .select(['id', 'name', 'made_by', 'made_at', 'expires_at', 'used_at'])
    .execute()
  return rowSet({
    dock: [docks, (row) => `${row.id}`],
    dock_enrolment: [enrolments, (row) => `${row.id}`],
  })
}
