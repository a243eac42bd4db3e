import type { Db } from '../../foundation/db/database.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import type { Device } from '../devices/device.ts'
import { userByRoster } from '../rosters/roster.ts'
import { settingValue } from '../settings/value.ts'
import { byRegister, type DeviceUser } from './docking-user.ts'
import type { UploadRow } from './upload.ts'

/**
 * Whose recording an upload is: whom the dock's signed list names as the user of this shift (当班使用人), if the roster of this
 * service names him too or it had known him there; else who had the device by the roster when it recorded,
 * or, where nobody knows when that was, when it was docked; else whom the register names as keeping it (保管人). What stands in the
 * file's name decides nothing: anybody with a cable can write it.
 */
export async function deviceUser(
  db: Db,
  upload: Pick<UploadRow, 'id' | 'hand_in_id' | 'device_serial' | 'device_time' | 'clock_offset_ms' | 'created_at'>,
  device: Device | null,
): Promise<DeviceUser> {
  const handIn = await db
    .selectFrom('hand_in')
    .innerJoin('hand_in_file', 'hand_in_file.hand_in_id', 'hand_in.id')
    .where('hand_in.id', '=', upload.hand_in_id)
    .where('hand_in_file.upload_id', '=', upload.id)
    .select(['hand_in.user_id', 'hand_in.head', 'hand_in.concerned_id', 'hand_in.concerned_grade'])
    .executeTakeFirst()
  const isBelieved = handIn?.concerned_grade === 'confirmed' || handIn?.concerned_grade === 'roster'
  if (handIn?.user_id && isBelieved && handIn.concerned_id === handIn.user_id) {
    return { personId: handIn.user_id, grade: handIn.concerned_grade }
  }
  const mayAskRoster = handIn && (handIn.user_id !== null || headOf(handIn.head).user === null)
  const byRoster = mayAskRoster ? await userWhenRecorded(db, upload) : null
  if (byRoster) return { personId: byRoster, grade: 'roster' }
  if (handIn?.concerned_grade === 'roster') return { personId: handIn.concerned_id, grade: 'roster' }
  return byRegister(device)
}

async function userWhenRecorded(
  db: Db,
  upload: Pick<UploadRow, 'device_serial' | 'device_time' | 'clock_offset_ms' | 'created_at'>,
): Promise<string | null> {
  if (upload.device_time === null) return null
  const at = upload.device_time.getTime() - (upload.clock_offset_ms ?? 0)
  const slackMs = (await settingValue(db, 'roster.slack_minutes', upload.created_at)) * 60_000
  return userByRoster(
    db,
    upload.device_serial,
    { from: new Date(at - slackMs), to: new Date(at + slackMs) },
    new Date(at),
  )
}

function headOf(bytes: Buffer): HandInHead {
  return JSON.parse(bytes.toString('utf8')) as HandInHead
}
