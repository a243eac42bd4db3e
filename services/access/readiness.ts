import { sql } from 'kysely'
import type { Db } from '../foundation/db/database.ts'
import { isFault } from '../foundation/errors.ts'
import type { Store } from '../foundation/store/store.ts'
import { leafDelayMs, leafDelayMsMax } from '../ledger/log/backlog.ts'

/** What this service cannot do without now: name and why. Nothing missing is an empty object. */
export async function accessReadiness(db: Db, primary: Store): Promise<Record<string, string>> {
  const missing: Record<string, string> = {}
  try {
    await sql`select 1`.execute(db)
    const delayMs = await leafDelayMs(db)
    if (delayMs > leafDelayMsMax) missing.ledger = `the sequencer is ${Math.round(delayMs / 1000)} s behind`
  } catch (error) {
    missing.database = reasonOf(error)
  }
  try {
    await primary.clockOffsetMs()
  } catch (error) {
    missing.primary = reasonOf(error)
  }
  return missing
}

/** Anybody may ask: only words of our own go out, never a driver's, which name hosts and users. */
function reasonOf(error: unknown): string {
  return isFault(error) ? error.message : 'does not answer'
}
