import { randomBytes } from 'node:crypto'
import { newId } from '../../../services/foundation/id.ts'
import type { Bureau } from './bureau.ts'

/** A hand-in of this device with one listed file that never came: rows alone, without their event. */
export async function addMissingFile(
  { world }: Pick<Bureau, 'world'>,
  of: { serial: string; dockId: string },
): Promise<void> {
  const id = newId()
  const signed = { head: Buffer.from('{}'), signature: randomBytes(64) }
  await world.db
    .insertInto('hand_in')
    .values({
      ...{ id, dock_id: of.dockId, device_serial: of.serial, ...signed },
      ...{
        opened_at: world.clock.now(),
        signed_at: world.clock.now(),
        user_id: null,
        concerned_id: null,
        concerned_grade: 'unknown',
      },
    })
    .execute()
  await world.db
    .insertInto('hand_in_file')
    .values({
      ...{ hand_in_id: id, number: 0, name: Buffer.from('a.mp4'), bytes: 1, mark: false, salt: Buffer.alloc(32) },
      ...{ sha256: null, upload_id: null, device_time: null },
    })
    .execute()
}
