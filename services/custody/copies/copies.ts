import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { CopyTable, RecordingTable } from '../../foundation/db/schema/recordings.ts'
import { Fault } from '../../foundation/errors.ts'
import type { ObjectVersion, StoreName } from '../../foundation/store/store.ts'
import { recordEvent } from '../events/record.ts'
import { settleSecured } from './secured.ts'

/** A recording as the jobs that keep it need it: what was sealed, and where its copies lie. */
export interface SealedRecording {
  readonly id: string
  readonly deviceSerial: string
  readonly bytes: number
  readonly sha256: Buffer
  readonly sm3: Buffer | null
  readonly state: RecordingTable['state']
  readonly sealedAt: Date
  readonly copies: ReadonlyMap<StoreName, StoredCopy>
}

export interface StoredCopy {
  readonly object: ObjectVersion
  readonly state: CopyTable['state']
  readonly retainUntil: Date
}

/** @throws not_found */
export async function sealedRecording(db: Db, id: string): Promise<SealedRecording> {
  const row = await db
    .selectFrom('recording')
    .select(['id', 'device_serial', 'bytes', 'sha256', 'sm3', 'state', 'sealed_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new Fault('not_found', `there is no recording ${id}`)
  const copies = await db.selectFrom('copy').selectAll().where('recording_id', '=', id).execute()
  return {
    id,
    deviceSerial: row.device_serial,
    bytes: row.bytes,
    sha256: row.sha256,
    sm3: row.sm3,
    state: row.state,
    sealedAt: row.sealed_at,
    copies: new Map(copies.map((copy) => [copy.store, storedCopy(copy)])),
  }
}

/** The copy on the primary, which every recording has from its seal on. @throws internal */
export function primaryCopy(recording: SealedRecording): StoredCopy {
  const primary = recording.copies.get('primary')
  if (!primary) throw new Fault('internal', `recording ${recording.id} has no copy on the primary store`)
  return primary
}

/** Subjects of every event about a recording's bytes. */
export function recordingSubjects(recording: Pick<SealedRecording, 'id' | 'deviceSerial'>) {
  return [
    { type: 'recording', id: recording.id },
    { type: 'device', id: recording.deviceSerial },
  ]
}

/** A copy on a backup store that was written, locked, and read back equal to the sealed digest. */
export interface ProvenCopy {
  readonly store: StoreName
  readonly hostName: string
  readonly object: ObjectVersion
  readonly retainUntil: Date
  readonly storedAt: Date
  /** True when an earlier run had written it and died before it could say so. */
  readonly adopted: boolean
}

/**
 * Enters a proven copy: row, event, and `secured` when it was the third. Changes nothing when the store's copy is entered
 * already; returns whether it was new.
 */
export async function enterCopy(
  trx: Trx,
  clock: Clock,
  recording: SealedRecording,
  copy: ProvenCopy,
): Promise<boolean> {
  await lockRecording(trx, recording.id)
  // Nobody else enters one meanwhile: the recording's row is locked.
  const known = await trx
    .selectFrom('copy')
    .where('recording_id', '=', recording.id)
    .where('store', '=', copy.store)
    .select('store')
    .executeTakeFirst()
  if (known) return false
  const { at } = await recordEvent(trx, 'recording.copied', {
    clock,
    by: { id: 'copy', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      store: copy.store,
      host: copy.hostName,
      key: copy.object.key,
      versionId: copy.object.versionId,
      bytes: recording.bytes,
      sha256: recording.sha256.toString('hex'),
      retainUntil: copy.retainUntil.toISOString(),
      legalHold: true,
      adopted: copy.adopted,
    },
  })
  await trx
    .insertInto('copy')
    .values({
      recording_id: recording.id,
      store: copy.store,
      object_key: copy.object.key,
      version_id: copy.object.versionId,
      host_name: copy.hostName,
      state: 'verified',
      retain_until: copy.retainUntil,
      legal_hold: true,
      stored_at: copy.storedAt,
      verified_at: at,
    })
    .execute()
  await settleSecured(trx, clock, recording.id)
  return true
}

/**
 * Holds the recording's row until the transaction ends: everything that changes its state, its copies or its cases comes
 * through here. @throws not_found
 */
export async function lockRecording(
  trx: Trx,
  id: string,
): Promise<{
  deviceSerial: string
  quarantineReason: RecordingTable['quarantine_reason']
  flags: readonly string[]
}> {
  const row = await trx
    .selectFrom('recording')
    .where('id', '=', id)
    .select(['device_serial as deviceSerial', 'quarantine_reason as quarantineReason', 'flags'])
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Fault('not_found', `there is no recording ${id}`)
  return row
}

function storedCopy(copy: {
  store: StoreName
  object_key: string
  version_id: string
  state: CopyTable['state']
  retain_until: Date
}): StoredCopy {
  return {
    object: { bucket: 'originals', key: copy.object_key, versionId: copy.version_id },
    state: copy.state,
    retainUntil: copy.retain_until,
  }
}
