import { randomBytes } from 'node:crypto'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Store } from '../../foundation/store/store.ts'
import { raiseAlarm } from '../events/record.ts'

const dayMs = 24 * 60 * 60_000
/** A store's clock that is further off than this could end a lock early. */
const clockOffsetMsMax = 60_000

/**
 * Proves on a store that a locked version really cannot be deleted nor its retention shortened, with a small object of
 * today. The credential may delete below `canary/`: a second object without a lock is deleted first, so that a refusal
 * shows the lock and not a missing permission.
 *
 * @throws not_locked naming what did not hold; store_down when nothing could be learnt
 */
export async function proveLocks(store: Store, clock: Clock): Promise<void> {
  const now = clock.now()
  const id = newId(now)
  const control = await store.put('originals', `canary/${id}-unlocked`, randomBytes(32))
  if (await store.deleteIsRefused(control)) {
    throw new Fault(
      'not_locked',
      `${store.name}: the canary's key may delete nothing, so a refusal would prove nothing`,
    )
  }
  const canary = await store.put('originals', `canary/${id}`, randomBytes(32))
  const until = new Date(Math.ceil((now.getTime() + dayMs) / 1000) * 1000)
  await store.lock(canary, until)
  const state = await store.lockState(canary)
  if (!state.legalHold || state.mode !== 'COMPLIANCE' || state.retainUntil === null || state.retainUntil < until) {
    throw new Fault('not_locked', `${store.name} took a lock but does not hold it`)
  }
  if (!(await store.shorteningIsRefused(canary, new Date(now.getTime() + dayMs / 2)))) {
    throw new Fault('not_locked', `${store.name} shortened a COMPLIANCE retention`)
  }
  if (!(await store.deleteIsRefused(canary))) {
    throw new Fault('not_locked', `${store.name} deleted a locked version`)
  }
  await store.stat(canary)
  const offsetMs = await store.clockOffsetMs()
  if (Math.abs(offsetMs) > clockOffsetMsMax) {
    throw new Fault('not_locked', `${store.name}: its clock is off by ${Math.round(offsetMs / 1000)} s (limit 60 s)`)
  }
}

/** Enters that a store's locks do not hold: an alarm that names the store and why. */
export async function raiseLockAlarm(db: Db, clock: Clock, store: Store, reason: string): Promise<void> {
  await db.transaction().execute((trx) =>
    raiseAlarm(trx, 'locks_do_not_hold', {
      clock,
      by: { id: 'canary', role: 'service' },
      subjects: [{ type: 'store', id: store.name }],
      details: { store: store.name, host: store.hostName, reason },
    }),
  )
}
