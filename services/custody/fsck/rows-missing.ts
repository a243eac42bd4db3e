import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { EventKind } from '../events/kinds.ts'

/** Which event makes a row of which table: one event, one row. */
const made = {
  person: ['person.created'],
  device: ['device.registered'],
  dock: ['dock.registered'],
  hand_in: ['hand_in.opened'],
  upload: ['upload.created'],
  recording: ['recording.sealed', 'recording.quarantined'],
  party: ['party.created'],
  case_file: ['case.opened'],
  viewing: ['viewing.opened'],
} as const satisfies Record<string, readonly EventKind[]>

/**
 * How many rows of each kind the events tell of, and how many there are: after events alone were brought back, what is
 * still to come from a dump. `custody fsck` names each row.
 */
export async function rowsMissing(db: Db): Promise<Record<string, { told: number; rows: number }>> {
  const counts: Record<string, { told: number; rows: number }> = {}
  for (const [table, kinds] of Object.entries(made)) {
    const { rows } = await sql<{ told: number; rows: number }>`
      select (select count(*) from event where kind in (${sql.join([...kinds])})) as told,
        (select count(*) from ${sql.table(table)}) as rows`.execute(db)
    counts[table] = rows[0]!
  }
  return counts
}
