import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { requirePutUp } from '../signing/put-up.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type InList, signatureOf } from '../signing/signature.ts'
import { requireSecondName } from '../signing/third-signature.ts'
import { requireHolder } from './device.ts'

/** A change of who keeps a device (保管人) that waits for the second signature. */
export interface KeeperChange {
  readonly id: string
  readonly deviceSerial: string
  readonly fromPersonId: string | null
  readonly toPersonId: string | null
  readonly note: string
  readonly askedBy: string
  readonly askedAt: Date
}

/**
 * Asks that a device be handed to `toPersonId`, or back to the unit (null). The register changes when the person who takes
 * it over, or who gives it back, has confirmed: whoever keeps the register alone must not be able to say whose a device is,
 * because what it records counts as that person's.
 *
 * @throws not_found; bad_request when that person cannot keep a device; conflict when he keeps it already, or when a change
 *   waits already
 */
export async function askKeeperChange(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  asked: { serial: string; toPersonId: string | null; note: string },
): Promise<{ id: string }> {
  const { serial, toPersonId, note } = asked
  const device = await lockDevice(trx, serial)
  if (device.holder_id === toPersonId) {
    throw new Fault('conflict', toPersonId ? 'this person keeps the device already' : 'nobody keeps this device')
  }
  if (toPersonId) await requireHolder(trx, toPersonId)
  const id = newId(clock.now())
  const details = { changeId: id, fromPersonId: device.holder_id, toPersonId, note }
  const subjects = keeperSubjects(serial, details)
  const event = await recordEvent(trx, 'device.keeper_asked', { clock, by: actor, subjects, details })
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('device_keeper_change')
    .values({
      id,
      device_id: device.id,
      from_person_id: device.holder_id,
      to_person_id: toPersonId,
      note,
      asked_by: actor.id,
      asked_at: event.at,
    })
    .onConflict((conflict) => conflict.column('device_id').where('decided_at', 'is', null).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new Fault('conflict', 'a change of who keeps this device waits already: it is confirmed or refused first')
  }
  await keepProposersSeat(trx, actor, event)
  return { id }
}

/**
 * Confirms or refuses the change that waits for a device: the person who is to keep it or, when it goes back to the unit, the
 * one who kept it. A supervisor may in his place, which the event says by who signed.
 *
 * @throws not_found when none waits, or none that concerns the actor; conflict for whoever is not independent of the one who
 *   asked, saying who may confirm it
 */
export async function decideKeeperChange(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { serial: string; confirm: boolean },
): Promise<void> {
  await db.transaction().execute((trx) => decideKeeperWithin(trx, clock, actor, decision))
}

/** `decideKeeperChange` in the caller's transaction. */
export async function decideKeeperWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  decision: { serial: string; confirm: boolean; inList?: InList },
): Promise<void> {
  const { serial, confirm, inList } = decision
  const device = await lockDevice(trx, serial)
  const change = await lockWaitingChange(trx, device.id)
  const concerned = change && (change.to_person_id ?? change.from_person_id)
  if (!change || (actor.role !== 'supervisor' && actor.id !== concerned)) {
    throw new Fault('not_found', `no change of who keeps ${serial} waits for you`)
  }
  if (confirm && change.to_person_id) await requireHolder(trx, change.to_person_id)
  const kind = confirm ? 'device.keeper_changed' : 'device.keeper_refused'
  const third = confirm ? await thirdUnder(trx, clock, actor, { serial, changeId: change.id }) : null
  const matter = { subjectId: serial, memberValue: change.id }
  const signature = await signatureOf(trx, clock, actor, { kind, ...matter, inList, third })
  const people = { fromPersonId: change.from_person_id, toPersonId: change.to_person_id }
  const event = await recordEvent(trx, kind, {
    clock,
    by: actor,
    subjects: keeperSubjects(serial, people),
    details: { changeId: change.id, ...people, ...signature.details },
  })
  await signature.keepSeat(event)
  const decided = { decided_by: actor.id, decided_at: event.at, confirmed: confirm }
  await trx.updateTable('device_keeper_change').set(decided).where('id', '=', change.id).execute()
  if (!confirm) return
  await trx.updateTable('device').set({ holder_id: change.to_person_id }).where('id', '=', device.id).execute()
}

/**
 * The third signature that a change rests on, unless whoever asked for it and whoever confirms it are two people. Officers
 * whose accounts are new depend on those who opened them: in their place a supervisor who did not ask may confirm.
 */
async function thirdUnder(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  { serial, changeId }: { serial: string; changeId: string },
): Promise<ThirdSigner | null> {
  const act = 'device.keeper_changed'
  const matter = { subjectId: serial, memberValue: changeId }
  const { body } = await requirePutUp(trx, act, matter)
  const inPlace = 'a supervisor may confirm it in place of the person concerned'
  const otherWay =
    body.actorRole === 'administrator'
      ? inPlace
      : `the change may be refused and asked for by an administrator: then ${inPlace}`
  return requireSecondName(trx, clock, actor, { act, matter, ...(actor.role !== 'supervisor' && { otherWay }) })
}

/**
 * Locks the device whose change this is, then the change: every act on a device takes the two in this order, so that two at
 * once never wait for each other.
 *
 * @throws not_found when it does not wait (any more)
 */
export async function requireWaitingChange(trx: Trx, changeId: string): Promise<{ serial: string }> {
  const found = await trx
    .selectFrom('device_keeper_change as change')
    .innerJoin('device', 'device.id', 'change.device_id')
    .where('change.id', '=', changeId)
    .select('device.serial')
    .executeTakeFirst()
  const device = found && (await lockDevice(trx, found.serial))
  const change = device && (await lockWaitingChange(trx, device.id))
  if (change?.id !== changeId) throw new Fault('not_found', `no change of a keeper ${changeId} waits`)
  return { serial: found!.serial }
}

/** The changes that wait for this person; all that wait when `personId` is null. The oldest first. */
export async function waitingKeeperChanges(db: Db, personId: string | null): Promise<KeeperChange[]> {
  const rows = await db
    .selectFrom('device_keeper_change as change')
    .innerJoin('device', 'device.id', 'change.device_id')
    .where('change.decided_at', 'is', null)
    .selectAll('change')
    .select('device.serial')
    .orderBy('change.asked_at')
    .execute()
  return rows
    .filter((row) => personId === null || (row.to_person_id ?? row.from_person_id) === personId)
    .map((row) => ({
      id: row.id,
      deviceSerial: row.serial,
      fromPersonId: row.from_person_id,
      toPersonId: row.to_person_id,
      note: row.note,
      askedBy: row.asked_by,
      askedAt: row.asked_at,
    }))
}

/** The change that waits for a device that is locked. */
function lockWaitingChange(trx: Trx, deviceId: string) {
  return trx
    .selectFrom('device_keeper_change')
    .where('device_id', '=', deviceId)
    .where('decided_at', 'is', null)
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
}

async function lockDevice(trx: Trx, serial: string) {
  const device = await trx
    .selectFrom('device')
    .where('serial', '=', serial)
    .select(['id', 'holder_id'])
    .forUpdate()
    .executeTakeFirst()
  if (!device) throw new Fault('not_found', `there is no device ${serial}`)
  return device
}

function keeperSubjects(serial: string, people: { fromPersonId: string | null; toPersonId: string | null }) {
  const named = [people.fromPersonId, people.toPersonId].filter((id) => id !== null)
  return [
    { type: 'device', id: serial },
    { type: 'device-register', id: serial },
    ...[...new Set(named)].map((id) => ({ type: 'person', id })),
  ]
}
