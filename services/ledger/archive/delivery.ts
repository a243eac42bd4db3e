import type { Db } from '../../foundation/db/database.ts'
import { type ObjectVersion, type StoreName, storeNames } from '../../foundation/store/store.ts'
import type { Batch } from './batch-objects.ts'

/** An object of the ledger that lies on a store, as `ledger_copy` keeps it. */
export interface LedgerCopy {
  readonly object: ObjectVersion
  readonly sha256: Buffer
  readonly bytes: number
  /** Null for what must stay erasable: it has the legal hold alone. */
  readonly retainUntil: Date | null
}

/** The next batch that a store lacks; null when it has every batch. */
export async function nextBatchFor(db: Db, store: StoreName): Promise<Batch | null> {
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

/** The bytes of an object that not every store has yet; null when they are no longer kept in the database. */
export async function keptObject(db: Db, key: string): Promise<Buffer | null> {
  const kept = await db.selectFrom('archive_object').select('bytes').where('object_key', '=', key).executeTakeFirst()
  return kept?.bytes ?? null
}

/** Where an object was delivered to: a version on each store that has it. */
export async function deliveredCopies(
  db: Db,
  key: string,
): Promise<{ store: StoreName; versionId: string; sha256: Buffer }[]> {
  return db
    .selectFrom('ledger_copy')
    .where('object_key', '=', key)
    .select(['store', 'version_id as versionId', 'sha256'])
    .execute()
}

/**
 * Enters that a store has every object of a batch. What all stores have is no longer kept in the database. Entering it
 * again changes nothing.
 */
export async function enterDelivered(
  db: Db,
  { first, count }: Batch,
  delivered: { store: StoreName; copies: readonly LedgerCopy[]; at: Date },
): Promise<void> {
  const { store, copies, at } = delivered
  const rows = copies.map(({ object, bytes, sha256, retainUntil }) => ({
    store,
    object_key: object.key,
    version_id: object.versionId,
    sha256,
    bytes,
    retain_until: retainUntil,
    stored_at: at,
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
