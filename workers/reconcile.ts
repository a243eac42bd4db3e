import { setTimeout as delay } from 'node:timers/promises'
import { judgeReads } from '../services/custody/reads/judge.ts'
import { checkSilence } from '../services/custody/reads/silence.ts'
import type { RunDeps } from './run.ts'

export interface ReconcileDeps extends RunDeps {
  /** How long an act may take to be written after its read, and a report to come in. */
  readonly graceMs: number
}

/** A store sends again every 3 s what nobody took, and a batch may be a second old. */
const silenceMsMin = 30_000

/**
 * Holds what the stores report of reads against the ledger until `signal` ends it; the caller holds the lease `reconcile`.
 * Whether stores are silent is looked at later than what they told: what they kept while nobody listened comes first.
 */
export async function runReconcile(deps: ReconcileDeps, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.min(5000, Math.max(100, deps.graceMs / 10))
  const silenceMs = Math.max(silenceMsMin, 2 * deps.graceMs)
  let silenceAtMs = performance.now() + silenceMs
  while (!signal.aborted) {
    const { explained, unexplained, alarms } = await judgeReads(deps)
    if (unexplained > 0) deps.log.error({ unexplained, alarms }, 'reconcile: reads that nothing explains')
    if (explained + unexplained > 0) continue
    if (performance.now() > silenceAtMs) {
      silenceAtMs = performance.now() + silenceMs / 2
      const silent = await checkSilence({ ...deps, graceMs: silenceMs })
      if (silent.length > 0) deps.log.error({ silent }, 'reconcile: stores do not report reads that we made')
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
