import type { Db, Trx } from '../../foundation/db/database.ts'
import type { RecordingTable } from '../../foundation/db/schema/recordings.ts'
import type { MediaKind, QuarantineReason } from '../../foundation/db/words.ts'
import { newId } from '../../foundation/id.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { isLikelyChatCopy } from '../devices/chat-copy.ts'
import type { Device } from '../devices/device.ts'
import { mediaKindOf } from '../devices/media-kind.ts'
import { instantOfName, type ParsedName, parsedNameJson, parseName } from '../devices/name-profile.ts'
import type { RecordingFlag } from '../events/words.ts'
import { deviceUser } from './device-user.ts'
import type { DeviceUser } from './docking-user.ts'
import { isDeviceStated } from './hand-in.ts'
import { nameContradicts } from './name-flags.ts'
import { timeFlags } from './time-flags.ts'
import type { UploadRow } from './upload.ts'

export interface NewRecording {
  readonly id: string
  /** Whose recording it is: who used the device this shift. */
  readonly user: DeviceUser
  readonly parsed: ParsedName | null
  readonly mediaKind: MediaKind
  readonly correctedTime: Date | null
  readonly flags: readonly RecordingFlag[]
  readonly reason: QuarantineReason | null
}

/** Device time without the device clock's error. Both are kept; the first is never overwritten. */
export function correctedTime(deviceTime: Date | null, clockOffsetMs: number | null): Date | null {
  if (deviceTime === null || clockOffsetMs === null) return null
  return new Date(deviceTime.getTime() - clockOffsetMs)
}

/** Derives from an upload what its recording will say. `head` are the file's first bytes. */
export async function describeRecording(
  db: Db,
  upload: UploadRow,
  device: Device | null,
  seen: { now: Date; head: Uint8Array; flags: readonly RecordingFlag[]; reason: QuarantineReason | null },
): Promise<NewRecording> {
  const name = displayName(upload.name)
  const parsed = parseName(name)
  const user = await deviceUser(db, upload, device)
  return {
    id: newId(seen.now),
    user,
    parsed,
    mediaKind: mediaKindOf(name, seen.head),
    correctedTime: correctedTime(upload.device_time, upload.clock_offset_ms),
    flags: [
      ...seen.flags,
      ...((await isDeviceStated(db, upload.hand_in_id)) ? (['device_stated'] as const) : []),
      ...makingFlags(name, seen.head, device),
      ...(await nameFlags(db, parsed, upload.device_serial, user)),
      ...clockFlags(upload, parsed, device),
    ],
    reason: seen.reason,
  }
}

/** What the file is marked with because of what it was made with, or has gone through since. */
function makingFlags(name: string, head: Uint8Array, device: Device | null): RecordingFlag[] {
  const isFromPhone = device?.kind === 'phone'
  return [
    ...(isFromPhone ? (['not_enforcement_device'] as const) : []),
    ...(isLikelyChatCopy({ name, head, isFromPhone }) ? (['recompressed_likely'] as const) : []),
  ]
}

/** What the name is marked with: not readable, or at odds with the device that handed it in and whoever used it. */
async function nameFlags(
  db: Db,
  parsed: ParsedName | null,
  deviceSerial: string,
  user: DeviceUser,
): Promise<RecordingFlag[]> {
  if (parsed === null) return ['name_not_parsed']
  const holder = await db
    .selectFrom('person')
    .select(['officer_number as officerNumber', 'certificate_number as certificateNumber'])
    .where('id', '=', user.personId)
    .executeTakeFirst()
  return nameContradicts(parsed, { deviceSerial, holder: holder ?? null }) ? ['name_contradicts'] : []
}

/** What the times are marked with, as far as they are known before anybody has looked into the file. */
function clockFlags(upload: UploadRow, parsed: ParsedName | null, device: Device | null): RecordingFlag[] {
  const nameTime = parsed && instantOfName(parsed)
  const isNoTime = (upload.device_time_text !== null && upload.device_time === null) || (parsed !== null && !nameTime)
  const flags = timeFlags({
    nameTime,
    fileClock: null,
    lengthMs: 0,
    deviceTime: upload.device_time,
    correctedTime: correctedTime(upload.device_time, upload.clock_offset_ms),
    registeredAt: device?.registeredAt ?? null,
    dockedAt: upload.created_at,
  })
  return isNoTime ? ['no_such_time', ...flags] : flags
}

/** The recording that the same bytes of the same device became before, if it counts as the same for `reason`. */
export async function sameRecording(
  db: Db,
  same: { deviceSerial: string; sha256: Buffer; bytes: number; reason: QuarantineReason | null },
): Promise<{ id: string; state: RecordingTable['state'] } | null> {
  // Whoever announced another digest must be told so, whatever else is here.
  if (same.reason === 'digest_differs') return null
  const rows = await db
    .selectFrom('recording')
    .select(['id', 'state', 'quarantine_reason'])
    .where('device_serial', '=', same.deviceSerial)
    .where('sha256', '=', same.sha256)
    .where('bytes', '=', same.bytes)
    .orderBy('sealed_at')
    .execute()
  const found =
    rows.find((row) => row.quarantine_reason === null) ??
    (same.reason === null ? undefined : rows.find((row) => row.quarantine_reason === same.reason))
  return found ? { id: found.id, state: found.state } : null
}

/** A recording's state, and why it came into quarantine; null when there is no such recording. */
export async function recordingState(
  db: Db,
  id: string,
): Promise<{ state: RecordingTable['state']; quarantineReason: RecordingTable['quarantine_reason'] } | null> {
  const row = await db
    .selectFrom('recording')
    .where('id', '=', id)
    .select(['state', 'quarantine_reason as quarantineReason'])
    .executeTakeFirst()
  return row ?? null
}

/** Inserts the recording's row. False when the same file was sealed in the meantime. */
export async function insertRecording(
  trx: Trx,
  upload: UploadRow,
  device: Device | null,
  recording: NewRecording,
  sealed: { sha256: Buffer; at: Date },
): Promise<boolean> {
  const result = await trx
    .insertInto('recording')
    .values({
      id: recording.id,
      dock_id: upload.dock_id,
      hand_in_id: upload.hand_in_id,
      device_id: device?.id ?? null,
      device_serial: upload.device_serial,
      officer_id: recording.user.personId,
      user_grade: recording.user.grade,
      name: upload.name,
      name_parsed: recording.parsed ? parsedNameJson(recording.parsed) : null,
      media_kind: recording.mediaKind,
      bytes: upload.bytes,
      sha256: sealed.sha256,
      mark: upload.mark,
      device_time: upload.device_time,
      device_time_text: upload.device_time_text,
      clock_offset_ms: upload.clock_offset_ms,
      corrected_time: recording.correctedTime,
      flags: [...recording.flags],
      state: 'sealed',
      quarantine_reason: recording.reason,
      sealed_at: sealed.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['device_serial', 'sha256', 'bytes']).where('quarantine_reason', 'is', null).doNothing(),
    )
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
