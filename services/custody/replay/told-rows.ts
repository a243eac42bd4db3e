import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { checkBody } from '../../ledger/entry.ts'
import type { EventKind } from '../events.ts'
import { packageRules } from './package-rules.ts'
import { receiptRules } from './receipt-rules.ts'
import { recordingRules } from './recording-rules.ts'
import { registerRules } from './register-rules.ts'
import { renditionRules } from './rendition-rules.ts'
import { openReplay, type RowSet, type Rule, toldEvent } from './replay.ts'
import { viewingRules } from './viewing-rules.ts'

const rules: Partial<Record<string, Rule>> = {
  ...recordingRules,
  ...renditionRules,
  ...viewingRules,
  ...registerRules,
  ...packageRules,
  ...receiptRules,
}

/** The kinds that say something about rows. */
export const replayedKinds = Object.keys(rules) as EventKind[]

/**
 * The rows that the events of these subjects (`type:id`) should have left behind, by their bodies in the order of the
 * ledger. Bodies are believed here: whether they are the committed ones is another check.
 */
export async function toldOf(db: Db, subjects: readonly string[], kinds: readonly EventKind[]): Promise<RowSet> {
  const replay = openReplay()
  if (subjects.length === 0) return replay.rows()
  const { rows } = await sql<{ id: string; body: string }>`
    select id, body from event
    where subjects && ${[...subjects]}::text[] and kind = any(${[...kinds]}::text[])
    order by leaf_index nulls last, committed_at, id`.execute(db)
  for (const { id, body } of rows) {
    const parsed = readBody(body)
    if (parsed) rules[parsed.kind]?.(toldEvent(parsed, id), replay)
  }
  return replay.rows()
}

/** The told or stored rows of these tables alone. */
export function onlyTables(rows: RowSet, tables: readonly string[]): RowSet {
  return new Map([...rows].filter(([table]) => tables.includes(table)))
}

function readBody(text: string) {
  try {
    return checkBody(text)
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}
