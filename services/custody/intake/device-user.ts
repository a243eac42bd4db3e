import type { Db } from '../../foundation/db/database.ts'
import type { UserGrade } from '../../foundation/db/words.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import type { Device } from '../devices/device.ts'
import type { UploadRow } from './upload.ts'

/** Who used a device when it recorded, and how that is known; nobody where the grade is `unknown`. */
export interface DeviceUser {
  readonly personId: string | null
  readonly grade: UserGrade
}

/**
 * Whose recording an upload is: whom the dock's signed list names as the user of this shift (当班使用人), else whom the
 * register names as keeping the device (保管人). What stands in the file's name decides nothing: anybody with a cable can
 * write it.
 */
export async function deviceUser(
  db: Db,
  upload: Pick<UploadRow, 'id' | 'hand_in_id'>,
  device: Device | null,
): Promise<DeviceUser> {
  const handIn = await db
    .selectFrom('hand_in')
    .innerJoin('hand_in_file', 'hand_in_file.hand_in_id', 'hand_in.id')
    .where('hand_in.id', '=', upload.hand_in_id)
    .where('hand_in_file.upload_id', '=', upload.id)
    .where('hand_in.user_id', 'is not', null)
    .select(['hand_in.user_id', 'hand_in.head'])
    .executeTakeFirst()
  if (handIn?.user_id) {
    const { user } = JSON.parse(handIn.head.toString('utf8')) as HandInHead
    return { personId: handIn.user_id, grade: user?.grade === 'confirmed' ? 'confirmed' : 'roster' }
  }
  const keeper = device?.holderId ?? null
  return { personId: keeper, grade: keeper === null ? 'unknown' : 'register' }
}
