import type { Db } from '../../foundation/db/database.ts'
import type { RowSet } from '../events/replay.ts'
import { rowSet } from './stored-rows.ts'

/**
 * Every dock, every code that was made for one (without its digest, which no event tells and no worker may read), and what docks
 * reported and who showed himself there.
 */
export async function storedOfDocks(db: Db): Promise<RowSet> {
  const docks = await db.selectFrom('dock').selectAll().execute()
  const enrolments = await db
    .selectFrom('dock_enrolment')
    .select(['id', 'name', 'made_by', 'made_at', 'expires_at', 'used_at'])
    .execute()
  const shown = await db.selectFrom('dock_identification').selectAll().execute()
  const lifts = await db.selectFrom('dock_code_lift').selectAll().execute()
  const reports = await db.selectFrom('dock_report').selectAll().execute()
  const statements = await db.selectFrom('volume_statement').selectAll().execute()
  return rowSet({
    dock_identification: [shown, (row) => `${row.dock_id}/${row.event_id}`],
    dock_code_lift: [lifts, (row) => `${row.dock_id}/${row.event_id}`],
    dock_report: [reports, (row) => `${row.dock_id}/${row.said_id}`],
    volume_statement: [statements, (row) => `${row.dock_id}/${row.event_id}`],
    dock: [docks, (row) => `${row.id}`],
    dock_enrolment: [enrolments, (row) => `${row.id}`],
  })
}
