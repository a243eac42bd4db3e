import type { Witnessing } from './stage-checkpoint.ts'
import type { Remarkable } from './stage-remarks.ts'
import { isBeforeEvents, isInFuture } from './stage-remarks.ts'
import type { CheckedTimestamp } from './stage-timestamps.ts'

/** By when the ledger had what the package shows, as outsiders say. */
export interface Existence {
  /** The newest cosignature whose time is possible: the whole checkpoint existed then. */
  readonly cosignature: Witnessing | null
  /** The time-stamp over the largest tree, the earliest of several: so many leaves existed then. */
  readonly timestamp: CheckedTimestamp | null
}

export const nothingExists: Existence = { cosignature: null, timestamp: null }

/** What an accepted package shows about time. */
export function existenceOf(given: Remarkable): Existence {
  const possible = given.checked.witnesses.filter(
    ({ timestampSeconds }) => !isBeforeEvents(given, timestampSeconds) && !isInFuture(given, timestampSeconds),
  )
  const [cosignature = null] = possible.toSorted((a, b) => b.timestampSeconds - a.timestampSeconds)
  const [timestamp = null] = given.timestamps.toSorted(
    (a, b) => b.size - a.size || Date.parse(a.stampedAt) - Date.parse(b.stampedAt),
  )
  return { cosignature, timestamp }
}
