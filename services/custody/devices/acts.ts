import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { type DeviceState, type GuardedDeviceAct, guardedDeviceActs } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import type { DeviceActWord } from '../events/words.ts'
import { areOnePerson, nameBehind } from '../signing/one-person.ts'
import { lastHandInOf, type Missing, missingOf } from './missing.ts'

const stateAfter: Readonly<Record<DeviceActWord, DeviceState>> = {
  repair: 'in_repair',
  retire: 'retired',
  lend: 'lent',
  lose: 'lost',
  take_back: 'in_service',
}

/** An act of the register beside 领用 and 归还, which are changes of the keeper. */
export interface DeviceAct {
  readonly serial: string
  readonly act: DeviceActWord
  readonly note: string
  /** Of repair, loan and retirement: whoever gets the device gets what is still on its card. */
  readonly cardTakenOut?: boolean
  readonly lentTo?: string
  /** Of a loss: who was told. */
  readonly toldTo?: string
}

/** Done at once, or waiting for a second person because files of the device have no receipt or gaps of it are open. */
export type ActOutcome =
  | { readonly outcome: 'done'; readonly missing: Missing }
  | { readonly outcome: 'waits'; readonly id: string; readonly missing: Missing }

/**
 * Sends a device to repair, retires it, lends it, says that it is lost, or takes it back into service. While listed files of
 * it have no receipt or gaps of it are open, all but the last only wait for a second person: footage would leave the house
 * with the device. A loss says when the device was last handed in and what is missing.
 *
 * @throws not_found; conflict when the device is in that state already, or another act of it waits
 */
export async function actOnDevice(db: Db, clock: Clock, actor: Actor, asked: DeviceAct): Promise<ActOutcome> {
  return db.transaction().execute(async (trx) => {
    const device = await lockDevice(trx, asked.serial)
    if (device.state === stateAfter[asked.act]) throw new Fault('conflict', `the device is '${device.state}' already`)
    const missing = await missingOf(trx, asked.serial)
    if (isGuarded(asked.act) && missing.files + missing.gaps > 0) {
      return {
        outcome: 'waits',
        id: await askAct(trx, clock, actor, { device, asked, act: asked.act, missing }),
        missing,
      }
    }
    await changeState(trx, clock, actor, { device, asked, missing })
    return { outcome: 'done', missing }
  })
}

/**
 * Confirms or refuses the act that waits for a device.
 *
 * @throws not_found when none waits; conflict for whoever asked for it, and for a deputy and the one in whose place he acts
 */
export async function decideDeviceAct(
  db: Db,
  clock: Clock,
  actor: Actor,
  decision: { serial: string; confirm: boolean },
): Promise<void> {
  const { serial, confirm } = decision
  await db.transaction().execute(async (trx) => {
    const device = await lockDevice(trx, serial)
    const row = await trx
      .selectFrom('device_act')
      .where('device_id', '=', device.id)
      .where('decided_at', 'is', null)
      .selectAll()
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw new Fault('not_found', `no act on ${serial} waits for a second person`)
    const asker = await nameBehind(trx, {
      ...{ by: row.asked_by, kind: 'device.act_asked', subject: `device:${serial}` },
      isIt: ({ actId }) => actId === row.id,
    })
    if (areOnePerson(actor, asker)) throw new Fault('conflict', 'another person than the one who asked decides on this')
    const { act, note, lent_to: lentTo, told_to: toldTo, card_taken_out: cardTakenOut } = row
    const asked = { serial, act, note, ...(lentTo !== null && { lentTo }), ...(toldTo !== null && { toldTo }) }
    const at = confirm
      ? await changeState(trx, clock, actor, {
          device,
          asked: { ...asked, ...(act !== 'lose' && { cardTakenOut }) },
          missing: await missingOf(trx, serial),
          actId: row.id,
        })
      : await refuseAct(trx, clock, actor, { serial, actId: row.id, act: row.act })
    const decided = { decided_by: actor.id, decided_at: at, confirmed: confirm }
    await trx.updateTable('device_act').set(decided).where('id', '=', row.id).execute()
  })
}

interface LockedDevice {
  readonly id: string
  readonly state: DeviceState
  readonly holder_id: string | null
}

async function lockDevice(trx: Trx, serial: string): Promise<LockedDevice> {
  const device = await trx
    .selectFrom('device')
    .where('serial', '=', serial)
    .select(['id', 'state', 'holder_id'])
    .forUpdate()
    .executeTakeFirst()
  if (!device) throw new Fault('not_found', `there is no device ${serial}`)
  return device
}

function isGuarded(act: DeviceActWord): act is GuardedDeviceAct {
  return guardedDeviceActs.some((one) => one === act)
}

async function askAct(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  { device, asked, act, missing }: { device: LockedDevice; asked: DeviceAct; act: GuardedDeviceAct; missing: Missing },
): Promise<string> {
  const { serial, note, cardTakenOut = false, lentTo, toldTo } = asked
  const id = newId(clock.now())
  const event = await recordEvent(trx, 'device.act_asked', {
    clock,
    by: actor,
    subjects: registerSubjects(serial),
    details: {
      ...{ actId: id, act, cardTakenOut, missing, note },
      ...(lentTo !== undefined && { lentTo }),
      ...(toldTo !== undefined && { toldTo }),
    },
  })
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('device_act')
    .values({
      ...{ id, device_id: device.id, act, card_taken_out: cardTakenOut, note },
      ...{ lent_to: lentTo ?? null, told_to: toldTo ?? null },
      ...{ files_missing: missing.files, gaps_open: missing.gaps, asked_by: actor.id, asked_at: event.at },
    })
    .onConflict((conflict) => conflict.column('device_id').where('decided_at', 'is', null).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new Fault('conflict', 'an act on this device waits already: it is confirmed or refused first')
  }
  return id
}

async function changeState(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  change: { device: LockedDevice; asked: DeviceAct; missing: Missing; actId?: string },
): Promise<Date> {
  const { device, asked, missing, actId } = change
  const { serial, act, note, cardTakenOut, lentTo, toldTo } = asked
  const state = stateAfter[act]
  const holderId = device.holder_id
  const details: DetailsOf<'device.changed'> = {
    from: { state: device.state, holderId },
    to: { state, holderId },
    note,
    act,
    missing,
    ...(cardTakenOut !== undefined && { cardTakenOut }),
    ...(lentTo !== undefined && { lentTo }),
    ...(act === 'lose' && { lastHandInAt: (await lastHandInOf(trx, serial))?.toISOString() ?? null }),
    ...(toldTo !== undefined && { toldTo }),
    ...(actId !== undefined && { actId }),
  }
  const subjects = [...registerSubjects(serial), ...(holderId === null ? [] : [{ type: 'person', id: holderId }])]
  const { at } = await recordEvent(trx, 'device.changed', { clock, by: actor, subjects, details })
  await trx.updateTable('device').set({ state }).where('id', '=', device.id).execute()
  return at
}

async function refuseAct(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  { serial, actId, act }: { serial: string; actId: string; act: GuardedDeviceAct },
): Promise<Date> {
  const subjects = registerSubjects(serial)
  const { at } = await recordEvent(trx, 'device.act_refused', { clock, by: actor, subjects, details: { actId, act } })
  return at
}

function registerSubjects(serial: string) {
  return [
    { type: 'device', id: serial },
    { type: 'device-register', id: serial },
  ]
}
