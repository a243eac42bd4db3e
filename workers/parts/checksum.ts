import { checksum } from '../checksum.ts'
import { part } from '../part.ts'
import { takeJobs } from '../take-jobs.ts'

export const checksumPart = part({
  name: 'checksum',
  shape: {},
  start(deps) {
    const { db, clock, log, stores } = deps
    const checksumDeps = { db, clock, log, primary: stores.primary }
    const workers = takeJobs(deps, 'checksum', (job, signal) => checksum(checksumDeps, job, signal))
    return { ready: () => ({}), close: () => workers.close() }
  },
})
