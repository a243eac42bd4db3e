import { buffer } from 'node:stream/consumers'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { RecordingTable } from '../../foundation/db/schema/recordings.ts'
import type { QuarantineReason } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { recordingJobs } from '../../foundation/queue/jobs.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import type { ObjectVersion, Store } from '../../foundation/store/store.ts'
import { firstLockEnd, lockAndReadBack } from '../copies/object-lock.ts'
import { openOriginal } from '../copies/read-original.ts'
import { type Device, deviceBySerial } from '../devices/device.ts'
import { magicBytes } from '../devices/media-kind.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { recordEvent } from '../events/record.ts'
import type { RecordingFlag } from '../events/words.ts'
import { dockDigestOf } from './dock-digest.ts'
import { describeRecording, insertRecording, type NewRecording, sameRecording } from './recording.ts'
import { isSelfTest } from './self-test.ts'
import { type UploadRow, uploadSubjects } from './upload.ts'

export interface SealDeps {
  readonly db: Db
  readonly store: Store
  readonly clock: Clock
  readonly lockFirstDays: number
}

/** A complete upload whose bytes are one version on the primary store, with the digest of what arrived. */
export type StoredUpload = UploadRow & { readonly version_id: string; readonly sha256: Buffer }

export type SealOutcome = 'sealed' | 'quarantined' | 'duplicate'

/** The version on the primary store that becomes a recording, and until when it is locked. */
interface PrimaryVersion {
  readonly store: Store
  readonly object: ObjectVersion
  readonly lockedUntil: Date
}

/** What the rules say of an upload, before anything is written. */
interface Verdict {
  readonly device: Device | null
  readonly isListed: boolean
  readonly listedSha256: Buffer | null
  readonly reason: QuarantineReason | null
  readonly flags: readonly RecordingFlag[]
}

/**
 * Makes a stored upload a recording: locks the version and reads the lock back, then row, copy, event and jobs in one
 * transaction. A digest that differs, or a device that is unknown or retired, leads into quarantine, where the bytes are
 * kept and copied all the same. The same file of the same device again gives the first recording's id; its second version
 * stays unlocked.
 *
 * Restartable at any line: nothing but the transaction changes a row, and a lock that was set before is only extended.
 * `holder` has the upload's lease.
 *
 * @throws not_locked when the store does not hold the lock; locked when the lease is lost; store_down
 */
export async function sealUpload(deps: SealDeps, upload: StoredUpload, holder: string): Promise<SealOutcome> {
  const object: ObjectVersion = { bucket: 'originals', key: upload.object_key, versionId: upload.version_id }
  const verdict = await judge(deps.db, upload)
  const first = await sameRecording(deps.db, identityOf(upload, verdict))
  const lockEnd = firstLockEnd(deps.clock.now(), deps.lockFirstDays)
  const lockedUntil = first ? null : await lockAndReadBack(deps.store, object, lockEnd)
  const head = first ? new Uint8Array() : await readHead(deps.store, object, upload)
  return deps.db.transaction().execute(async (trx) => {
    const ours = await requireStillOurs(trx, upload, holder)
    const verdictNow = await judge(trx, ours)
    const firstNow = await sameRecording(trx, identityOf(ours, verdictNow))
    if (firstNow) return endAsDuplicate(trx, deps.clock, ours, firstNow)
    if (!lockedUntil)
      throw new Fault('conflict', `upload ${upload.id}: its first recording is gone, it is judged again`)
    const now = deps.clock.now()
    const recording = await describeRecording(trx, ours, verdictNow.device, { ...verdictNow, now, head })
    const stored = { object, lockedUntil, store: deps.store }
    const sealedAt = await recordSealed(trx, deps.clock, { upload: ours, verdict: verdictNow, recording }, stored)
    const inserted = await insertRecording(trx, ours, verdictNow.device, recording, {
      sha256: ours.sha256,
      at: sealedAt,
    })
    if (!inserted)
      throw new Fault('conflict', `upload ${upload.id}: the same file was sealed just now, it is judged again`)
    await insertPrimaryCopy(trx, recording.id, stored, sealedAt)
    for (const name of recordingJobs) {
      await enqueue(trx, { name, subjectId: recording.id, now: sealedAt })
    }
    const state = verdictNow.reason === null ? 'sealed' : 'quarantined'
    // Without a line the signature is of none: the event does not have it, so the row has not.
    const unsigned = verdictNow.isListed ? {} : { dock_signature: null, dock_sm3: null }
    await endUpload(trx, upload.id, state, recording.id, unsigned)
    return state
  })
}

async function judge(db: Db, upload: StoredUpload): Promise<Verdict> {
  const device = await deviceBySerial(db, upload.device_serial)
  const line = await db
    .selectFrom('hand_in_file')
    .select('sha256')
    .where('hand_in_id', '=', upload.hand_in_id)
    .where('upload_id', '=', upload.id)
    .executeTakeFirst()
  const listedSha256 = line?.sha256 ?? null
  const said = [upload.declared_sha256, listedSha256].filter((digest) => digest !== null)
  const flags: RecordingFlag[] = []
  if (upload.hand_in_id === null) flags.push('no_list')
  else if (!line) flags.push('not_on_list')
  if (upload.declared_sha256 === null) flags.push('no_dock_digest')
  if (upload.bytes === 0) flags.push('empty')
  const isListed = line !== undefined
  const isTest = await isSelfTest(db, { ...upload, isListed })
  if (isTest) flags.push('self_test')
  return { device, isListed, listedSha256, flags, reason: reasonOf(upload, { device, isListed, isTest }, said) }
}

function reasonOf(
  upload: StoredUpload,
  known: { device: Device | null; isListed: boolean; isTest: boolean },
  said: readonly Buffer[],
): QuarantineReason | null {
  if (said.some((digest) => !digest.equals(upload.sha256))) return 'digest_differs'
  if (known.device === null && !known.isTest) return 'unknown_device'
  if (known.device?.state === 'retired') return 'retired_device'
  return known.isListed ? null : 'not_listed'
}

function identityOf(upload: StoredUpload, verdict: Verdict) {
  return {
    deviceSerial: upload.device_serial,
    sha256: upload.sha256,
    bytes: upload.bytes,
    reason: verdict.reason,
  }
}

async function readHead(store: Store, copy: ObjectVersion, { id, bytes }: StoredUpload): Promise<Uint8Array> {
  if (bytes === 0) return new Uint8Array()
  const range = { start: 0, end: Math.min(bytes, magicBytes) - 1 }
  return buffer(await openOriginal({ of: { uploadId: id }, store, copy, bytes, range, length: 'compared' }))
}

/** Holds the row until the transaction ends; returns it with the digest that the dock may have said meanwhile. */
async function requireStillOurs(trx: Trx, upload: StoredUpload, holder: string): Promise<StoredUpload> {
  const row = await trx
    .selectFrom('upload')
    .select(['state', 'lease_holder', 'declared_sha256', 'dock_signature', 'dock_sm3'])
    .where('id', '=', upload.id)
    .forUpdate()
    .executeTakeFirst()
  if (row?.state === 'complete' && row.lease_holder === holder) {
    const { declared_sha256, dock_signature, dock_sm3 } = row
    return { ...upload, declared_sha256, dock_signature, dock_sm3 }
  }
  throw new Fault('locked', `upload ${upload.id} is being sealed by another process`)
}

async function insertPrimaryCopy(
  trx: Trx,
  recordingId: string,
  { store, object, lockedUntil }: PrimaryVersion,
  sealedAt: Date,
): Promise<void> {
  await trx
    .insertInto('copy')
    .values({
      recording_id: recordingId,
      store: store.name,
      object_key: object.key,
      version_id: object.versionId,
      host_name: store.hostName,
      state: 'stored',
      retain_until: lockedUntil,
      legal_hold: true,
      stored_at: sealedAt,
    })
    .execute()
}

/** Returns the event's time, which is when the recording was sealed. */
async function recordSealed(
  trx: Trx,
  clock: Clock,
  { upload, verdict, recording }: { upload: StoredUpload; verdict: Verdict; recording: NewRecording },
  stored: PrimaryVersion,
): Promise<Date> {
  const { personId } = recording.user
  const officer = personId === null ? [] : [{ type: 'person', id: personId }]
  const act = {
    clock,
    by: { id: 'ingest', role: 'service' },
    subjects: [{ type: 'recording', id: recording.id }, ...uploadSubjects(upload), ...officer],
  }
  const dockDigest = dockDigestOf(upload, verdict.isListed)
  const details = {
    flags: recording.flags,
    name: nameForEvent(upload.name),
    bytes: upload.bytes,
    sha256: upload.sha256.toString('hex'),
    declaredSha256: upload.declared_sha256?.toString('hex') ?? null,
    listedSha256: verdict.listedSha256?.toString('hex') ?? null,
    ...(dockDigest && { dockDigest }),
    mark: upload.mark,
    mediaKind: recording.mediaKind,
    deviceTime: upload.device_time?.toISOString() ?? null,
    ...(upload.device_time_text === null ? {} : { deviceTimeText: upload.device_time_text }),
    clockOffsetMs: upload.clock_offset_ms,
    correctedTime: recording.correctedTime?.toISOString() ?? null,
    userGrade: recording.user.grade,
    copy: {
      store: 'primary' as const,
      host: stored.store.hostName,
      key: stored.object.key,
      versionId: stored.object.versionId,
      retainUntil: stored.lockedUntil.toISOString(),
      legalHold: true,
    },
  }
  const { reason } = recording
  const { at } =
    reason === null
      ? await recordEvent(trx, 'recording.sealed', { ...act, details: { ...details, reason } })
      : await recordEvent(trx, 'recording.quarantined', { ...act, details: { ...details, reason } })
  return at
}

async function endAsDuplicate(
  trx: Trx,
  clock: Clock,
  upload: StoredUpload,
  first: { id: string; state: RecordingTable['state'] },
): Promise<SealOutcome> {
  const { at } = await recordEvent(trx, 'recording.duplicate', {
    clock,
    by: { id: 'ingest', role: 'service' },
    subjects: [{ type: 'recording', id: first.id }, ...uploadSubjects(upload)],
    details: {
      name: nameForEvent(upload.name),
      bytes: upload.bytes,
      sha256: upload.sha256.toString('hex'),
      // Until the first is secured these bytes are what a repair would be made from.
      firstState: first.state,
      keptVersion: { store: 'primary', key: upload.object_key, versionId: upload.version_id },
    },
  })
  await endUpload(trx, upload.id, 'duplicate', first.id)
  await enqueue(trx, { name: 'reread', subjectId: upload.id, now: at })
  return 'duplicate'
}

async function endUpload(
  trx: Trx,
  uploadId: string,
  state: SealOutcome,
  recordingId: string,
  unsigned: { readonly dock_signature?: null; readonly dock_sm3?: null } = {},
): Promise<void> {
  const ended = { lease_holder: null, lease_until: null, release_requested: false }
  await trx
    .updateTable('upload')
    .set({ state, recording_id: recordingId, ...ended, ...unsigned })
    .where('id', '=', uploadId)
    .execute()
}
