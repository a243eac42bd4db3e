import type { Db } from '../../foundation/db/database.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import { settingValue } from '../settings/value.ts'

/** Of lists with these origins the dock read the device's own storage: nothing else is ever removed by it. */
const clearedOrigins: readonly (string | undefined)[] = ['mass_storage', 'card']
const clearedWays: readonly string[] = ['clear', 'ask']

/**
 * Whether the bureau keeps what is on this hand-in's device: its kind is kept by the setting in force (`dock.clearing`), it is
 * no device of the register, or the signed list does not say that the dock read the device's own storage or its card. Whether
 * somebody was asked is known to the dock only.
 */
export async function isKeptBySetting(db: Db, handInId: string, at: Date): Promise<boolean> {
  const handIn = await db
    .selectFrom('hand_in')
    .leftJoin('device', 'device.serial', 'hand_in.device_serial')
    .where('hand_in.id', '=', handInId)
    .select(['hand_in.head', 'device.kind'])
    .executeTakeFirst()
  if (!handIn?.kind) return true
  const { origin } = JSON.parse(handIn.head.toString('utf8')) as HandInHead
  if (!clearedOrigins.includes(origin?.kind)) return true
  return !clearedWays.includes((await settingValue(db, 'dock.clearing', at))[handIn.kind])
}
