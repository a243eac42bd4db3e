import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { type Store, type Stores, storeNames } from '../../foundation/store/store.ts'

/** Whether each store answers, how far its clock is off, and how many copies it holds: counts, nothing of a recording. */
export async function storageHealth(db: Db, stores: Stores) {
  const counts = await db
    .selectFrom('copy')
    .groupBy(['store', 'state'])
    .select((select) => ['store', 'state', select.fn.countAll<number>().as('copies')])
    .execute()
  return Promise.all(
    storeNames.map(async (name) => {
      const clockOffsetMs = await offsetOf(stores[name])
      const copies = { stored: 0, verified: 0, damaged: 0 }
      for (const row of counts.filter((count) => count.store === name)) copies[row.state] = row.copies
      return { name, hostName: stores[name].hostName, reachable: clockOffsetMs !== null, clockOffsetMs, copies }
    }),
  )
}

async function offsetOf(store: Store): Promise<number | null> {
  try {
    return await store.clockOffsetMs()
  } catch (error) {
    // A store that is away is what this answer is for.
    if (isFault(error, 'store_down')) return null
    throw error
  }
}
