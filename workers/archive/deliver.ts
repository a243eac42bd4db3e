import { buffer } from 'node:stream/consumers'
import { type LedgerCopy, putLedgerObject } from '../../services/custody/anchoring/ledger-copy.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault } from '../../services/foundation/errors.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { type Store, type StoreName, type Stores, storeNames } from '../../services/foundation/store/store.ts'
import { type Batch, objectsOfBatch, readTile } from '../../services/ledger/archive/batch-objects.ts'
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
  const batch = await nextBatch(db, store.name)
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
  await enterCopies(deps, store.name, batch, copies)
  return batch
}

async function nextBatch(db: Db, store: StoreName): Promise<Batch | null> {
  const progress = await db
    .selectFrom('archive_progress')
    .where('store', '=', store)
    .select('archived_to')
    .executeTakeFirst()
  const archivedTo = progress?.archived_to ?? 0
  const rows = await db
    .selectFrom('event_archive_batch')
    .selectAll()
    .where('first', '>=', (where) =>
      where
        .selectFrom('event_archive_batch')
        .where('first', '<=', archivedTo)
        .select((select) => select.fn.coalesce(select.fn.max('first'), select.val(0)).as('first')),
    )
    .orderBy('first')
    .limit(2)
    .execute()
  return rows.find(({ first, count }) => first + count > archivedTo) ?? null
}

/** The bytes as they were made: kept in the database, or read back from a store that has them. */
async function bytesOf({ db, stores }: DeliverDeps, key: string): Promise<Buffer> {
  const kept = await db.selectFrom('archive_object').select('bytes').where('object_key', '=', key).executeTakeFirst()
  if (kept) return kept.bytes
  const copies = await db.selectFrom('ledger_copy').selectAll().where('object_key', '=', key).execute()
  for (const copy of copies) {
    const object = { bucket: 'originals' as const, key, versionId: copy.version_id }
    const bytes = await stores[copy.store].get(object).then(buffer, () => null)
    if (bytes && sha256(bytes).equals(copy.sha256)) return bytes
  }
  const places = copies.map(({ store }) => store).join(', ') || 'none'
  throw new Fault('not_ready', `${key} is not in the database any more, and no store gives it back (${places})`)
}

async function enterCopies(
  { db, clock }: DeliverDeps,
  store: StoreName,
  { first, count }: Batch,
  copies: readonly LedgerCopy[],
): Promise<void> {
  const stored_at = clock.now()
  const rows = copies.map(({ object, bytes, sha256, retainUntil }) => ({
    store,
    object_key: object.key,
    version_id: object.versionId,
    sha256,
    bytes,
    retain_until: retainUntil,
    stored_at,
  }))
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('ledger_copy')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['store', 'object_key']).doNothing())
      .execute()
    await trx
      .insertInto('archive_progress')
      .values({ store, archived_to: first + count })
      .onConflict((conflict) =>
        conflict
          .column('store')
          .doUpdateSet({ archived_to: first + count })
          .where('archive_progress.archived_to', '<', first + count),
      )
      .execute()
  })
  await forgetDelivered(db)
}

/** What all three stores have need not be kept here. */
async function forgetDelivered(db: Db): Promise<void> {
  const rows = await db.selectFrom('archive_progress').select('archived_to').execute()
  if (rows.length < storeNames.length) return
  const everywhereTo = Math.min(...rows.map(({ archived_to }) => archived_to))
  await db
    .deleteFrom('archive_object')
    .where('batch_first', 'in', (where) =>
      where
        .selectFrom('event_archive_batch')
        .innerJoin('archive_object as kept', 'kept.batch_first', 'event_archive_batch.first')
        .where((has) =>
          has(has('event_archive_batch.first', '+', has.ref('event_archive_batch.count')), '<=', everywhereTo),
        )
        .select('event_archive_batch.first'),
    )
    .execute()
}

/** All results; the first failure is thrown after every other has ended, so that nothing runs on unseen. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
