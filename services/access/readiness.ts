import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import { requireNearClock } from '../foundation/db/event-time.ts'
import { whatIsMissing } from '../foundation/http/readiness.ts'
import type { Store } from '../foundation/store/store.ts'
import { leafDelayMs, leafDelayMsMax } from '../ledger/log/backlog.ts'

/** What this service cannot do without now: name and why. Nothing missing is an empty object. */
export async function accessReadiness(db: Db, clock: Clock, primary: Store): Promise<Record<string, string>> {
  let delayMs = 0
  const database = leafDelayMs(db).then((ms) => {
    delayMs = ms
  })
  const missing = await whatIsMissing({
    database,
    clock: requireNearClock(db, clock),
    primary: primary.clockOffsetMs(),
  })
  if (delayMs > leafDelayMsMax) missing.ledger = `the sequencer is ${Math.round(delayMs / 1000)} s behind`
  return missing
}
