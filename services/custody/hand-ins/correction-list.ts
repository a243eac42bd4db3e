import type { Db } from '../../foundation/db/database.ts'

export type ShownCorrection = Awaited<ReturnType<typeof correctionsOf>>[number]

/** How a hand-in was corrected, or is to be, the last first. What the list and the recordings say stays as it was. */
export async function correctionsOf(db: Db, handInId: string) {
  const rows = await db
    .selectFrom('hand_in_correction as correction')
    .innerJoin('person as asker', 'asker.id', 'correction.asked_by')
    .leftJoin('person as decider', 'decider.id', 'correction.decided_by')
    .leftJoin('person as user', 'user.id', 'correction.user_id')
    .where('correction.hand_in_id', '=', handInId)
    .selectAll('correction')
    .select(['asker.name as asker_name', 'decider.name as decider_name', 'user.name as user_name'])
    .orderBy('correction.asked_at', 'desc')
    .orderBy('correction.id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    deviceSerial: row.device_serial,
    user: row.user_id === null ? null : { id: row.user_id, name: row.user_name ?? '' },
    reason: row.reason,
    askedBy: { id: row.asked_by, name: row.asker_name },
    askedAt: row.asked_at.toISOString(),
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decider_name ?? '' },
    decidedAt: row.decided_at?.toISOString() ?? null,
    confirmed: row.confirmed,
  }))
}

/** The confirmed corrections of the hand-in that a recording came by, the last first. */
export async function correctionsOfRecording(db: Db, recordingId: string): Promise<ShownCorrection[]> {
  const recording = await db
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select('hand_in_id')
    .executeTakeFirst()
  if (!recording?.hand_in_id) return []
  const corrections = await correctionsOf(db, recording.hand_in_id)
  return corrections.filter(({ confirmed }) => confirmed === true)
}
