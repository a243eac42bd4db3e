import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DeviceTable } from '../../foundation/db/schema/devices.ts'
import type { DeviceKind, DeviceState } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { Role } from '../roles/roles.ts'
import { missingOf } from './missing.ts'

export interface Device {
  readonly id: string
  readonly serial: string
  readonly kind: DeviceTable['kind']
  readonly holderId: string | null
  readonly state: DeviceTable['state']
  readonly registeredAt: Date
}

/** The device with this serial in the register, or null: footage of a device nobody registered goes to quarantine. */
export async function deviceBySerial(db: Db, serial: string): Promise<Device | null> {
  const row = await db
    .selectFrom('device')
    .select(['id', 'serial', 'kind', 'holder_id as holderId', 'state', 'registered_at as registeredAt'])
    .where('serial', '=', serial)
    .executeTakeFirst()
  return row ?? null
}

export interface NewDevice {
  readonly serial: string
  readonly kind: DeviceKind
  readonly model?: string | null
  /** Who keeps it, of devices that a bureau had before it began with this service; later on he confirms it (keeper.ts). */
  readonly holderId?: string | null
  readonly state?: DeviceState
}

/** Puts a device into the register (台账). @throws conflict when the serial is there already. */
export async function registerDevice(trx: Trx, clock: Clock, actor: Actor, device: NewDevice): Promise<{ id: string }> {
  const id = newId(clock.now())
  if (device.holderId) await requireHolder(trx, device.holderId)
  const state = device.state ?? 'in_service'
  const { at } = await recordEvent(trx, 'device.registered', {
    clock,
    by: actor,
    subjects: subjectsOf(device.serial, device.holderId ?? null),
    details: { deviceKind: device.kind, model: device.model ?? null, state, holderId: device.holderId ?? null },
  })
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('device')
    .values({
      id,
      serial: device.serial,
      kind: device.kind,
      model: device.model ?? null,
      holder_id: device.holderId ?? null,
      state,
      registered_at: at,
    })
    .onConflict((conflict) => conflict.column('serial').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new Fault('conflict', `there is already a device of the serial ${device.serial}`)
  }
  return { id }
}

/**
 * Repair, retirement, return to service: sets the state. The event names what it was before.
 *
 * @throws not_found; conflict for repair and retirement while files of the device are missing: that takes two (acts.ts)
 */
export async function changeDevice(
  db: Db,
  clock: Clock,
  actor: Actor,
  serial: string,
  change: { state: DeviceState; note: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const device = await trx
      .selectFrom('device')
      .where('serial', '=', serial)
      .select(['id', 'state', 'holder_id'])
      .forUpdate()
      .executeTakeFirst()
    if (!device) throw new Fault('not_found', `there is no device ${serial}`)
    const holderId = device.holder_id
    if (change.state !== 'in_service') await requireNothingMissing(trx, serial)
    await trx.updateTable('device').set({ state: change.state }).where('id', '=', device.id).execute()
    await recordEvent(trx, 'device.changed', {
      clock,
      by: actor,
      subjects: subjectsOf(serial, holderId),
      details: {
        from: { state: device.state, holderId },
        to: { state: change.state, holderId },
        note: change.note,
      },
    })
  })
}

async function requireNothingMissing(trx: Trx, serial: string): Promise<void> {
  const { files, gaps } = await missingOf(trx, serial)
  if (files + gaps === 0) return
  throw new Fault(
    'conflict',
    `${files} listed files of this device have no receipt that holds, and ${gaps} gaps of it are open: ask for its repair, loan, retirement or loss, which a second person confirms`,
  )
}

/** The whole register, by serial. */
export async function listDevices(db: Db): Promise<(Omit<DeviceTable, 'registered_at'> & { registered_at: Date })[]> {
  return db.selectFrom('device').selectAll().orderBy('serial').execute()
}

/** Officers and assistants (执法辅助人员) carry recorders. */
export function mayHoldDevices(role: Role): boolean {
  return role === 'officer' || role === 'assistant'
}

/** @throws bad_request, naming the field, unless this person may keep a device */
export async function requireHolder(trx: Trx, personId: string, field = 'holderId'): Promise<void> {
  const person = await trx
    .selectFrom('person')
    .where('id', '=', personId)
    .select(['role', 'disabled_at'])
    .executeTakeFirst()
  if (!person || !mayHoldDevices(person.role) || person.disabled_at) {
    throw new Fault('bad_request', `${field}: ${personId} is no officer or assistant in service`)
  }
}

function subjectsOf(serial: string, holderId: string | null) {
  const device = [
    { type: 'device', id: serial },
    { type: 'device-register', id: serial },
  ]
  return holderId ? [...device, { type: 'person', id: holderId }] : device
}
