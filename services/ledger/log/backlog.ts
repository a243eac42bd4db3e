import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'

/** An event that waits longer than this for its leaf stops every further change of state. */
export const leafDelayMsMax = 5_000

/** Age of the oldest event without a leaf, in milliseconds by the database's clock; 0 when none waits. */
export async function leafDelayMs(db: Db): Promise<number> {
  const row = await db
    .selectFrom('event')
    .where('leaf_index', 'is', null)
    .select(sql<number | null>`(extract(epoch from clock_timestamp() - min(committed_at)) * 1000)::float8`.as('ms'))
    .executeTakeFirst()
  return Math.max(0, row?.ms ?? 0)
}

/**
 * Refuses a change of state while the sequencer is behind: an unsequenced tail, which whoever holds the database could
 * still rewrite, must not grow quietly. Uploads' bytes need not ask.
 *
 * @throws ledger_behind
 */
export async function requireLedgerCaughtUp(db: Db): Promise<void> {
  const delayMs = await leafDelayMs(db)
  if (delayMs <= leafDelayMsMax) return
  throw new Fault(
    'ledger_behind',
    `the ledger is ${Math.round(delayMs / 1000)} s behind, so nothing may change now (uploads under way go on): ask the administrator to look at the sequencer, then try again`,
  )
}
