import type { Trx } from '../../foundation/db/database.ts'

/**
 * Whether somebody said at a dock that the volume of this device's next hand-in there is its own, because the volume names no
 * device. The statement is locked until the transaction ends.
 */
export async function wasDeviceStated(trx: Trx, of: { dockId: string; serial: string }): Promise<boolean> {
  const rows = await trx
    .selectFrom('volume_statement')
    .where('dock_id', '=', of.dockId)
    .where('device_serial', '=', of.serial)
    .where('hand_in_id', 'is', null)
    .select('event_id')
    .forUpdate()
    .execute()
  return rows.length > 0
}

/** Spends every statement up to this hand-in: one that was said twice marks no second hand-in. */
export async function spendVolumeStatements(
  trx: Trx,
  of: { dockId: string; serial: string; handInId: string },
): Promise<void> {
  await trx
    .updateTable('volume_statement')
    .set({ hand_in_id: of.handInId })
    .where('dock_id', '=', of.dockId)
    .where('device_serial', '=', of.serial)
    .where('hand_in_id', 'is', null)
    .execute()
}
