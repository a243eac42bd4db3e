import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'

/** A file that says that a station works needs no more. */
const bytesMax = 4096
const serialStart = '自检-'

/** What stands in the place of a device in a station's test of itself. No register has such a serial. */
export function selfTestSerial(dockId: string): string {
  return `${serialStart}${dockId}`
}

/**
 * A list says that it is a station's test of itself, or it is none: one small file under the station's own name, so that
 * nobody passes footage off as a test, or a test off as footage.
 *
 * @throws bad_request naming the field
 */
export function requireHonestSelfTest(
  { serial, origin }: Pick<HandInHead, 'serial' | 'origin'>,
  lines: readonly { readonly bytes: number }[],
  dockId: string,
): void {
  const isOne = origin?.kind === 'self_test'
  if (isOne !== serial.startsWith(serialStart) || (isOne && serial !== selfTestSerial(dockId))) {
    throw misfit('serial', 'a self-test has the serial of its own station, and nothing else has it')
  }
  if (isOne && (lines.length !== 1 || lines[0]!.bytes > bytesMax)) {
    throw misfit('files', `a self-test is one file of at most ${bytesMax} bytes`)
  }
}

/**
 * Whether an upload is a station's test of itself. It stands on the list of one, and under that station's own name: merely to name
 * such a hand-in does not make footage of a device a test.
 *
 * @param upload `isListed`: it is the file on its hand-in's list
 */
export async function isSelfTest(
  db: Db,
  upload: { hand_in_id: string | null; dock_id: string | null; device_serial: string; isListed: boolean },
): Promise<boolean> {
  const { dock_id, device_serial, isListed } = upload
  if (!isListed || dock_id === null || device_serial !== selfTestSerial(dock_id)) return false
  const row = await db.selectFrom('hand_in').where('id', '=', upload.hand_in_id).select('head').executeTakeFirst()
  return row !== undefined && isSelfTestHead(row.head)
}

/**
 * For queries of `hand_in`: it is no station's test of itself. Only a test's serial begins as one does, and every one's does:
 * `requireHonestSelfTest`.
 */
export const isNoSelfTest = sql<boolean>`(not starts_with(hand_in.device_serial, ${serialStart}))`

/** Whether the signed head of a list says that it is a station's test of itself. */
export function isSelfTestHead(head: Buffer): boolean {
  return (JSON.parse(head.toString('utf8')) as HandInHead).origin?.kind === 'self_test'
}

function misfit(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
