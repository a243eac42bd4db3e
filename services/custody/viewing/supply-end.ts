import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import type { Found } from '../copies/verification.ts'
import { raiseAlarm, recordEvent } from '../events/record.ts'
import type { SuppliedFilm } from './supplied-film.ts'

type Recording = Pick<SealedRecording, 'id' | 'deviceSerial'>

/**
 * Records that no rendition can be made of a supplied film, and why: the recording cannot be played again, for the reason
 * that it had before. Changes nothing when the film's end is entered already.
 */
export async function enterSupplyFailed(
  trx: Trx,
  clock: Clock,
  recording: Recording,
  failed: { readonly film: SuppliedFilm; readonly reason: string; readonly tool: string },
): Promise<void> {
  const { film, reason, tool } = failed
  await lockRecording(trx, recording.id)
  const ended = await trx
    .updateTable('rendition_supply')
    .set({ state: 'failed', failure: reason })
    .where('id', '=', film.supplyId)
    .where('state', '=', 'making')
    .returning('id')
    .executeTakeFirst()
  if (!ended) return
  const { at } = await recordEvent(trx, 'rendition.supply_failed', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      supplyId: film.supplyId,
      suppliedSha256: film.sha256.toString('hex'),
      renditionId: film.renditionId,
      reason,
      tool,
    },
  })
  await trx
    .updateTable('rendition')
    .set({ state: 'abandoned', ended_at: at })
    .where('recording_id', '=', recording.id)
    .where('state', '=', 'running')
    .execute()
  await trx
    .updateTable('rendition')
    .set({ state: 'not_playable' })
    .where('id', '=', film.renditionId)
    .where('state', '=', 'superseded')
    .execute()
}

/** Raises the alarm that the stored film is not the one that two people agreed on. */
export async function raiseFilmDiffers(
  trx: Trx,
  clock: Clock,
  recording: Recording,
  { film, found }: { readonly film: SuppliedFilm; readonly found: Found },
): Promise<void> {
  const digestOf = ({ sha256, bytes }: { sha256: Buffer; bytes: number }) => ({ sha256: sha256.toString('hex'), bytes })
  await raiseAlarm(trx, 'supplied_film_differs', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      supplyId: film.supplyId,
      key: film.object.key,
      versionId: film.object.versionId,
      committed: digestOf(film),
      found: found && digestOf(found),
    },
  })
}
