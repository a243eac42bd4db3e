import { Fault } from '../../foundation/errors.ts'
import { recordEvent } from '../events/record.ts'
import { requireSignedDigest, type SaidDigest } from './dock-digest.ts'
import {
  type DockActor,
  refuseUpload,
  type SigningDock,
  type UploadDeps,
  type UploadRow,
  uploadAct,
  uploadOfDock,
} from './upload.ts'

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
 * The dock says the digest of a file that it hashed while reading, and may sign it. Said again it must be the same; a signature
 * may be added until the file is sealed. One that comes later is checked and not kept: the event that seals is written.
 *
 * @throws bad_request naming `signature` when that is not the dock's over this file; nothing is kept then.
 *   conflict when another digest was said before or the sealed bytes have another one (the refusal is an event);
 *   gone when the upload was terminated or has expired.
 */
export async function sayDigest(
  deps: UploadDeps,
  dock: SigningDock,
  row: UploadRow,
  digest: SaidDigest,
): Promise<void> {
  requireNotEnded(row, deps.clock.now())
  await requireSignedDigest(deps.db, dock.publicKey, row, digest)
  const isOpen = row.state === 'receiving' || row.state === 'complete'
  const fits = isOpen || row.sha256?.equals(digest.sha256)
  if (fits) {
    const updated = await keepDigest(deps.db, row, digest, isOpen)
    if (updated) return
    const current = await uploadOfDock(deps, dock, row.id)
    // Completed or sealed in between: what holds for that state is decided anew.
    if (current.state !== row.state) return sayDigest(deps, dock, current, digest)
  }
  const said = digest.sha256.toString('hex')
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

/** Whether the row has the digest now: false when it had another, another SM3 was signed, or its state has changed. */
async function keepDigest(
  db: UploadDeps['db'],
  row: UploadRow,
  { sha256, signed }: SaidDigest,
  isOpen: boolean,
): Promise<boolean> {
  const kept = isOpen && signed ? { dock_signature: signed.signature, dock_sm3: signed.sm3 } : {}
  let update = db
    .updateTable('upload')
    .set({ declared_sha256: sha256, ...kept })
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .where((where) => where.or([where('declared_sha256', 'is', null), where('declared_sha256', '=', sha256)]))
  if (signed) {
    update = update.where((where) =>
      where.or([where('dock_signature', 'is', null), where('dock_sm3', 'is not distinct from', signed.sm3)]),
    )
  }
  const { numUpdatedRows } = await update.executeTakeFirst()
  return numUpdatedRows === 1n
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
