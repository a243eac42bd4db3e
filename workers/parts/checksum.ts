import { checksum } from '../checksum.ts'
import { part } from '../part.ts'
import { takeJobs } from '../take-jobs.ts'

export const checksumPart = part({
  name: 'checksum',
  shape: {},
  start(deps) {
    const checksumDeps = { ...deps, primary: deps.stores.primary }
    const workers = takeJobs(deps, 'checksum', (job, signal) => checksum(checksumDeps, job, signal))
    return { ready: () => ({}), close: () => workers.close() }
  },
})
