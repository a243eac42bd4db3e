import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { EventKind } from '../events/kinds.ts'
import { replay } from '../events/read.ts'
import { openReplay, type RowSet } from '../events/replay.ts'

/**
 * The rows that the events of these subjects (`type:id`) should have left behind, by their bodies in the order of the
 * ledger. Bodies are believed here: whether they are the committed ones is another check.
 */
export async function toldOf(db: Db, subjects: readonly string[], kinds: readonly EventKind[]): Promise<RowSet> {
  const told = openReplay()
  if (subjects.length === 0) return told.rows()
  const { rows } = await sql<{ id: string; body: string }>`
    select id, body from event
    where subjects && ${[...subjects]}::text[] and kind = any(${[...kinds]}::text[])
    order by leaf_index nulls last, committed_at, id`.execute(db)
  for (const { id, body } of rows) {
    const parsed = bodyOrNull(body)
    if (parsed) replay(parsed, id, told)
  }
  return told.rows()
}

/** The told or stored rows of these tables alone. */
export function onlyTables(rows: RowSet, tables: readonly string[]): RowSet {
  return new Map([...rows].filter(([table]) => tables.includes(table)))
}
