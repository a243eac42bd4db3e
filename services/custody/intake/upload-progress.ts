import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { UploadedPart } from '../../foundation/store/store.ts'
import { raiseAlarm } from '../events/record.ts'
import { type UploadRow, uploadSubjects } from './upload.ts'
import { changeTail, type TailPiece } from './upload-tail.ts'

/** What changed among the pieces of the upload's tail: those that are in a part or in another piece now, and new ones. */
interface TailChange {
  readonly removed: readonly TailPiece[]
  readonly added: readonly TailPiece[]
}

/** Bytes that became durable, from offset `from` to offset `to`. */
export interface Progress {
  readonly from: number
  readonly to: number
  readonly parts: readonly UploadedPart[]
  readonly tail: TailChange
  readonly now: Date
  readonly expiresAt: Date
  /** Set with the last byte; `sha256` is null when the running hash did not see every byte. */
  readonly completed: { readonly sha256: Buffer | null } | null
}

/**
 * Moves the offset of an upload whose lease `holder` has. Compare-and-swap on lease and offset: of two writers at one
 * offset exactly one moves it. With the last byte the upload is complete and the lease is given back.
 *
 * @throws locked when the lease or the offset is no longer what the holder thinks.
 */
export async function moveOffset(db: Db, uploadId: string, holder: string, progress: Progress): Promise<void> {
  const { completed, tail, now } = progress
  await db.transaction().execute(async (trx) => {
    const result = await trx
      .updateTable('upload')
      .set({
        received_bytes: progress.to,
        last_byte_at: now,
        expires_at: progress.expiresAt,
        ...(completed && {
          state: 'complete' as const,
          completed_at: now,
          sha256: completed.sha256,
          lease_holder: null,
          lease_until: null,
          release_requested: false,
        }),
      })
      .where('id', '=', uploadId)
      .where('lease_holder', '=', holder)
      .where('received_bytes', '=', progress.from)
      .where('state', '=', 'receiving')
      .executeTakeFirst()
    if (result.numUpdatedRows !== 1n) throw leaseLost(uploadId)
    await changeTail(trx, uploadId, tail)
    if (progress.parts.length === 0) return
    await trx
      .insertInto('upload_part')
      .values(progress.parts.map(({ number, bytes, etag }) => ({ upload_id: uploadId, number, bytes, etag })))
      .execute()
  })
}

/** Keeps the id of the multipart upload that was begun for this upload. @throws locked */
export async function keepMultipart(db: Db, uploadId: string, holder: string, multipartId: string): Promise<void> {
  const result = await db
    .updateTable('upload')
    .set({ multipart_id: multipartId })
    .where('id', '=', uploadId)
    .where('lease_holder', '=', holder)
    .where('multipart_id', 'is', null)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) throw leaseLost(uploadId)
}

/** Keeps what is known of a complete upload's bytes: its version on the primary store, or that version's digest. @throws locked */
export async function keepStored(
  db: Db,
  uploadId: string,
  holder: string,
  stored: { versionId: string } | { sha256: Buffer },
): Promise<void> {
  const result = await db
    .updateTable('upload')
    .set('versionId' in stored ? { version_id: stored.versionId } : stored)
    .where('id', '=', uploadId)
    .where('lease_holder', '=', holder)
    .executeTakeFirst()
  if (result.numUpdatedRows !== 1n) throw new Fault('locked', `the lease of upload ${uploadId} is lost`)
}

/** Counts that the connection of an upload's PATCH broke before the body had ended. Progress only: no event. */
export async function countCut(db: Db, uploadId: string): Promise<void> {
  await db
    .updateTable('upload')
    .set((where) => ({ cuts: where('cuts', '+', 1) }))
    .where('id', '=', uploadId)
    .where('state', '=', 'receiving')
    .execute()
}

/** The parts of an upload in their order. */
export async function partsOf(db: Db, uploadId: string): Promise<UploadedPart[]> {
  return db
    .selectFrom('upload_part')
    .select(['number', 'bytes', 'etag'])
    .where('upload_id', '=', uploadId)
    .orderBy('number')
    .execute()
}

/**
 * The store has lost the parts of an unfinished upload (it forgot the multipart upload): begin again at offset 0, which is
 * the truth, and raise an alarm. The file is still on the device: no receipt was given.
 */
export async function restartUpload(db: Db, clock: Clock, row: UploadRow, holder: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const result = await trx
      .updateTable('upload')
      .set({
        state: 'receiving',
        received_bytes: 0,
        multipart_id: null,
        completed_at: null,
        sha256: null,
      })
      .where('id', '=', row.id)
      .where('lease_holder', '=', holder)
      .where('state', 'in', ['receiving', 'complete'])
      .where('version_id', 'is', null)
      .executeTakeFirst()
    if (result.numUpdatedRows !== 1n) throw leaseLost(row.id)
    await trx.deleteFrom('upload_part').where('upload_id', '=', row.id).execute()
    await trx.deleteFrom('upload_tail').where('upload_id', '=', row.id).execute()
    await raiseAlarm(trx, 'parts_lost', {
      clock,
      by: { id: 'ingest', role: 'service' },
      subjects: uploadSubjects(row),
      details: { store: 'primary', receivedBytes: row.received_bytes },
    })
  })
}

function leaseLost(uploadId: string): Fault {
  return new Fault(
    'locked',
    `another request has taken over upload ${uploadId}: ask for its offset and go on from there`,
  )
}
