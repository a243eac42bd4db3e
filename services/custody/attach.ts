import type { Clock } from '../foundation/clock.ts'
import type { Db, Trx } from '../foundation/db/database.ts'
import { Fault } from '../foundation/errors.ts'
import { newId } from '../foundation/id.ts'
import type { CaseRow, Stage } from './case.ts'
import { recordEvent } from './events.ts'
import type { Actor } from './permissions.ts'
import { requireOfficers } from './person.ts'

/**
 * Says that a recording belongs to a case, at which stage and by which officers' act. Saying the same again does nothing;
 * another stage than before is refused, so that no stage changes without a trace.
 *
 * @throws conflict when the recording is in quarantine or lies in the case under another stage.
 */
export async function attachRecording(
  db: Db,
  clock: Clock,
  actor: Actor,
  attachment: { recordingId: string; caseFile: CaseRow; stage: Stage; officerIds: readonly string[] },
): Promise<void> {
  const { recordingId, caseFile, stage } = attachment
  const now = clock.now()
  await db.transaction().execute(async (trx) => {
    const recording = await lockRecording(trx, recordingId)
    if (recording.quarantine_reason) {
      throw new Fault(
        'conflict',
        `this recording is in quarantine (${recording.quarantine_reason}): resolve that first`,
      )
    }
    const officerIds = await requireOfficers(trx, attachment.officerIds)
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('case_recording')
      .values({
        id: newId(now),
        case_id: caseFile.id,
        recording_id: recordingId,
        stage,
        officer_ids: officerIds,
        attached_by: actor.id,
        attached_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['case_id', 'recording_id']).where('detached_at', 'is', null).doNothing(),
      )
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) return requireSameStage(trx, attachment)
    await recordEvent(trx, {
      kind: 'recording.attached',
      at: now,
      actor: actor.id,
      actorRole: actor.role,
      subjects: subjectsOf(recordingId, recording.device_serial, caseFile),
      details: { stage, officerIds },
    })
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
  const now = clock.now()
  await db.transaction().execute(async (trx) => {
    const recording = await lockRecording(trx, recordingId)
    const detached = await trx
      .updateTable('case_recording')
      .set({ detached_at: now })
      .where('case_id', '=', caseFile.id)
      .where('recording_id', '=', recordingId)
      .where('detached_at', 'is', null)
      .returning('stage')
      .executeTakeFirst()
    if (!detached) throw new Fault('not_found', `this recording does not lie in the case ${caseFile.number}`)
    await recordEvent(trx, {
      kind: 'recording.detached',
      at: now,
      actor: actor.id,
      actorRole: actor.role,
      subjects: subjectsOf(recordingId, recording.device_serial, caseFile),
      details: { stage: detached.stage, reason },
    })
  })
}

async function requireSameStage(
  trx: Trx,
  attachment: { recordingId: string; caseFile: CaseRow; stage: Stage },
): Promise<void> {
  const present = await trx
    .selectFrom('case_recording')
    .where('case_id', '=', attachment.caseFile.id)
    .where('recording_id', '=', attachment.recordingId)
    .where('detached_at', 'is', null)
    .select('stage')
    .executeTakeFirst()
  if (present && present.stage !== attachment.stage) {
    throw new Fault(
      'conflict',
      `stage: the recording lies in this case under '${present.stage}'; the custodian takes it out first`,
    )
  }
}

async function lockRecording(trx: Trx, recordingId: string) {
  const recording = await trx
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select(['device_serial', 'quarantine_reason'])
    .forUpdate()
    .executeTakeFirst()
  if (!recording) throw new Fault('not_found', `there is no recording ${recordingId}`)
  return recording
}

function subjectsOf(recordingId: string, deviceSerial: string, caseFile: CaseRow) {
  return [
    { type: 'recording', id: recordingId },
    { type: 'device', id: deviceSerial },
    { type: 'case', id: caseFile.number },
    { type: 'party', id: caseFile.party_id },
  ]
}
