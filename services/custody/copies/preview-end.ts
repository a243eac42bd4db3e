import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { recordEvent } from '../events/record.ts'
import type { PreviewEnd } from '../events/words.ts'
import { recordingSubjects, type SealedRecording } from './copies.ts'

/**
 * Ends a recording's preview (../viewing/preview.ts) in the caller's transaction, which holds the recording's lock; does
 * nothing when it has none. Returns whether it had one. A preview that is withdrawn is not served from then on. One that ended otherwise may be watched
 * on by the viewings that are open on it, for the original was found to be what was sealed; new ones open the rendition.
 */
export async function endPreview(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  why: PreviewEnd,
): Promise<boolean> {
  const preview = await trx
    .selectFrom('rendition')
    .where('recording_id', '=', recording.id)
    .where('state', '=', 'preview')
    .select('id')
    .executeTakeFirst()
  if (!preview) return false
  const { at } = await recordEvent(trx, 'rendition.preview_ended', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: { renditionId: preview.id, why },
  })
  await trx
    .updateTable('rendition')
    .set({ state: why === 'withdrawn' ? 'withdrawn' : 'preview_ended', ended_at: at })
    .where('id', '=', preview.id)
    .execute()
  return true
}
