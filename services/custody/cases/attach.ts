import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { Stage } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { lockRecording } from '../copies/copies.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { CaseRow } from './case.ts'
import { type FiledPeople, filedDetails, requireFiledPeople } from './filed-people.ts'

/**
 * Says that a recording belongs to a case, at which stage and by which officers' act. Saying the same again does nothing;
 * another stage than before is refused, so that no stage changes without a trace.
 *
 * @throws conflict when the recording is in quarantine or lies in the case under another stage; bad_request as
 *   `requireFiledPeople`
 */
export async function attachRecording(
  db: Db,
  clock: Clock,
  actor: Actor,
  attachment: { recordingId: string; caseFile: CaseRow; stage: Stage } & FiledPeople,
): Promise<void> {
  const { recordingId, caseFile, stage } = attachment
  await db.transaction().execute(async (trx) => {
    const recording = await lockRecording(trx, recordingId)
    if (recording.quarantineReason) {
      throw new Fault('conflict', `this recording is in quarantine (${recording.quarantineReason}): resolve that first`)
    }
    if (recording.flags.includes('self_test')) {
      throw new Fault('conflict', 'this file is a station’s test of itself: it belongs to no case')
    }
    const people = await requireFiledPeople(trx, attachment)
    // Nobody else attaches it meanwhile: the recording's row is locked.
    if (await isAttachedAs(trx, attachment)) return
    const { at } = await recordEvent(trx, 'recording.attached', {
      clock,
      by: actor,
      subjects: subjectsOf(recordingId, recording.deviceSerial, caseFile),
      details: { stage, ...filedDetails(people) },
    })
    await trx
      .insertInto('case_recording')
      .values({
        id: newId(at),
        case_id: caseFile.id,
        recording_id: recordingId,
        stage,
        officer_ids: [...people.officerIds],
        participant_ids: [...people.participantIds],
        fewer_officers_reason: people.fewerOfficersReason,
        attached_by: actor.id,
        attached_at: at,
      })
      .execute()
  })
}

/** Takes a recording out of a case. @throws not_found when it does not lie in it. */
export async function detachRecording(
  db: Db,
  clock: Clock,
  actor: Actor,
  detachment: { recordingId: string; caseFile: CaseRow; reason: string },
): Promise<void> {
  const { recordingId, caseFile, reason } = detachment
  await db.transaction().execute(async (trx) => {
    const recording = await lockRecording(trx, recordingId)
    const attached = await openAttachment(trx, detachment)
    if (!attached) throw new Fault('not_found', `this recording does not lie in the case ${caseFile.number}`)
    const { at } = await recordEvent(trx, 'recording.detached', {
      clock,
      by: actor,
      subjects: subjectsOf(recordingId, recording.deviceSerial, caseFile),
      details: { stage: attached.stage, reason },
    })
    await trx.updateTable('case_recording').set({ detached_at: at }).where('id', '=', attached.id).execute()
  })
}

/** Whether the recording is in the case already. @throws conflict when it is there under another stage */
async function isAttachedAs(
  trx: Trx,
  attachment: { recordingId: string; caseFile: CaseRow; stage: Stage },
): Promise<boolean> {
  const present = await openAttachment(trx, attachment)
  if (present && present.stage !== attachment.stage) {
    throw new Fault(
      'conflict',
      `stage: the recording lies in this case under '${present.stage}'; the custodian takes it out first`,
    )
  }
  return present !== undefined
}

function openAttachment(trx: Trx, wanted: { recordingId: string; caseFile: CaseRow }) {
  return trx
    .selectFrom('case_recording')
    .where('case_id', '=', wanted.caseFile.id)
    .where('recording_id', '=', wanted.recordingId)
    .where('detached_at', 'is', null)
    .select(['id', 'stage'])
    .executeTakeFirst()
}

function subjectsOf(recordingId: string, deviceSerial: string, caseFile: CaseRow) {
  return [
    { type: 'recording', id: recordingId },
    { type: 'device', id: deviceSerial },
    { type: 'case', id: caseFile.number },
    { type: 'party', id: caseFile.party_id },
  ]
}
