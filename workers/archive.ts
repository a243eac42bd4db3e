import { once } from 'node:events'
import type { Store, StoreName } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'

export interface ArchiveDeps extends RunDeps {
  readonly stores: Readonly<Record<StoreName, Store>>
  readonly origin: string
  /** Whom the archived events' keys are readable for: `age1…`. */
  readonly recoveryRecipient: string
}

/** Copies the ledger and the events' archive to the three stores, until `signal` ends it: the caller holds the lease. */
export async function runArchive(_deps: ArchiveDeps, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
