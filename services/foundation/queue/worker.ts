import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { isFault } from '../errors.ts'
import { isId } from '../id.ts'
import { connectFailingFast, connectWaiting, type QueueOptions } from './connection.ts'
import { type JobName, jobs } from './jobs.ts'

/** Does the work of one job row. Throwing only gets logged: what comes next stands in PostgreSQL. */
export type JobHandler = (jobId: string, signal: AbortSignal) => Promise<void>

export interface WorkersOptions extends QueueOptions {
  readonly handlers: Partial<Record<JobName, JobHandler>>
  /** A worker that takes nothing for this long while jobs wait is replaced. Default 30 s. */
  readonly withoutProgressMs?: number
}

export interface Workers {
  /** Aborts the signals of running jobs, waits until they ended, and takes no more. */
  close(): Promise<void>
}

// A worker that was killed holds its job this long at most; then another gets it.
const lockMs = 15_000
const stalledCheckMs = 5_000
/** How long a worker without jobs waits for Redis to wake it before it looks by itself: 5 s would wake it for nothing. */
const unnoticedSeconds = 15
// A job that takes its worker down with it must not come back for ever; its row in PostgreSQL stays pending.
const stalledCountMax = 5
const closeTimeoutMs = 20_000

/** Starts a worker for each handler. Waits for Redis as long as it takes, at the start and whenever it goes away. */
export function startWorkers(options: WorkersOptions): Workers {
  const stopping = new AbortController()
  const control = connectFailingFast(options)
  const names = Object.keys(options.handlers) as JobName[]
  const running = names.map((name) => superviseWorker(options, name, control, stopping.signal))
  return {
    async close() {
      stopping.abort(new Error('the worker is shutting down'))
      await Promise.all(running.map((worker) => worker.close()))
      control.disconnect()
    },
  }
}

interface Progress {
  active: number
  at: number
}

/** Several reported bugs leave a worker deaf after Redis was restarted: one without progress while jobs wait is replaced. */
function superviseWorker(options: WorkersOptions, name: JobName, control: Redis, stopping: AbortSignal): Workers {
  const withoutProgressMs = options.withoutProgressMs ?? 30_000
  const progress: Progress = { active: 0, at: performance.now() }
  const queue = new Queue(jobs[name].queue, { connection: control, prefix: options.prefix })
  queue.on('error', (error) => options.log.debug({ err: error, queue: name }, 'a queue reports an error'))
  let worker = startWorker(options, name, progress, stopping)
  let isLooking = false
  const look = async () => {
    const isIdle = progress.active === 0 && performance.now() - progress.at > withoutProgressMs
    if (!isIdle || isLooking || stopping.aborted || control.status !== 'ready') return
    isLooking = true
    try {
      if ((await queue.getWaitingCount()) === 0 || stopping.aborted) return
      options.log.warn({ queue: name }, 'a worker takes no jobs while some wait: it is replaced')
      void worker.close(true)
      progress.at = performance.now()
      worker = startWorker(options, name, progress, stopping)
    } catch (error) {
      options.log.debug({ err: error, queue: name }, 'the watchdog cannot see its queue')
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(look, Math.min(10_000, withoutProgressMs / 2))
  return {
    async close() {
      clearInterval(timer)
      await worker.close(false)
      await withinTime(queue.close(), 1000)
    },
  }
}

function startWorker(
  options: WorkersOptions,
  name: JobName,
  progress: Progress,
  stopping: AbortSignal,
): { close(force: boolean): Promise<void> } {
  const connection = connectWaiting(options)
  const worker = new Worker<{ jobId: string }>(
    jobs[name].queue,
    (job) => runJob(options, name, job, progress, stopping),
    {
      connection,
      prefix: options.prefix,
      concurrency: jobs[name].concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      drainDelay: unnoticedSeconds,
      maxStalledCount: stalledCountMax,
    },
  )
  worker.on('error', (error) => options.log.debug({ err: error, queue: name }, 'a worker reports an error'))
  worker.on('stalled', (id) => options.log.warn({ queue: name, bullJob: id }, 'a job lost its worker and is run again'))
  return {
    async close(force) {
      await withinTime(worker.close(force), closeTimeoutMs)
      connection.disconnect()
    },
  }
}

/** Runs the handler under the job's time limit; one log line a job. */
async function runJob(
  { handlers, log }: WorkersOptions,
  name: JobName,
  job: Job<{ jobId: string }>,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  const { jobId } = job.data
  const handler = handlers[name]
  if (!handler || !isId(jobId)) return log.error({ queue: name }, 'a job without a right id was dropped')
  const begun = performance.now()
  progress.active += 1
  try {
    await handler(jobId, AbortSignal.any([stopping, AbortSignal.timeout(jobs[name].timeoutMs)]))
    log.info({ job: name, jobId, ms: Math.round(performance.now() - begun) }, 'job done')
  } catch (error) {
    const level = isFault(error) && error.retry ? 'warn' : 'error'
    log[level]({ err: error, job: name, jobId, ms: Math.round(performance.now() - begun) }, 'job failed')
    throw error
  } finally {
    progress.active -= 1
    progress.at = performance.now()
  }
}

/** BullMQ waits for Redis when it closes, and Redis may be gone for good. */
async function withinTime(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work.catch(() => undefined),
    new Promise((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
    }),
  ])
  clearTimeout(timer)
}
