import type { JobName } from '../services/foundation/queue/jobs.ts'
import { startWorkers, type Workers } from '../services/foundation/queue/worker.ts'
import { jobHandler, type RunDeps, type Work } from './run.ts'
import type { SharedConfig } from './shared-shape.ts'

export interface QueueDeps extends RunDeps {
  readonly config: Pick<SharedConfig, 'redisUrl' | 'redisPrefix'>
}

/** Takes the jobs called `name` from the queue and does `work` for each, until it is closed. */
export function takeJobs(deps: QueueDeps, name: JobName, work: Work): Workers {
  const { config, log } = deps
  return startWorkers({
    redisUrl: config.redisUrl.reveal(),
    prefix: config.redisPrefix,
    log,
    handlers: { [name]: jobHandler(deps, name, work) },
  })
}
