import { Fault, isFault } from '../../foundation/errors.ts'
import type { LockState, ObjectVersion, Store } from '../../foundation/store/store.ts'

/** A store as far as locking goes. */
export type Lockable = Pick<Store, 'name' | 'lock' | 'lockState'>

/**
 * Sets legal hold and COMPLIANCE retention until at least `until`, and believes only what the store says of them
 * afterwards. A later end that is there already (an earlier attempt under another setting or clock) stays.
 *
 * @throws not_locked when the store does not hold the lock; store_down
 */
export async function lockAndReadBack(store: Lockable, object: ObjectVersion, until: Date): Promise<Date> {
  const state = await lockAtLeast(store, object, until)
  const isLocked =
    state.legalHold && state.mode === 'COMPLIANCE' && state.retainUntil !== null && state.retainUntil >= until
  if (isLocked && state.retainUntil) return state.retainUntil
  throw new Fault('not_locked', `${store.name} took the lock of ${object.key} but does not hold it`, {
    details: { mode: state.mode, legalHold: state.legalHold, retainUntil: state.retainUntil?.toISOString() ?? null },
  })
}

async function lockAtLeast(store: Lockable, object: ObjectVersion, until: Date): Promise<LockState> {
  try {
    return await store.lock(object, until)
  } catch (error) {
    if (!isFault(error, 'not_locked')) throw error
    const { retainUntil } = await store.lockState(object)
    if (retainUntil === null || retainUntil <= until) throw error
    return store.lock(object, retainUntil)
  }
}

/** S3 keeps retention ends to the second, and a store's clock may be a little ahead of ours. */
const dayMs = 24 * 60 * 60_000

/** An original's first lock is short: a wrong far date can never be taken back. */
export const lockFirstDays = 30

/**
 * End of an original's first lock period: `firstDays` (default 30) after `now`, rounded up to the full second, which is
 * what S3 keeps.
 */
export function firstLockEnd(now: Date, firstDays: number = lockFirstDays): Date {
  return new Date(Math.ceil((now.getTime() + firstDays * dayMs) / 1000) * 1000)
}
