import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Environment, integer, optional, readConfig, text } from '../services/foundation/config.ts'
import { policySetting } from '../services/ledger/witness/policy-setting.ts'
import type { PackageSettings } from './package/deps.ts'

const packageShape = {
  keepDays: integer('PACKAGE_KEEP_DAYS', { min: 1, max: 3650, fallback: 15 }),
  witnessWaitSeconds: integer('PACKAGE_WITNESS_WAIT_SECONDS', { min: 0, max: 3600, fallback: 30 }),
  verifierDirectory: optional(text('PACKAGE_VERIFIER_DIR')),
  policy: optional(policySetting('LEDGER_POLICY')),
}

/** The verifier as it is built beside the services. */
const builtVerifier = fileURLToPath(new URL('../services/verifier/dist', import.meta.url))

/** Reads the settings of the part `package`. @throws bad_config */
export function readPackageSettings(env: Environment): PackageSettings {
  const { keepDays, witnessWaitSeconds, verifierDirectory, policy } = readConfig(env, packageShape)
  return {
    keepDays,
    // Nobody waits for witnesses that the log does not have.
    witnessWaitMs: policy?.needsWitnesses ? witnessWaitSeconds * 1000 : 0,
    verifierDirectory: verifierDirectory ?? (existsSync(builtVerifier) ? builtVerifier : null),
  }
}
