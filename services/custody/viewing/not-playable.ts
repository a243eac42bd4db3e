import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import type { NotPlayableReason } from '../../foundation/db/words.ts'
import { newId } from '../../foundation/id.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import { endPreview } from '../copies/preview-end.ts'
import { recordEvent } from '../events/record.ts'
import { renditionIsSettled } from './rendition.ts'

/** Why nothing of a recording can be played: a word of a closed list, and a sentence that says more. */
export interface NotPlayable {
  readonly why: NotPlayableReason
  readonly reason: string
}

/**
 * Records that a recording cannot be played, and why. What another run left unfinished is abandoned; the original stays
 * what it is. Changes nothing when the recording has its rendition already.
 */
export async function enterNotPlayable(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial' | 'sha256'>,
  { why, reason, tool }: NotPlayable & { readonly tool: string },
): Promise<void> {
  await lockRecording(trx, recording.id)
  if (await renditionIsSettled(trx, recording.id)) return
  const id = newId(clock.now())
  const { at } = await recordEvent(trx, 'rendition.not_playable', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: { renditionId: id, reason, why, inputSha256: recording.sha256.toString('hex'), tool },
  })
  await trx
    .updateTable('rendition')
    .set({ state: 'abandoned', ended_at: at })
    .where('recording_id', '=', recording.id)
    .where('state', '=', 'running')
    .execute()
  await trx
    .insertInto('rendition')
    .values({
      id,
      recording_id: recording.id,
      state: 'not_playable',
      tool,
      input_sha256: recording.sha256,
      reason,
      why,
      started_at: at,
      ended_at: at,
    })
    .execute()
  await endPreview(trx, clock, recording, 'not_playable')
}
