import { setTimeout as delay } from 'node:timers/promises'
import { expireUploads } from '../services/custody/intake/upload-expiry.ts'
import { endOverdueViewings } from '../services/custody/viewing/end.ts'
import type { Store } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'

export interface ExpireDeps extends RunDeps {
  readonly primary: Pick<Store, 'abortMultipart' | 'list' | 'remove'>
}

const viewingsEveryMs = 5000
const uploadsEveryMs = 60_000

/**
 * Ends what time ends, until `signal` ends it: viewings whose lease ran out (within seconds) and uploads that had no byte
 * for 30 days. The caller holds the lease `expire`; a second one running would change nothing more.
 */
export async function runExpire(deps: ExpireDeps, signal: AbortSignal): Promise<void> {
  let uploadsAt = 0
  while (!signal.aborted) {
    const ended = await attempt(deps, 'viewings', () => endOverdueViewings(deps.db, deps.clock))
    if (ended > 0) deps.log.info({ viewings: ended }, 'expire: viewings ended')
    if (performance.now() >= uploadsAt) {
      const expired = await attempt(deps, 'uploads', () => expireUploads(deps))
      if (expired > 0) deps.log.info({ uploads: expired }, 'expire: unfinished uploads expired')
      uploadsAt = performance.now() + uploadsEveryMs
    }
    await delay(viewingsEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** One of the two being impossible now (a store is away) must not keep the other from its turn. */
async function attempt(deps: ExpireDeps, what: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    deps.log.warn({ err: error, what }, 'expire: put off to the next round')
    return 0
  }
}
