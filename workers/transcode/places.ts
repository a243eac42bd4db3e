import { enqueue } from '../../services/foundation/queue/outbox.ts'
import { finishJob, type PendingJob, type RunDeps } from '../run.ts'

/**
 * Footage is made playable in two places, so that one file that takes hours, huge or hostile, does not hold up all others.
 * Every recording first gets a short try. What is not done by then is put aside: its job `transcode` ends, and a job
 * `transcode_long` takes its turn in the long place, where nothing waits that is quickly done.
 */
export type Limit = 'short' | 'long'

/** How long a first try may take: repacking some ten gigabytes, or encoding some minutes of film. */
export const firstTryMs = 5 * 60_000

/** Film that is encoded in a first try is no longer than this: two cores encode 720p about twice as fast as it plays. */
const encodedFilmMsMax = 2 * firstTryMs

/** Thrown in a first try when it is clear that it will not be done in time. */
export class PutAside extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PutAside'
  }
}

/** @throws PutAside when so much film cannot be encoded in a first try */
export function requireShortEncoding(limit: Limit, filmMs: number): void {
  if (limit === 'long' || filmMs <= encodedFilmMsMax) return
  throw new PutAside(`${Math.round(filmMs / 60_000)} min of film have to be encoded`)
}

/**
 * Does `work` as a first try: after `afterMs` its signal aborts and the job is put aside. That is one transaction in
 * PostgreSQL, so a queue that loses its data finds the job where it belongs; a first try that dies is simply tried again.
 *
 * @throws what `work` throws in its time, and what it throws when `signal` aborts: then the job is not put aside
 */
export async function firstTry(
  deps: RunDeps,
  run: { job: PendingJob; afterMs: number; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { job, afterMs, signal } = run
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new PutAside(`it was not done after ${afterMs / 1000} s`)), afterMs)
  try {
    await work(AbortSignal.any([signal, over.signal]))
  } catch (error) {
    const why = error instanceof PutAside ? error : over.signal.reason
    if (signal.aborted || !(why instanceof PutAside)) throw error
    deps.log.info({ recordingId: job.subjectId, reason: why.message }, 'transcode: put aside for the long place')
    await putAside(deps, job)
  } finally {
    clearTimeout(timer)
  }
}

/** Twice, or after the rendition was finished after all: the long job then finds nothing left to do. */
async function putAside({ db, clock }: RunDeps, job: PendingJob): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (trx) => {
    await enqueue(trx, { name: 'transcode_long', subjectId: job.subjectId, now })
    await finishJob(trx, job.id, now)
  })
}
