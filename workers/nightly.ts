import { setTimeout as delay } from 'node:timers/promises'
import { isNightlyDue, type NightlyPlan, nightlyFsck } from '../services/custody/fsck/nightly.ts'
import type { Stores } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'

export interface NightlyDeps extends RunDeps {
  /** With the auditor's keys: they may read and change nothing. */
  readonly stores: Stores
  readonly plan: NightlyPlan
  readonly verifierKey: string
  readonly vrfPublicKey: string
}

const lookEveryMs = 60_000
/** Each attempt is two events: what fails at once must not fill the ledger. */
const failedWaitMs = 10 * 60_000

/**
 * Checks the whole record once a night until `signal` ends it; the caller holds the lease `nightly`. A night that was
 * missed is made up for at once; a check that could not end is begun again later.
 */
export async function runNightly(deps: NightlyDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await checkWhenDue(deps, signal).catch((error: unknown) => {
      if (!signal.aborted) deps.log.error({ err: error }, 'nightly: the check could not end and is begun again later')
      return failedWaitMs
    })
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

async function checkWhenDue(deps: NightlyDeps, signal: AbortSignal): Promise<number> {
  if (await isNightlyDue(deps.db, deps.clock.now(), deps.plan)) {
    const { findings, durationMs, runId } = await nightlyFsck({ ...deps, signal })
    const errors = findings.filter(({ severity }) => severity === 'error').length
    deps.log[errors > 0 ? 'error' : 'info']({ runId, errors, durationMs }, 'nightly: the record was checked')
  }
  return lookEveryMs
}
