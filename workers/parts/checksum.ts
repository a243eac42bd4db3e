import { checksum } from '../checksum.ts'
import { part } from '../part.ts'
import { reread } from '../reread.ts'
import { takeJobs } from '../take-jobs.ts'

export const checksumPart = part({
  name: 'checksum',
  shape: {},
  start(deps) {
    const checksumDeps = { ...deps, primary: deps.stores.primary }
    const workers = takeJobs(deps, 'checksum', (job, signal) => checksum(checksumDeps, job, signal))
    const again = takeJobs(deps, 'reread', (job, signal) => reread(deps, job, signal))
    return {
      ready: () => ({}),
      close: async () => {
        await Promise.all([workers.close(), again.close()])
      },
    }
  },
})
