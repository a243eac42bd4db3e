import { setTimeout as delay } from 'node:timers/promises'
import { withdrawGaps } from '../services/custody/hand-ins/gap-withdrawal.ts'
import { findNumberJumps } from '../services/custody/hand-ins/number-jumps.ts'
import { findMissingHandIns, findUnreadFiles } from '../services/custody/hand-ins/overdue.ts'
import { expireUploads } from '../services/custody/intake/upload-expiry.ts'
import { endSilentAnswers } from '../services/custody/packages/download-end.ts'
import { recordUnknownRefusals } from '../services/custody/people/unknown-account.ts'
import { endOverdueViewings } from '../services/custody/viewing/end.ts'
import { deleteLeftovers } from '../services/custody/viewing/supplied-leftovers.ts'
import type { Store } from '../services/foundation/store/store.ts'
import type { RunDeps } from './run.ts'

export interface ExpireDeps extends RunDeps {
  readonly primary: Pick<Store, 'abortMultipart' | 'list' | 'remove'>
}

const viewingsEveryMs = 5000
const uploadsEveryMs = 60_000
const leftoversEveryMs = 60 * 60_000

/**
 * Ends what time ends, until `signal` ends it: viewings whose lease ran out (within seconds), minutes in which sign-ins of
 * unknown accounts were refused, downloads whose process died, uploads that had no byte for 30 days, and bytes of supplied
 * films that never became a proposal. What is missing when the term to hand in is over becomes a
 * gap, which is withdrawn when it comes after all. The caller holds the lease `expire`; a second one running
 * would change nothing more.
 */
export async function runExpire(deps: ExpireDeps, signal: AbortSignal): Promise<void> {
  let uploadsAt = 0
  let leftoversAt = 0
  while (!signal.aborted) {
    const ended = await attempt(deps, 'viewings', () => endOverdueViewings(deps.db, deps.clock))
    if (ended) deps.log.info({ viewings: ended }, 'expire: viewings ended')
    await attempt(deps, 'refused sign-ins', () => recordUnknownRefusals(deps.db, deps.clock))
    const silent = await attempt(deps, 'downloads', () => endSilentAnswers(deps.db, deps.clock))
    if (silent) deps.log.warn({ downloads: silent }, 'expire: downloads ended whose process had died')
    if (performance.now() >= uploadsAt) {
      const expired = await attempt(deps, 'uploads', () => expireUploads(deps))
      if (expired) deps.log.info({ uploads: expired }, 'expire: unfinished uploads expired')
      const unread = await attempt(deps, 'listed files', () => findUnreadFiles(deps.db, deps.clock))
      const missing = await attempt(deps, 'missing hand-ins', () => findMissingHandIns(deps.db, deps.clock))
      const jumps = await attempt(deps, 'running numbers', async () => {
        const withdrawn = await withdrawGaps(deps.db, deps.clock)
        if (withdrawn) deps.log.info({ withdrawn }, 'expire: gaps withdrawn of what came late')
        return findNumberJumps(deps.db, deps.clock)
      })
      if (unread || missing || jumps) {
        deps.log.info({ unread, missing, jumps }, 'expire: gaps made of what never came')
      }
      uploadsAt = performance.now() + uploadsEveryMs
    }
    if (performance.now() >= leftoversAt) {
      const objects = await attempt(deps, 'supplied films', () => deleteLeftovers(deps))
      if (objects) deps.log.info({ objects }, 'expire: bytes of films that were never proposed deleted')
      leftoversAt = performance.now() + leftoversEveryMs
    }
    await delay(viewingsEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** One of them being impossible now (a store is away) must not keep the others from their turn. Null then. */
async function attempt<T>(deps: ExpireDeps, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    deps.log.warn({ err: error, what }, 'expire: put off to the next round')
    return null
  }
}
