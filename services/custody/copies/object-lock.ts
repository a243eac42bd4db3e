import { Fault, isFault } from '../../foundation/errors.ts'
import type { LockState, ObjectVersion, Store } from '../../foundation/store/store.ts'

/**
 * Sets legal hold and COMPLIANCE retention until at least `until`, and believes only what the store says of them
 * afterwards. A later end that is there already (an earlier attempt under another setting or clock) stays.
 *
 * @throws not_locked when the store does not hold the lock; store_down
 */
export async function lockAndReadBack(store: Store, object: ObjectVersion, until: Date): Promise<Date> {
  const state = await lockAtLeast(store, object, until)
  const isLocked =
    state.legalHold && state.mode === 'COMPLIANCE' && state.retainUntil !== null && state.retainUntil >= until
  if (isLocked && state.retainUntil) return state.retainUntil
  throw new Fault('not_locked', `${store.name} took the lock of ${object.key} but does not hold it`, {
    details: { mode: state.mode, legalHold: state.legalHold, retainUntil: state.retainUntil?.toISOString() ?? null },
  })
}

async function lockAtLeast(store: Store, object: ObjectVersion, until: Date): Promise<LockState> {
  try {
    return await store.lock(object, until)
  } catch (error) {
    if (!isFault(error, 'not_locked')) throw error
    const { retainUntil } = await store.lockState(object)
    if (retainUntil === null || retainUntil <= until) throw error
    return store.lock(object, retainUntil)
  }
}
