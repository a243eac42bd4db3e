import { TooSoon } from '../clearing/announce.ts'
import { clearDevice, hasClearable } from '../clearing/clear.ts'
import type { ClearableDevice } from '../clearing/clear-file.ts'
import { Away } from '../ingest/client.ts'
import { SpoolFull } from '../spool/kept-copies.ts'
import type { StationDeps } from './deps.ts'
import { enter, type Session } from './session.ts'

const refusedMs = 15 * 60_000
const fullSpoolMs = 30_000
const againMs = 1000

/**
 * Clearings of one docked device. What the bureau refuses is not asked for at once again: too soon means after 1, 2, 4 … seconds,
 * every other refusal 15 minutes; a full spool 30 s, a bureau that is away 1 s.
 *
 * @param nowMs a clock that is never set
 * @returns tries once, if it is time and anything may be cleared; `isFirst` ends besides what an earlier run left open
 */
export function clearingTries(
  deps: StationDeps,
  session: Session,
  device: ClearableDevice,
  nowMs: () => number = () => performance.now(),
): (isFirst: boolean) => Promise<void> {
  let notBeforeMs = Number.NEGATIVE_INFINITY
  /** How often in a row the bureau has said that it is too soon. */
  let soonTries = 0

  const clearNow = async (): Promise<number> => {
    try {
      const isWhole = await clearDevice(deps, device)
      soonTries = 0
      if (isWhole) {
        if (session.attention?.word === 'clear_failed') session.attention = null
        return 0
      }
      if (session.files.some(({ file }) => file.cleared === 'changed')) return 0
      session.attention = { word: 'clear_failed', detail: null }
      return refusedMs
    } catch (error) {
      if (error instanceof SpoolFull) {
        session.attention = { word: 'spool_full', detail: null }
        return fullSpoolMs
      }
      if (error instanceof TooSoon) return Math.min(refusedMs, againMs * 2 ** soonTries++)
      if (error instanceof Away) return againMs
      throw error
    }
  }

  return async (isFirst) => {
    if (nowMs() < notBeforeMs || !(isFirst || hasClearable(device))) return
    enter(session, 'clearing', deps.now())
    try {
      const waitMs = await clearNow()
      notBeforeMs = nowMs() + waitMs
    } finally {
      enter(session, 'settling', deps.now())
    }
  }
}
