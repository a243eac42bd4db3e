import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
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
 * The event names the sealed digest, which nobody has compared yet: it is withdrawn by `endPreview` when the original turns
 * out to be other bytes. Changes nothing when the recording may have none (any more); returns whether it was published.
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
    actor: 'transcode',
    actorRole: 'service',
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
