import { Fault } from '../../foundation/errors.ts'
import { recordEvent } from '../events/record.ts'
import { type DockActor, refuseUpload, type UploadDeps, type UploadRow, uploadAct, uploadOfDock } from './upload.ts'

/**
 * Ends an unfinished upload at the dock's wish. What was accepted whole stays: after its last byte this is refused, and
 * the refusal is an event.
 *
 * @throws conflict after the last byte; gone when it was ended before.
 */
export async function terminateUpload(deps: UploadDeps, dock: DockActor, row: UploadRow): Promise<void> {
  requireNotEnded(row, deps.clock.now())
  const ended = await deps.db.transaction().execute(async (trx) => {
    const updated = await trx
      .updateTable('upload')
      .set({ state: 'terminated', lease_holder: null, lease_until: null, release_requested: false })
      .where('id', '=', row.id)
      .where('state', '=', 'receiving')
      .returning(['received_bytes'])
      .executeTakeFirst()
    if (!updated) return false
    await recordEvent(trx, 'upload.terminated', {
      ...uploadAct(deps.clock, row),
      details: { bytes: row.bytes, receivedBytes: updated.received_bytes },
    })
    return true
  })
  if (ended) return
  await refuseUpload(deps, dock, row, { reason: 'terminate_after_last_byte' })
  throw new Fault('conflict', `every byte of upload ${row.id} has arrived and is kept: it cannot be taken back`)
}

/**
 * The dock says the SHA-256 of a file that it hashed while reading. Said again it must be the same.
 *
 * @throws conflict when another digest was said before or the sealed bytes have another one (the refusal is an event);
 *   gone when the upload was terminated or has expired.
 */
export async function sayDigest(deps: UploadDeps, dock: DockActor, row: UploadRow, digest: Buffer): Promise<void> {
  requireNotEnded(row, deps.clock.now())
  const isOpen = row.state === 'receiving' || row.state === 'complete'
  const fits = isOpen || row.sha256?.equals(digest)
  if (fits) {
    const updated = await deps.db
      .updateTable('upload')
      .set({ declared_sha256: digest })
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where((where) => where.or([where('declared_sha256', 'is', null), where('declared_sha256', '=', digest)]))
      .executeTakeFirst()
    if (updated.numUpdatedRows === 1n) return
    const current = await uploadOfDock(deps, dock, row.id)
    // Completed or sealed in between: what holds for that state is decided anew.
    if (current.state !== row.state) return sayDigest(deps, dock, current, digest)
  }
  const said = digest.toString('hex')
  const before = row.declared_sha256?.toString('hex') ?? null
  const own = isOpen ? null : (row.sha256?.toString('hex') ?? null)
  await refuseUpload(deps, dock, row, { reason: 'digest_differs', said, before, own })
  throw new Fault(
    'conflict',
    own === null || own === before
      ? `another digest was given for upload ${row.id} before`
      : `upload ${row.id} is stored already and its bytes have another digest`,
    { details: { said, before, own } },
  )
}

/** @throws gone when the upload was terminated or has expired. */
export function requireNotEnded(row: UploadRow, now: Date): void {
  if (row.state === 'terminated') throw new Fault('gone', `upload ${row.id} was terminated: begin a new one`)
  const hasExpired = row.state === 'expired' || (row.state === 'receiving' && row.expires_at <= now)
  if (hasExpired) {
    const since = row.expires_at.toISOString()
    throw new Fault('gone', `upload ${row.id} had no new byte until ${since} and has expired: begin a new one`)
  }
}
