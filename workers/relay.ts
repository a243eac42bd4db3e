import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { isFault } from '../services/foundation/errors.ts'
import { newId } from '../services/foundation/id.ts'
import type { Logger } from '../services/foundation/log.ts'
import type { Producer } from '../services/foundation/queue/producer.ts'
import { jobsToPublish, markPublished, unpublishPending } from '../services/foundation/queue/publication.ts'

export interface RelayDeps {
  readonly db: Db
  readonly notices: Notices
  readonly producer: Producer
  readonly clock: Clock
  readonly log: Logger
}

/** A job whose notice was lost, or a queue that lost its data, is found after this time. */
const unnoticedMs = 1_000
const retryMs = 500
const batchMax = 500

/**
 * Publishes pending jobs to the queue until `signal` ends it: the caller holds the lease `relay`. Redis holds nothing that
 * matters: while it is away this waits, and when it lost its data every pending job is published again.
 */
export async function runRelay(deps: RelayDeps, signal: AbortSignal): Promise<void> {
  const jobs = deps.notices.subscribe('job', signal)
  let isAway = false
  while (!signal.aborted) {
    try {
      await publishAllAgainIfLost(deps)
      const waitMs = await publishDue(deps)
      if (isAway) deps.log.info('relay: the queue takes jobs again')
      isAway = false
      await jobs.wait(waitMs, signal)
    } catch (error) {
      if (isFault(error, 'bad_config')) throw error
      if (!isAway) deps.log.warn({ err: error }, 'relay: jobs cannot be published and wait')
      isAway = true
      await delay(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** The marker goes with everything else that Redis held: when it is gone, nothing published before counts. */
async function publishAllAgainIfLost({ db, producer, clock, log }: RelayDeps): Promise<void> {
  if ((await producer.generation()) !== null) return
  const jobs = await unpublishPending(db)
  await producer.setGeneration(newId(clock.now()))
  if (jobs > 0) log.warn({ jobs }, 'relay: the queue lost its data, all pending jobs are published again')
}

/**
 * Publishes what is due, oldest first, then marks it: a crash in between publishes again, which changes nothing. Returns how
 * long to wait for the next, in milliseconds.
 */
async function publishDue({ db, producer, clock }: RelayDeps): Promise<number> {
  const now = clock.now()
  const waiting = await jobsToPublish(db, { now, dueWithinMs: unnoticedMs, limit: batchMax })
  const due = waiting.filter(({ runAfter }) => runAfter <= now)
  const next = waiting[due.length]
  const waitMs = next ? next.runAfter.getTime() - now.getTime() : waiting.length < batchMax ? unnoticedMs : 0
  if (due.length === 0) return waitMs
  await producer.add(due.map(({ id, name }) => ({ id, name })))
  const ids = due.map(({ id }) => id)
  await markPublished(db, ids, now)
  return waitMs
}
