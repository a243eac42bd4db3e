import { primaryCopy, type SealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterInventory, inventoryRow } from '../../../services/custody/copies/inventory.ts'
import { type Lockable, lockAndReadBack } from '../../../services/custody/copies/object-lock.ts'
import type { RecordingFlag } from '../../../services/custody/events/words.ts'
import type { Clock } from '../../../services/foundation/clock.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { inventoryKey } from '../../../services/foundation/store/keys.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import type { Inventory } from './inventory.ts'
import { inventoryBytes } from './inventory-bytes.ts'
import { summaryOf } from './summary.ts'

export interface RecordInventoryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'put' | 'hostName'> & Lockable
}

/**
 * Keeps a recording's inventory: the object first, locked as the original is and until the same day, then event and row in
 * one transaction. Of a second run that finds the same nothing is stored, and after a run that died in between equal bytes
 * are taken up; a run that finds other things keeps its own inventory beside the earlier one. Returns the SHA-256 of this
 * one, in hex.
 *
 * @throws not_locked when the store does not hold the lock; store_down; the signal's reason when `held` has aborted
 */
export async function recordInventory(
  deps: RecordInventoryDeps,
  recording: SealedRecording,
  taken: { readonly inventory: Inventory; readonly tool: string; readonly flags: readonly RecordingFlag[] },
  held: AbortSignal,
): Promise<string> {
  held.throwIfAborted()
  const bytes = inventoryBytes(taken.inventory)
  const digest = sha256(bytes)
  if (await inventoryRow(deps.db, recording.id, digest)) return digest.toString('hex')
  const key = inventoryKey(recording.id, digest.toString('hex'))
  const object = await deps.primary.put('originals', key, bytes, 'application/json')
  const retainUntil = await lockAndReadBack(deps.primary, object, primaryCopy(recording).retainUntil)
  held.throwIfAborted()
  const { tool, flags } = taken
  const stored = {
    ...{ hostName: deps.primary.hostName, object, bytes: bytes.length, sha256: digest, retainUntil, tool, flags },
    summary: summaryOf(taken.inventory),
  }
  await deps.db.transaction().execute((trx) => enterInventory(trx, deps.clock, recording, stored))
  return digest.toString('hex')
}
