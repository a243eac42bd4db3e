import { sql } from 'kysely'
import type { Db, Trx } from '../db/database.ts'
import { Fault } from '../errors.ts'
import type { JobName } from './jobs.ts'

export interface PendingJob {
  readonly id: string
  readonly name: JobName
  readonly subjectId: string
  readonly attempts: number
}

const backoffFirstMs = 1000
const backoffMaxMs = 5 * 60_000

/** The job as PostgreSQL has it; null when it is done or was never asked for, and nothing is to be done. */
export async function pendingJob(db: Db, name: JobName, jobId: string): Promise<PendingJob | null> {
  const row = await db
    .selectFrom('job')
    .select(['id', 'subject_id', 'attempts'])
    .where('id', '=', jobId)
    .where('name', '=', name)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return row ? { id: row.id, name, subjectId: row.subject_id, attempts: row.attempts } : null
}

/** Ends a job in the transaction that holds its result. Ending it twice changes nothing. */
export async function finishJob(trx: Trx, jobId: string, now: Date): Promise<void> {
  await trx
    .updateTable('job')
    .set({ state: 'done', finished_at: now, last_error: null })
    .where('id', '=', jobId)
    .where('state', '=', 'pending')
    .execute()
}

/**
 * Notes a failed run: the job is published again after a wait that doubles from 1 s to 5 min, with jitter so that many
 * do not come back at once. Jobs are never given up.
 */
export async function retryJob(
  db: Db,
  job: PendingJob,
  failure: { now: Date; error: string; random: number },
): Promise<Date> {
  const runAfter = new Date(failure.now.getTime() + backoffMs(job.attempts, failure.random))
  await db
    .updateTable('job')
    .set({
      attempts: sql<number>`attempts + 1`,
      run_after: runAfter,
      published_at: null,
      last_error: failure.error.slice(0, 1000),
    })
    .where('id', '=', job.id)
    .where('state', '=', 'pending')
    .execute()
  return runAfter
}

/** Puts a job off without counting it as failed: another process works on it, or this one is ending. */
export async function postponeJob(db: Db, jobId: string, runAfter: Date): Promise<void> {
  await db
    .updateTable('job')
    .set({ run_after: runAfter, published_at: null })
    .where('id', '=', jobId)
    .where('state', '=', 'pending')
    .execute()
}

/** Wait before run number `attempts + 2`: 1 s · 2^attempts, at most 5 min, less up to a quarter by `random` (0..1). Pure. */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(attempts, 20))
  return Math.round(full * (1 - random / 4))
}

/** @throws internal when a handler came back without ending its job or saying why not. */
export async function requireFinished(db: Db, job: PendingJob): Promise<void> {
  if (await pendingJob(db, job.name, job.id)) {
    throw new Fault('internal', `${job.name} of ${job.subjectId} came back without a result`)
  }
}
