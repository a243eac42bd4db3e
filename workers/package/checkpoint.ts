import { setTimeout as delay } from 'node:timers/promises'
import { lastActBeforeBuild } from '../../services/custody/packages/acts.ts'
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
  const actId = await lastActBeforeBuild(db, packageId)
  const covering = { timeoutMs: coverTimeoutMs, signal: options.signal }
  let { index } = await waitUntilCovered(db, actId, covering)
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
