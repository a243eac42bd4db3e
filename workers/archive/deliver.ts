import { buffer } from 'node:stream/consumers'
import { putLedgerObject } from '../../services/custody/anchoring/ledger-copy.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import type { Store, Stores } from '../../services/foundation/store/store.ts'
import { type Batch, objectsOfBatch, readTile } from '../../services/ledger/archive/batch-objects.ts'
import {
  deliveredCopies,
  enterDelivered,
  keptObject,
  type LedgerCopy,
  nextBatchFor,
} from '../../services/ledger/archive/delivery.ts'
import type { ArchiveNames } from '../../services/ledger/archive/names.ts'
import type { RunDeps } from '../run.ts'

export interface DeliverDeps extends RunDeps {
  readonly stores: Stores
  readonly names: ArchiveNames
  /** Length of the first COMPLIANCE lock, in days. */
  readonly lockFirstDays: number
}

const putsAtOnce = 6

/**
 * Brings the next batch that a store lacks onto it, object by object, and then enters them all at once: what a crash in
 * between leaves on the store is found equal by the next attempt. Answers the batch, null when the store has everything.
 *
 * @throws store_down, store_full, not_locked; bytes_differ when something else stands under one of the names
 */
export async function deliverNext(deps: DeliverDeps, store: Store, signal: AbortSignal): Promise<Batch | null> {
  const { db, names } = deps
  const batch = await nextBatchFor(db, store.name)
  if (!batch) return null
  const objects = objectsOfBatch(names, batch)
  const put = async (key: string, bytes: Buffer) => {
    signal.throwIfAborted()
    return putLedgerObject(store, { key, bytes, isErasable: key.endsWith('.age') }, deps)
  }
  const copies: LedgerCopy[] = []
  for (let start = 0; start < objects.tiles.length; start += putsAtOnce) {
    const tiles = objects.tiles.slice(start, start + putsAtOnce)
    copies.push(...(await allOf(tiles.map(async (tile) => put(names.tile(tile), await readTile(db, tile))))))
  }
  for (const key of objects.keys) copies.push(await put(key, await bytesOf(deps, key)))
  await enterDelivered(db, batch, { store: store.name, copies, at: deps.clock.now() })
  return batch
}

/** The bytes as they were made: kept in the database, or read back from a store that has them. */
async function bytesOf({ db, stores }: DeliverDeps, key: string): Promise<Buffer> {
  const kept = await keptObject(db, key)
  if (kept) return kept
  const copies = await deliveredCopies(db, key)
  for (const copy of copies) {
    const object = { bucket: 'originals' as const, key, versionId: copy.versionId }
    const bytes = await stores[copy.store].get(object).then(buffer, () => null)
    if (bytes && sha256(bytes).equals(copy.sha256)) return bytes
  }
  const places = copies.map(({ store }) => store).join(', ') || 'none'
  throw new Fault('not_ready', `${key} is not in the database any more, and no store gives it back (${places})`)
}

/** All results; the first failure is thrown after every other has ended, so that nothing runs on unseen. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
