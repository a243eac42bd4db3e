import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { isFault } from '../services/foundation/errors.ts'
import { newId } from '../services/foundation/id.ts'
import type { Logger } from '../services/foundation/log.ts'
import { jobNames } from '../services/foundation/queue/jobs.ts'
import type { Producer } from '../services/foundation/queue/producer.ts'

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
/** A published job that is still pending after this long is published again: its worker or its Redis may be gone. */
const publishAgainMs = 60_000

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
  const result = await db
    .updateTable('job')
    .set({ published_at: null })
    .where('state', '=', 'pending')
    .where('published_at', 'is not', null)
    .executeTakeFirst()
  await producer.setGeneration(newId(clock.now()))
  const jobs = Number(result.numUpdatedRows)
  if (jobs > 0) log.warn({ jobs }, 'relay: the queue lost its data, all pending jobs are published again')
}

/**
 * Publishes what is due, oldest first, then marks it: a crash in between publishes again, which changes nothing. Returns how
 * long to wait for the next, in milliseconds.
 */
async function publishDue({ db, producer, clock }: RelayDeps): Promise<number> {
  const now = clock.now()
  const waiting = await db
    .selectFrom('job')
    .select(['id', 'name', 'run_after'])
    .where('state', '=', 'pending')
    .where('name', 'in', jobNames)
    .where('run_after', '<=', new Date(now.getTime() + unnoticedMs))
    .where((where) =>
      where.or([
        where('published_at', 'is', null),
        where('published_at', '<', new Date(now.getTime() - publishAgainMs)),
      ]),
    )
    .orderBy('run_after')
    .limit(batchMax)
    .execute()
  const due = waiting.filter(({ run_after }) => run_after <= now)
  const next = waiting[due.length]
  const waitMs = next ? next.run_after.getTime() - now.getTime() : waiting.length < batchMax ? unnoticedMs : 0
  if (due.length === 0) return waitMs
  const known = new Set<string>(jobNames)
  const list = due.flatMap(({ id, name }) => (known.has(name) ? [{ id, name: name as (typeof jobNames)[number] }] : []))
  await producer.add(list)
  const ids = due.map(({ id }) => id)
  // A job that failed in the meantime has a later run_after, and must keep its null.
  await db
    .updateTable('job')
    .set({ published_at: now })
    .where('id', 'in', ids)
    .where('state', '=', 'pending')
    .where('run_after', '<=', now)
    .execute()
  return waitMs
}
