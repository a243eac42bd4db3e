import { setTimeout as delay } from 'node:timers/promises'
import { lastActBeforeBuild } from '../../services/custody/packages/acts.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { waitUntilCovered } from '../../services/ledger/log/covered.ts'
import { newestPublished, newestWitnessed, type PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'

const coverTimeoutMs = 30_000
const pollMs = 100

/**
 * The checkpoint that the report of a package is written from: one that covers the last act before its building (asked for, signed) and
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
  return checkpointCovering(db, options.after ? [actId, options.after] : [actId], options)
}

/**
 * A checkpoint that covers these events, chosen like that of a package.
 *
 * @throws ledger_behind while the sequencer is away
 */
export async function checkpointCovering(
  db: Db,
  eventIds: readonly string[],
  options: { witnessWaitMs: number; signal: AbortSignal },
): Promise<PublishedCheckpoint> {
  let index = -1
  for (const id of eventIds) {
    const covered = await waitUntilCovered(db, id, { timeoutMs: coverTimeoutMs, signal: options.signal })
    index = Math.max(index, covered.index)
  }
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
