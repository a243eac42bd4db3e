import { setTimeout as delay } from 'node:timers/promises'
import { proveLocks, raiseLockAlarm } from '../services/custody/copies/lock-canary.ts'
import { Fault, isFault } from '../services/foundation/errors.ts'
import { type Store, type StoreName, type Stores, storeNames } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'

export interface CanaryDeps extends RunDeps {
  /** The three stores with the canary's own keys, which may delete below `canary/`. */
  readonly stores: Stores
}

/** Whether each store's locks are proven to hold: asked before anything is copied onto it. */
export interface LockProof {
  /** @throws not_locked when they do not hold; not_ready while nothing is proven yet */
  requireProven(store: StoreName): void
  /** Store by store, why it is not proven; {} when all are. */
  unproven(): Record<string, string>
}

const dayMs = 24 * 60 * 60_000
/** A store that was away, or whose lock failed, is tried again after this long. */
const retryMs = 5000
const notTried = 'the lock canary has not run yet'

/**
 * Runs the lock canary on each store at once and then daily, until `signal` ends it. A store that is away is tried again;
 * one whose locks do not hold raises an alarm (once per failure) and is not copied onto until a canary succeeds.
 */
export function startCanaries(deps: CanaryDeps, signal: AbortSignal): LockProof {
  const reasons = new Map<StoreName, Fault | null>(storeNames.map((name) => [name, new Fault('not_ready', notTried)]))
  for (const name of storeNames) void keepProving(deps, deps.stores[name], reasons, signal)
  return {
    requireProven(store) {
      const reason = reasons.get(store)
      if (reason) throw new Fault(reason.code, `nothing is copied onto ${store}: ${reason.message}`, { cause: reason })
    },
    unproven() {
      const entries = storeNames.flatMap((name) => {
        const reason = reasons.get(name)
        return reason ? [[`locks of ${name}`, reason.message] as const] : []
      })
      return Object.fromEntries(entries)
    },
  }
}

async function keepProving(
  { db, clock, log }: CanaryDeps,
  store: Store,
  reasons: Map<StoreName, Fault | null>,
  signal: AbortSignal,
): Promise<void> {
  let told = ''
  while (!signal.aborted) {
    let waitMs = retryMs
    try {
      await proveLocks(store, clock)
      log.info({ store: store.name }, 'lock canary: locks hold')
      reasons.set(store.name, null)
      told = ''
      waitMs = dayMs
    } catch (error) {
      const fault = isFault(error) ? error : new Fault('internal', 'the lock canary failed', { cause: error })
      // A store that is away has not lost its locks: what was proven today stays proven.
      if (fault.code === 'not_locked' || reasons.get(store.name)) reasons.set(store.name, fault)
      if (told !== fault.message) {
        log.error({ err: error, store: store.name }, 'lock canary: not proven')
        if (fault.code === 'not_locked') await alarm(fault)
        told = fault.message
      }
    }
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
  }

  async function alarm(fault: Fault): Promise<void> {
    try {
      await raiseLockAlarm(db, clock, store, fault.message)
    } catch (error) {
      log.error({ err: error, store: store.name }, 'lock canary: the alarm could not be entered')
    }
  }
}
