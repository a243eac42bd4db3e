import type { Db, Trx } from '../../foundation/db/database.ts'
import { tailPrefix } from '../../foundation/store/keys.ts'
import type { Store } from '../../foundation/store/store.ts'

/**
 * A piece of an upload's tail: bytes that count into the offset, too few for a part so far, and lie in the bucket `tails`.
 * The pieces of an upload follow one another, and the last one ends at its offset.
 */
export interface TailPiece {
  /** Offset of its first byte in the file. */
  readonly startsAt: number
  readonly bytes: number
  readonly key: string
}

/** The pieces of an upload's tail in their order. */
export async function tailOf(db: Db, uploadId: string): Promise<TailPiece[]> {
  return db
    .selectFrom('upload_tail')
    .select(['starts_at as startsAt', 'bytes', 'object_key as key'])
    .where('upload_id', '=', uploadId)
    .orderBy('starts_at')
    .execute()
}

/** Replaces pieces of a tail. Whoever calls this holds the upload's lease and moves its offset in the same transaction. */
export async function changeTail(
  trx: Trx,
  uploadId: string,
  { removed, added }: { removed: readonly TailPiece[]; added: readonly TailPiece[] },
): Promise<void> {
  if (removed.length > 0) {
    const keys = removed.map(({ key }) => key)
    await trx.deleteFrom('upload_tail').where('upload_id', '=', uploadId).where('object_key', 'in', keys).execute()
  }
  if (added.length > 0) {
    const rows = added.map(({ startsAt, bytes, key }) => ({ starts_at: startsAt, bytes, object_key: key }))
    await trx
      .insertInto('upload_tail')
      .values(rows.map((row) => ({ upload_id: uploadId, ...row })))
      .execute()
  }
}

/** Forgets the tail of an upload that has ended. */
export async function forgetTail(db: Db, uploadId: string): Promise<void> {
  await db.deleteFrom('upload_tail').where('upload_id', '=', uploadId).execute()
}

/**
 * Removes every object of an upload from `tails`, those included that a crash left behind between the store and the row.
 * Only for uploads that have ended: nobody else may need a piece of it.
 *
 * @throws store_down
 */
export async function removeTails(store: Pick<Store, 'list' | 'remove'>, uploadId: string): Promise<void> {
  const keys: string[] = []
  for await (const { key } of store.list('tails', tailPrefix(uploadId))) keys.push(key)
  for (const key of keys) await store.remove('tails', key)
}
