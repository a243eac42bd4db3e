import { closeStores, openStores } from '../../services/foundation/store/open.ts'
import { startCanaries } from '../canary.ts'
import { copy } from '../copy.ts'
import { part } from '../part.ts'
import { storeKeysShape, withKeys } from '../store-keys.ts'
import { takeJobs } from '../take-jobs.ts'

export const copyPart = part({
  name: 'copy',
  // The lock canary deletes on purpose (and must fail): its keys may delete below `canary/` and nothing else.
  shape: { canary: storeKeysShape('CANARY') },
  start(deps, { canary }) {
    const stopper = new AbortController()
    const canaryStores = openStores(withKeys(deps.config.stores, canary), deps.log)
    const proof = startCanaries({ ...deps, stores: canaryStores }, stopper.signal)
    const copyDeps = { ...deps, requireLocksProven: proof.requireProven }
    const workers = takeJobs(deps, 'copy', (job, signal) => copy(copyDeps, job, signal))
    return {
      ready: proof.unproven,
      close: async () => {
        stopper.abort()
        await workers.close()
        await closeStores(canaryStores)
      },
    }
  },
})
