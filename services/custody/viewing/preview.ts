import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import { endPreview } from '../copies/preview-end.ts'
import type { AlarmMembers } from '../events/alarms.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { detailsOf } from '../events/read.ts'
import { raiseAlarm, recordEvent } from '../events/record.ts'
import {
  filesForEvent,
  insertFiles,
  insertTracks,
  type RenditionFile,
  type RenditionMaking,
  renditionIsSettled,
  setCodecs,
} from './rendition.ts'

/** A recording's first minute, made before its original was read as a whole. */
export interface Preview {
  /** Of the row that is to be made; its files are already stored below it. */
  readonly id: string
  readonly making: RenditionMaking
  readonly durationMs: number
  /** The codecs of its one track. */
  readonly codecs: string
  /** Which bytes of the original it was made from. */
  readonly read: DetailsOf<'rendition.preview_published'>['read']
  readonly files: readonly RenditionFile[]
}

/** False when the recording has a preview, a rendition or the reason why there is none, or its primary copy is damaged. */
export async function mayHavePreview(trx: Trx, recordingId: string): Promise<boolean> {
  const preview = await trx
    .selectFrom('rendition')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['preview', 'withdrawn'])
    .select('id')
    .executeTakeFirst()
  if (preview || (await renditionIsSettled(trx, recordingId))) return false
  const copy = await trx
    .selectFrom('copy')
    .where('recording_id', '=', recordingId)
    .where('store', '=', 'primary')
    .select('state')
    .executeTakeFirst()
  return copy !== undefined && copy.state !== 'damaged'
}

/**
 * Publishes a preview: its row, its files and the event that lists them, all at once, so that there is never half of one.
 * The event names the sealed digest, which nobody has compared yet: it is withdrawn when the original turns out to be other
 * bytes, or this was made of others than the original's. Changes nothing when the recording may have none (any more); returns whether it was published.
 */
export async function publishPreview(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  { id, making, durationMs, codecs, read, files }: Preview,
): Promise<boolean> {
  await lockRecording(trx, recording.id)
  if (!(await mayHavePreview(trx, recording.id))) return false
  const { kind, method, tool } = making
  const flags = [...making.flags]
  const { id: eventId, at } = await recordEvent(trx, 'rendition.preview_published', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      ...{ renditionId: id, renditionKind: kind, method, tool, flags, durationMs, read },
      inputSha256: making.inputSha256.toString('hex'),
      files: filesForEvent(files),
    },
  })
  await trx
    .insertInto('rendition')
    .values({
      ...{ id, recording_id: recording.id, state: 'preview', kind, method, tool, flags },
      ...{ input_sha256: making.inputSha256, duration_ms: durationMs, started_at: at },
    })
    .execute()
  await insertTracks(trx, id, making.tracks)
  await setCodecs(trx, { renditionId: id, track: 0 }, codecs)
  await insertFiles(trx, id, { eventId, files })
  return true
}

/** Which bytes of the original a recording's preview was made from; null when it has none that is shown. */
export async function readOfPreview(
  db: Db,
  recordingId: string,
): Promise<{ readonly renditionId: string; readonly read: Preview['read'] } | null> {
  const row = await db
    .selectFrom('rendition')
    .innerJoin('rendition_file', 'rendition_file.rendition_id', 'rendition.id')
    .innerJoin('event', 'event.id', 'rendition_file.event_id')
    .where('rendition.recording_id', '=', recordingId)
    .where('rendition.state', '=', 'preview')
    .select(['rendition.id', 'event.body'])
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const body = bodyOrNull(row.body)
  const details = body && detailsOf('rendition.preview_published', body)
  if (details?.renditionId !== row.id) {
    throw new Fault('internal', `the event of preview ${row.id} cannot be read: run \`custody fsck\``)
  }
  return { renditionId: row.id, read: details.read }
}

/**
 * Withdraws a preview that was made of other bytes than the original's, with an alarm. Changes nothing when it ended
 * meanwhile.
 */
export async function withdrawPreview(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  differs: AlarmMembers<'preview_differs'>,
): Promise<void> {
  await lockRecording(trx, recording.id)
  if (!(await endPreview(trx, clock, recording, 'withdrawn'))) return
  await raiseAlarm(trx, 'preview_differs', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: differs,
  })
}
