import type { Db } from '../../foundation/db/database.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { deviceBySerial } from '../devices/device.ts'
import { instantOfName, parseName } from '../devices/name-profile.ts'
import type { RecordingFlag } from '../events/words.ts'
import { timeFlags } from './time-flags.ts'

/**
 * The flags that a recording gets once its file was looked into: those that the file's own clock adds to the ones of its
 * seal. Nothing when it has none.
 */
export async function lateFlags(
  db: Db,
  recordingId: string,
  file: { readonly clock: Date | null; readonly lengthMs: number },
): Promise<RecordingFlag[]> {
  if (file.clock === null) return []
  const recording = await db
    .selectFrom('recording')
    .leftJoin('upload', 'upload.recording_id', 'recording.id')
    .where('recording.id', '=', recordingId)
    .select(['recording.name', 'recording.device_serial as serial', 'recording.device_time as deviceTime'])
    .select(['recording.corrected_time', 'recording.flags', 'recording.sealed_at', 'upload.created_at'])
    .orderBy('upload.created_at')
    .executeTakeFirstOrThrow()
  const parsed = parseName(displayName(recording.name))
  const device = await deviceBySerial(db, recording.serial)
  const flags = timeFlags({
    nameTime: parsed && instantOfName(parsed),
    fileClock: file.clock,
    lengthMs: file.lengthMs,
    deviceTime: recording.deviceTime,
    correctedTime: recording.corrected_time,
    registeredAt: device?.registeredAt ?? null,
    dockedAt: recording.created_at ?? recording.sealed_at,
  })
  return flags.filter((flag) => !recording.flags.includes(flag))
}
