import type { Db } from '../db/database.ts'
import { type JobName, jobNames } from './jobs.ts'

/** A published job that is still pending after this long is published again: its worker or its Redis may be gone. */
const publishAgainMs = 60_000

/** Makes every pending job due for publication again: the queue has lost its data. Returns how many there are. */
export async function unpublishPending(db: Db): Promise<number> {
  const result = await db
    .updateTable('job')
    .set({ published_at: null })
    .where('state', '=', 'pending')
    .where('published_at', 'is not', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** A pending job that is to be published at `runAfter`. */
export interface DueJob {
  readonly id: string
  readonly name: JobName
  readonly runAfter: Date
}

/** Pending jobs that are due at `now` or within `dueWithinMs` after it, at most `limit`, the longest due first. */
export async function jobsToPublish(
  db: Db,
  { now, dueWithinMs, limit }: { now: Date; dueWithinMs: number; limit: number },
): Promise<DueJob[]> {
  const rows = await db
    .selectFrom('job')
    .select(['id', 'name', 'run_after'])
    .where('state', '=', 'pending')
    .where('name', 'in', jobNames)
    .where('run_after', '<=', new Date(now.getTime() + dueWithinMs))
    .where((where) =>
      where.or([
        where('published_at', 'is', null),
        where('published_at', '<', new Date(now.getTime() - publishAgainMs)),
      ]),
    )
    .orderBy('run_after')
    .limit(limit)
    .execute()
  return rows.map(({ id, name, run_after: runAfter }) => ({ id, name: name as JobName, runAfter }))
}

/** Marks jobs as published at `now`. One that failed in the meantime has a later run_after and stays unpublished. */
export async function markPublished(db: Db, ids: readonly string[], now: Date): Promise<void> {
  await db
    .updateTable('job')
    .set({ published_at: now })
    .where('id', 'in', ids)
    .where('state', '=', 'pending')
    .where('run_after', '<=', now)
    .execute()
}

/** How many jobs of each name are pending, and since when the oldest. */
export async function pendingJobCounts(db: Db): Promise<{ name: string; jobs: number; oldest: Date }[]> {
  return db
    .selectFrom('job')
    .select((select) => ['name', select.fn.countAll<number>().as('jobs'), select.fn.min('created_at').as('oldest')])
    .where('state', '=', 'pending')
    .groupBy('name')
    .execute()
}
