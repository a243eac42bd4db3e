import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Subject } from '../../ledger/log/append.ts'
import { requireHolder } from '../devices/device.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { type ConcernedHandIn, requireHandIn } from './concerned.ts'

/** What a hand-in is corrected to; null leaves what is there. */
export interface Correction {
  readonly deviceSerial: string | null
  readonly userId: string | null
}

/**
 * Asks that a hand-in be corrected: it came from another device, or another person used the device. What the dock signed and
 * what the recordings say stays; the correction stands beside it once somebody else has confirmed it.
 *
 * @throws not_found; bad_request when it names nothing new, an unknown device, or nobody who carries recorders; conflict while
 *   another waits
 */
export async function askCorrection(
  db: Db,
  clock: Clock,
  actor: Actor,
  asked: Correction & { handInId: string; reason: string },
): Promise<{ id: string }> {
  const { handInId, deviceSerial, userId, reason } = asked
  const handIn = await requireHandIn(db, handInId)
  return db.transaction().execute(async (trx) => {
    await requireNews(trx, handIn, asked)
    const id = newId(clock.now())
    const correction = { correctionId: id, deviceSerial, userId }
    const { at } = await recordEvent(trx, 'hand_in.correction_asked', {
      clock,
      by: actor,
      subjects: await correctionSubjects(trx, handIn, correction),
      details: { ...correction, reason },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('hand_in_correction')
      .values({
        ...{ id, hand_in_id: handIn.id, device_serial: deviceSerial, user_id: userId, reason },
        ...{ asked_by: actor.id, asked_at: at, decided_by: null, decided_at: null, confirmed: null },
      })
      .onConflict((conflict) => conflict.column('hand_in_id').where('decided_at', 'is', null).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', 'a correction of this hand-in waits already: it is confirmed or refused first')
    }
    return { id }
  })
}

/**
 * Confirms or refuses a correction: a supervisor, or the officer concerned, who is whoever the correction names as user, else
 * whose the hand-in is.
 *
 * @throws not_found when none waits, or none that concerns the actor; conflict for whoever asked for it
 */
export async function decideCorrection(
  db: Db,
  clock: Clock,
  actor: Actor,
  decision: { handInId: string; correctionId: string; confirm: boolean },
): Promise<void> {
  const { handInId, correctionId, confirm } = decision
  const handIn = await requireHandIn(db, handInId)
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('hand_in_correction')
      .where('id', '=', correctionId)
      .where('hand_in_id', '=', handIn.id)
      .where('decided_at', 'is', null)
      .selectAll()
      .forUpdate()
      .executeTakeFirst()
    const concerned = row && (row.user_id ?? handIn.personId)
    if (!row || (actor.role !== 'supervisor' && actor.id !== concerned)) {
      throw new Fault('not_found', 'no correction of this hand-in waits for you')
    }
    if (row.asked_by === actor.id) throw new Fault('conflict', 'nobody confirms what he asked for himself')
    const correction = { correctionId, deviceSerial: row.device_serial, userId: row.user_id }
    const kind = confirm ? 'hand_in.corrected' : 'hand_in.correction_refused'
    const { at } = await recordEvent(trx, kind, {
      clock,
      by: actor,
      subjects: await correctionSubjects(trx, handIn, correction),
      details: { ...correction, reason: row.reason, askedBy: row.asked_by },
    })
    const decided = { decided_by: actor.id, decided_at: at, confirmed: confirm }
    await trx.updateTable('hand_in_correction').set(decided).where('id', '=', correctionId).execute()
  })
}

async function requireNews(trx: Trx, handIn: ConcernedHandIn, { deviceSerial, userId }: Correction): Promise<void> {
  if (deviceSerial === null && userId === null) {
    throw new Fault('bad_request', 'say at least one of deviceSerial and userId')
  }
  if (deviceSerial === handIn.serial) throw new Fault('bad_request', 'deviceSerial: the list names this device already')
  if (deviceSerial !== null) {
    const device = await trx.selectFrom('device').where('serial', '=', deviceSerial).select('id').executeTakeFirst()
    if (!device) throw new Fault('bad_request', `deviceSerial: there is no device ${deviceSerial} in the register`)
  }
  if (userId === null) return
  if (userId === handIn.personId) throw new Fault('bad_request', 'userId: the hand-in counts as this person’s already')
  await requireHolder(trx, userId, 'userId')
}

async function correctionSubjects(
  trx: Trx,
  handIn: ConcernedHandIn,
  { deviceSerial, userId }: Correction,
): Promise<Subject[]> {
  const people = [handIn.personId, userId].filter((id) => id !== null)
  const devices = [handIn.serial, deviceSerial].filter((serial) => serial !== null)
  return [
    ...(await handInSubjects(trx, handIn.id)),
    ...[...new Set(devices)].map((id) => ({ type: 'device', id })),
    ...[...new Set(people)].map((id) => ({ type: 'person', id })),
  ]
}
