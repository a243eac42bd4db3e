import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { EventKind } from '../../services/custody/events/kinds.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { waitUntilCovered } from '../../services/ledger/log/covered.ts'
import { newestPublished, newestWitnessed, type PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'

const coverTimeoutMs = 30_000
const pollMs = 100

/**
 * The checkpoint that a package is proven against: one that covers the last act before its building (asked for, signed) and
 * the event `after`.
 * With `witnessWaitMs` the newest that the policy's quorum cosigned, waiting so long for one; else, or after that, the newest.
 *
 * @throws ledger_behind while the sequencer is away
 */
export async function checkpointForPackage(
  db: Db,
  packageId: string,
  options: { witnessWaitMs: number; after: string | null; signal: AbortSignal },
): Promise<PublishedCheckpoint> {
  const act = await db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${`package:${packageId}`}]`)
    .where('kind', 'in', ['package.requested', 'package.signed'] satisfies EventKind[])
    .select('id')
    .orderBy('committed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!act) throw new Fault('log_forked', `no event asks for package ${packageId}: run \`custody fsck\``)
  const covering = { timeoutMs: coverTimeoutMs, signal: options.signal }
  let { index } = await waitUntilCovered(db, act.id, covering)
  if (options.after) index = Math.max(index, (await waitUntilCovered(db, options.after, covering)).index)
  const deadline = performance.now() + options.witnessWaitMs
  for (;;) {
    const witnessed = await newestWitnessed(db)
    if (witnessed && witnessed.size > index) return witnessed
    if (performance.now() >= deadline) break
    await delay(pollMs, undefined, { signal: options.signal })
  }
  const newest = await newestPublished(db)
  if (!newest) throw new Fault('ledger_behind', 'there is no checkpoint')
  return newest
}
