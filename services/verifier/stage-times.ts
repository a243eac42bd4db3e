import type { ReadEvent } from '../ledger/verify/events.ts'
import type { Findings } from './findings.ts'
import type { EventLine } from './package-files.ts'

/** Services of several hosts write events, and a transaction takes a moment: the log flags more than this itself. */
const leewayMs = 5_000

/** Stage 5, `time_runs_back`: the log orders events as they came, so a later leaf cannot be of an earlier time. */
export function checkTimes(events: readonly ReadEvent<EventLine>[], findings: Findings): void {
  let newest: { ms: number; at: string; index: number } | null = null
  for (const { shown, body, where } of events.toSorted((a, b) => a.shown.index - b.shown.index)) {
    if (body === null) continue
    const ms = Date.parse(body.at)
    if (newest !== null && ms < newest.ms - leewayMs) {
      findings.add('time_runs_back', where, `its time ${body.at} is before ${newest.at} of leaf ${newest.index}`)
    }
    if (newest === null || ms > newest.ms) newest = { ms, at: body.at, index: shown.index }
  }
}
