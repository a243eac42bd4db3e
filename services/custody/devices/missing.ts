import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { deviceNow, isOfDevice } from './device-now.ts'
import { hasReceipt, listedRecording } from './listed-file.ts'

/** What of a device is not safely here: listed files without a receipt that holds now, and gaps that nobody has closed. */
export interface Missing {
  readonly files: number
  readonly gaps: number
}

export async function missingOf(db: Db, serial: string): Promise<Missing> {
  const { rows } = await sql<{ files: number }>`
    select count(*) as files from hand_in join hand_in_file file on file.hand_in_id = hand_in.id
    left join upload on upload.id = file.upload_id
    left join recording on recording.id = ${listedRecording}
    left join receipt on receipt.recording_id = recording.id
    where ${isOfDevice(serial)} and ${hasReceipt} is not true`.execute(db)
  return { files: rows[0]!.files, gaps: await openGapsOf(db, serial) }
}

/** Gaps of a device that nobody has accepted yet, and that are still there. */
async function openGapsOf(db: Db, serial: string): Promise<number> {
  const { count } = await db
    .selectFrom(gapsByDeviceNow(db).as('gap'))
    .where('device_serial', '=', serial)
    .where('state', 'not in', ['accepted', 'withdrawn'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** A gap of a hand-in is of the device whose that is now. */
function gapsByDeviceNow(db: Db) {
  return db
    .selectFrom('gap')
    .leftJoin('hand_in', 'hand_in.id', 'gap.hand_in_id')
    .select(['gap.state', sql<string>`coalesce(${deviceNow}, gap.device_serial)`.as('device_serial')])
}

/** When the device was last handed in anywhere; null when it never was. */
export async function lastHandInOf(db: Db, serial: string): Promise<Date | null> {
  const row = await db
    .selectFrom('hand_in')
    .where(isOfDevice(serial))
    .select('opened_at')
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.opened_at ?? null
}
