import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { finishJob } from '../../foundation/queue/job-row.ts'
import type { ObjectVersion } from '../../foundation/store/store.ts'
import { recordEvent } from '../events/record.ts'
import { lockPackage, type PackageRow, packageSubjects } from './package.ts'

/** Where all objects of a package lie in the primary's bucket of derived files. */
export function packagePrefix(id: string): string {
  return `packages/${id}/`
}

/**
 * Takes a package up for building: whoever had begun it is replaced, which he learns at his last step. Null when there is
 * nothing to build any more. `abandoned` is the upload of the run before.
 */
export async function beginBuild(
  trx: Trx,
  id: string,
): Promise<{ row: PackageRow; abandoned: { key: string; multipartId: string } | null } | null> {
  const row = await lockPackage(trx, id)
  if (row.state !== 'queued' && row.state !== 'building') return null
  await trx
    .updateTable('package')
    .set({ state: 'building', multipart_id: null, object_key: null, bytes_done: 0, bytes_total: null })
    .where('id', '=', id)
    .execute()
  const abandoned = row.multipart_id && row.object_key ? { key: row.object_key, multipartId: row.multipart_id } : null
  return { row, abandoned }
}

/** Notes the upload that this run writes into. @throws locked when another run has taken over */
export async function noteUpload(db: Db, id: string, upload: { key: string; multipartId: string }): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('package')
    .set({ multipart_id: upload.multipartId, object_key: upload.key })
    .where('id', '=', id)
    .where('state', '=', 'building')
    .where('multipart_id', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw takenOver(id)
}

/** How far this run is. Progress is no history, and of a run that was replaced it is nothing. */
export async function noteProgress(
  db: Db,
  id: string,
  progress: { multipartId: string; bytesDone: number; bytesTotal: number },
): Promise<void> {
  await db
    .updateTable('package')
    .set({ bytes_done: progress.bytesDone, bytes_total: progress.bytesTotal })
    .where('id', '=', id)
    .where('multipart_id', '=', progress.multipartId)
    .execute()
}

export interface BuiltPackage {
  readonly object: ObjectVersion
  readonly multipartId: string
  readonly bytes: number
  readonly sha256: Buffer
  readonly checkpoint: { readonly size: number; readonly root: Buffer; readonly witnessedAt: Date | null }
  readonly recordings: number
  readonly events: number
  readonly expiresAt: Date
}

/**
 * Enters what the files of a package are, before the checkpoint that it is proven against. Returns the event's id.
 *
 * @throws locked when another run has taken over
 */
export async function enterContents(
  trx: Trx,
  clock: Clock,
  build: { id: string; multipartId: string },
  contents: { readonly sha256: string; readonly files: number; readonly bytes: number },
): Promise<string> {
  const { id } = build
  const row = await lockPackage(trx, id)
  if (row.state !== 'building' || row.multipart_id !== build.multipartId) throw takenOver(id)
  const event = await recordEvent(trx, 'package.contents', {
    clock,
    by: { id: 'package', role: 'service' },
    subjects: packageSubjects({ id, caseNumber: row.case_number }, row.requested_by),
    details: contents,
  })
  return event.id
}

/** Enters a package that lies whole in the store. @throws locked when another run has taken over: its file is the one */
export async function finishBuild(
  trx: Trx,
  clock: Clock,
  build: { id: string; jobId: string },
  built: BuiltPackage,
): Promise<void> {
  const { id } = build
  const row = await lockPackage(trx, id)
  if (row.state !== 'building' || row.multipart_id !== built.multipartId) throw takenOver(id)
  const { at } = await recordEvent(trx, 'package.built', {
    clock,
    by: { id: 'package', role: 'service' },
    subjects: packageSubjects({ id, caseNumber: row.case_number }, row.requested_by),
    details: {
      key: built.object.key,
      versionId: built.object.versionId,
      bytes: built.bytes,
      sha256: built.sha256.toString('hex'),
      checkpointSize: built.checkpoint.size,
      root: built.checkpoint.root.toString('hex'),
      witnessedAt: built.checkpoint.witnessedAt?.toISOString() ?? null,
      encrypted: row.recipient_key !== null,
      recordings: built.recordings,
      events: built.events,
      expiresAt: built.expiresAt.toISOString(),
    },
  })
  await trx
    .updateTable('package')
    .set({
      state: 'ready',
      multipart_id: null,
      bytes_done: built.bytes,
      bytes_total: built.bytes,
      checkpoint_size: built.checkpoint.size,
      object_key: built.object.key,
      version_id: built.object.versionId,
      bytes: built.bytes,
      sha256: built.sha256,
      ready_at: at,
      expires_at: built.expiresAt,
    })
    .where('id', '=', id)
    .execute()
  await finishJob(trx, build.jobId, at)
}

/** Ends a package that cannot be made, and says why. Changes nothing when it is not being built any more. */
export async function failBuild(
  trx: Trx,
  clock: Clock,
  build: { id: string; jobId: string },
  failure: string,
): Promise<void> {
  const { id } = build
  const row = await lockPackage(trx, id)
  await finishJob(trx, build.jobId, clock.now())
  if (row.state !== 'building') return
  await trx
    .updateTable('package')
    .set({ state: 'failed', failure, multipart_id: null, object_key: null })
    .where('id', '=', id)
    .execute()
  await recordEvent(trx, 'package.failed', {
    clock,
    by: { id: 'package', role: 'service' },
    subjects: packageSubjects({ id, caseNumber: row.case_number }, row.requested_by),
    details: { failure },
  })
}

/** Ids of packages whose time is over and that do not say so yet. */
export async function overduePackages(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('package')
    .where('state', '=', 'ready')
    .where('expires_at', '<=', now)
    .select('id')
    .limit(100)
    .execute()
  return rows.map(({ id }) => id)
}

/** Ends a package whose time is over; its file is deleted first. Returns whether it ended now. */
export async function expirePackage(trx: Trx, clock: Clock, id: string): Promise<boolean> {
  const row = await lockPackage(trx, id)
  if (row.state !== 'ready' || row.expires_at === null || row.expires_at > clock.now()) return false
  await trx.updateTable('package').set({ state: 'expired' }).where('id', '=', id).execute()
  await recordEvent(trx, 'package.expired', {
    clock,
    by: { id: 'package', role: 'service' },
    subjects: packageSubjects({ id, caseNumber: row.case_number }, row.requested_by),
    details: { key: row.object_key, versionId: row.version_id, expiresAt: row.expires_at.toISOString() },
  })
  return true
}

function takenOver(id: string): Fault {
  return new Fault('locked', `package ${id} was taken over by another run`)
}
