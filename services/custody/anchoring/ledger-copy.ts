import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'
import type { Store } from '../../foundation/store/store.ts'
import type { LedgerCopy } from '../../ledger/archive/delivery.ts'
import { firstLockEnd, lockAndReadBack } from '../copies/object-lock.ts'
import { raiseAlarm } from '../events/record.ts'

/**
 * Writes one object of the ledger onto a store and locks it: legal hold and COMPLIANCE like an original, or, for what must
 * stay erasable, the legal hold alone. What an attempt before left there is adopted when its bytes are equal.
 *
 * @throws bytes_differ when other bytes stand under the key; not_locked; store_down, store_full
 */
export async function putLedgerObject(
  store: Store,
  object: { key: string; bytes: Buffer; isErasable: boolean },
  lock: { clock: Clock; lockFirstDays: number },
): Promise<LedgerCopy> {
  const { key, bytes, isErasable } = object
  const version = await store.put('originals', key, bytes)
  const end = firstLockEnd(lock.clock.now(), lock.lockFirstDays)
  if (isErasable) await store.hold(version)
  const retainUntil = isErasable ? null : await lockAndReadBack(store, version, end)
  return { object: version, sha256: sha256(bytes), bytes: bytes.length, retainUntil }
}

/** Enters that the ledger on a store is not ours, or that the database does not hold what the ledger committed. */
export async function raiseLedgerAlarm(
  db: Db,
  clock: Clock,
  alarm: {
    alarm: 'ledger_copy_differs' | 'ledger_older_than_store' | 'event_differs'
    store: Store | null
    reason: string
  },
): Promise<void> {
  const { store, reason } = alarm
  await db.transaction().execute((trx) =>
    raiseAlarm(trx, alarm.alarm, {
      clock,
      by: { id: 'archive', role: 'service' },
      subjects: [store ? { type: 'store', id: store.name } : { type: 'ledger', id: 'archive' }],
      details: { store: store?.name ?? null, host: store?.hostName ?? null, reason },
    }),
  )
}
