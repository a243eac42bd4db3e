import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'

const pollMs = 8

/**
 * Waits until a signed checkpoint covers the event, and returns that event's index and the checkpoint's size.
 * Ledger first, bytes after: nothing is served before this returns.
 *
 * @throws ledger_behind when that takes longer than `timeoutMs`: the sequencer is away, and nothing may be shown.
 */
export async function waitUntilCovered(
  db: Db,
  eventId: string,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<{ index: number; size: number }> {
  const deadline = performance.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    const covered = await coverOf(db, eventId)
    if (covered) return covered
    if (performance.now() > deadline) {
      throw new Fault(
        'ledger_behind',
        `the ledger has not signed this act within ${options.timeoutMs} ms, so nothing is shown: ask the administrator to look at the sequencer, then try again`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

async function coverOf(db: Db, eventId: string): Promise<{ index: number; size: number } | undefined> {
  const row = await db
    .selectFrom('event')
    .innerJoin('checkpoint', (join) => join.onRef('checkpoint.size', '>', 'event.leaf_index'))
    .where('event.id', '=', eventId)
    .select(['event.leaf_index as index', 'checkpoint.size as size'])
    .orderBy('checkpoint.size', 'asc')
    .limit(1)
    .executeTakeFirst()
  return row && row.index !== null ? { index: row.index, size: row.size } : undefined
}
