import type { JobName } from '../services/foundation/queue/jobs.ts'
import { startWorkers, type Workers } from '../services/foundation/queue/worker.ts'
import type { PartDeps } from './part.ts'
import { jobHandler, type Work } from './run.ts'

/** Takes the jobs called `name` from the queue and does `work` for each, until it is closed. */
export function takeJobs(deps: PartDeps, name: JobName, work: Work): Workers {
  const { config, log } = deps
  return startWorkers({
    redisUrl: config.redisUrl.reveal(),
    prefix: config.redisPrefix,
    log,
    handlers: { [name]: jobHandler(deps, name, work) },
  })
}
