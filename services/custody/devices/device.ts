import type { Db } from '../../foundation/db/database.ts'
import type { DeviceTable } from '../../foundation/db/schema.ts'

export interface Device {
  readonly id: string
  readonly serial: string
  readonly kind: DeviceTable['kind']
  readonly holderId: string | null
  readonly state: DeviceTable['state']
}

/** The device with this serial in the register, or null: footage of a device nobody registered goes to quarantine. */
export async function deviceBySerial(db: Db, serial: string): Promise<Device | null> {
  const row = await db
    .selectFrom('device')
    .select(['id', 'serial', 'kind', 'holder_id', 'state'])
    .where('serial', '=', serial)
    .executeTakeFirst()
  return row ? { id: row.id, serial: row.serial, kind: row.kind, holderId: row.holder_id, state: row.state } : null
}
