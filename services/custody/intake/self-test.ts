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

/** Whether a hand-in is a station's test of itself. */
export async function isSelfTest(db: Db, handInId: string | null): Promise<boolean> {
  const row = await db.selectFrom('hand_in').where('id', '=', handInId).select('head').executeTakeFirst()
  return row !== undefined && (JSON.parse(row.head.toString('utf8')) as HandInHead).origin?.kind === 'self_test'
}

function misfit(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
