import type { Stores } from '../../services/foundation/store/store.ts'
import type { RunDeps } from '../run.ts'

export interface PackageDeps extends RunDeps {
  readonly stores: Stores
  readonly settings: PackageSettings
}

export interface PackageSettings {
  readonly keepDays: number
  /** How long a package waits for a witnessed checkpoint; 0 where the log has no witnesses. */
  readonly witnessWaitMs: number
  /** A folder whose files go along as the verifier's copy; null when there is none. */
  readonly verifierDirectory: string | null
}
