import { sql } from 'kysely'
import type { Trx } from '../../foundation/db/database.ts'

/**
 * Whether somebody said at a dock that the volume of this device's next hand-in there is its own, because the volume names no
 * device. The first hand-in after it spends every statement before it: one that was said twice marks no second hand-in. Until
 * the transaction ends no other hand-in of the device is opened there.
 */
export async function wasDeviceStated(trx: Trx, of: { dockId: string; serial: string }): Promise<boolean> {
  const lock = `volume ${of.dockId} ${of.serial}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx)
  const { rows } = await sql`
    select from volume_statement stated
    where stated.dock_id = ${of.dockId} and stated.device_serial = ${of.serial} and not exists (
      select from hand_in where hand_in.dock_id = stated.dock_id and hand_in.device_serial = stated.device_serial
        and hand_in.opened_at >= stated.stated_at)
    limit 1`.execute(trx)
  return rows.length > 0
}
