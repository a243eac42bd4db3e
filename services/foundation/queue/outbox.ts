import type { Trx } from '../db/database.ts'
import { newId } from '../id.ts'
import type { JobName } from './jobs.ts'

/**
 * Asks for a job inside the caller's transaction. While the same job for the same subject is pending this does nothing.
 * `runAfter` defaults to now. The relay publishes it; the row stays pending until the worker's own transaction ends it.
 */
export async function enqueue(
  trx: Trx,
  job: { name: JobName; subjectId: string; now: Date; runAfter?: Date },
): Promise<void> {
  await trx
    .insertInto('job')
    .values({
      id: newId(job.now),
      name: job.name,
      subject_id: job.subjectId,
      run_after: job.runAfter ?? job.now,
      created_at: job.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
