import type { Clock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { databaseFault } from '../services/foundation/db/failures.ts'
import { isFault } from '../services/foundation/errors.ts'
import type { Logger } from '../services/foundation/log.ts'
import {
  finishJob,
  type PendingJob,
  pendingJob,
  postponeJob,
  requireFinished,
  retryJob,
} from '../services/foundation/queue/job-row.ts'
import type { JobName } from '../services/foundation/queue/jobs.ts'
import type { JobHandler } from '../services/foundation/queue/worker.ts'

export type { PendingJob }
export { finishJob }

export interface RunDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Logger
}

/** Does one job's work and ends its row in the transaction that writes the result; throws when it could not. */
export type Work = (job: PendingJob, signal: AbortSignal) => Promise<void>

/** While another process works on the same subject, look again after this long. */
const busyRetryMs = 5000

/**
 * Makes a handler for the queue from a job's work. A job that is done, or that nobody asked for, is passed over without a
 * word; a failed one gets its next time in PostgreSQL and is thrown, so that it is logged once and never counts as done.
 */
export function jobHandler(deps: RunDeps, name: JobName, work: Work): JobHandler {
  return async (jobId, signal) => {
    const job = await pendingJob(deps.db, name, jobId)
    if (!job) return
    try {
      await work(job, signal)
      await requireFinished(deps.db, job)
    } catch (error) {
      await noteFailure(deps, job, error, signal)
      throw error
    }
  }
}

async function noteFailure(
  { db, clock, log }: RunDeps,
  job: PendingJob,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now()
  try {
    if (signal.aborted && !isTimeout(signal.reason)) {
      await postponeJob(db, job.id, now)
    } else if (isFault(error, 'locked')) {
      await postponeJob(db, job.id, new Date(now.getTime() + busyRetryMs))
    } else {
      await retryJob(db, job, { now, error: describe(error), random: Math.random() })
    }
  } catch (cause) {
    // The relay publishes what is pending again after a minute, whatever this row says.
    log.warn({ err: cause, job: job.name, jobId: job.id }, 'the failure of a job could not be noted')
  }
}

/** What may stand in the row: codes and messages of ours, and of anything else only its kind. */
function describe(error: unknown): string {
  const fault = databaseFault(error) ?? error
  if (isFault(fault)) return `${fault.code}: ${fault.message}`
  return `internal: ${error instanceof Error ? error.name : typeof error}`
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}
