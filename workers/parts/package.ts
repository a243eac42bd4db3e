import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { integer, optional, text } from '../../services/foundation/config.ts'
import { policySetting } from '../../services/ledger/witness/policy-setting.ts'
import { leasedLoop } from '../leased-loop.ts'
import { runPackageExpiry } from '../package/expiry.ts'
import { buildPackage } from '../package.ts'
import { part } from '../part.ts'
import { takeJobs } from '../take-jobs.ts'

/** The verifier as it is built beside the services. */
const builtVerifier = fileURLToPath(new URL('../../services/verifier/dist', import.meta.url))

/** Builds packages, and deletes those that have expired. */
export const packagePart = part({
  name: 'package',
  shape: {
    keepDays: integer('PACKAGE_KEEP_DAYS', { min: 1, max: 3650, fallback: 15 }),
    witnessWaitSeconds: integer('PACKAGE_WITNESS_WAIT_SECONDS', { min: 0, max: 3600, fallback: 30 }),
    verifierDirectory: optional(text('PACKAGE_VERIFIER_DIR')),
    policy: optional(policySetting('LEDGER_POLICY')),
  },
  start(deps, { keepDays, witnessWaitSeconds, verifierDirectory, policy }) {
    const settings = {
      keepDays,
      // Nobody waits for witnesses that the log does not have.
      witnessWaitMs: policy?.needsWitnesses ? witnessWaitSeconds * 1000 : 0,
      verifierDirectory: verifierDirectory ?? (existsSync(builtVerifier) ? builtVerifier : null),
    }
    const packageDeps = { ...deps, settings }
    const expiryDeps = { ...deps, primary: deps.stores.primary }
    const workers = takeJobs(deps, 'package', (job, signal) => buildPackage(packageDeps, job, signal))
    const expiry = leasedLoop(deps, 'package expiry', (signal) => runPackageExpiry(expiryDeps, signal))
    return {
      ready: () => ({}),
      close: async () => {
        await Promise.all([expiry.close(), workers.close()])
      },
    }
  },
})
