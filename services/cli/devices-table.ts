import { listDevices, mayHoldDevices, registerDevice } from '../custody/devices/device.ts'
import type { Actor } from '../custody/events/actor.ts'
import { hasHandIns } from '../custody/intake/hand-in.ts'
import { listPeople } from '../custody/people/person.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Trx } from '../foundation/db/database.ts'
import { type DeviceKind, deviceKinds } from '../foundation/db/words.ts'
import { type CsvRow, readCsv, refuseLines } from './csv.ts'

export interface ListedDevice {
  readonly line: number
  readonly serial: string
  readonly kind: DeviceKind
  readonly model: string | null
  /** Account of the officer who holds it. */
  readonly holder: string | null
}

/**
 * Reads a table of devices: serial, kind (执法记录仪 recorder, 录像机 camera, 录音笔 audio_pen, 航拍器 drone,
 * 本人手机 phone), model and the holder's account, the last two optional.
 *
 * @throws bad_request naming every wrong line
 */
export async function readDevices(path: string): Promise<ListedDevice[]> {
  const rows = await readCsv(path, { required: ['serial', 'kind'], optional: ['model', 'holder'] })
  const firstLines = new Map<string, number>()
  const problems = rows.flatMap((row) => problemsOf(row, firstLines).map((problem) => ({ line: row.line, problem })))
  refuseLines(path, problems)
  return rows.map(({ line, cells }) => ({
    line,
    serial: cells.serial!,
    kind: kindOf(cells.kind!)!,
    model: cells.model || null,
    holder: cells.holder || null,
  }))
}

/**
 * Puts the devices into the register, all or none. One that stands there as listed is passed over, so that the same table
 * can be imported again. Returns how many are new.
 *
 * @throws bad_request naming every line whose holder or register entry does not fit
 */
export async function importDevices(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  table: { path: string; devices: readonly ListedDevice[] },
): Promise<number> {
  const people = (await listPeople(trx)).filter(({ role, disabled_at }) => mayHoldDevices(role) && !disabled_at)
  const holders = new Map(people.map(({ account, id }) => [account, id]))
  const registered = await listDevices(trx)
  const problems: { line: number; problem: string }[] = []
  const fresh: (ListedDevice & { holderId: string | null })[] = []
  for (const device of table.devices) {
    const holderId = device.holder === null ? null : holders.get(device.holder)
    if (holderId === undefined) {
      problems.push({
        line: device.line,
        problem: `holder: ${device.holder} is not the account of an officer or assistant`,
      })
      continue
    }
    const known = registered.find(({ serial }) => serial === device.serial)
    if (!known) fresh.push({ ...device, holderId })
    else if (known.kind !== device.kind || known.model !== device.model || known.holder_id !== holderId) {
      problems.push({ line: device.line, problem: `serial: ${device.serial} is registered otherwise already` })
    }
  }
  const withKeeper = fresh.find(({ holderId }) => holderId !== null)
  if (withKeeper && (await hasHandIns(trx))) {
    const problem = 'holder: footage has been handed in, so people confirm what they keep: leave this column empty'
    problems.push({ line: withKeeper.line, problem })
  }
  refuseLines(table.path, problems)
  for (const device of fresh) await registerDevice(trx, clock, actor, device)
  return fresh.length
}

const chineseKinds: Readonly<Record<string, DeviceKind>> = {
  执法记录仪: 'recorder',
  录像机: 'camera',
  // Another word for it, as some tables have it.
  摄像机: 'camera',
  录音笔: 'audio_pen',
  航拍器: 'drone',
  本人手机: 'phone',
}

/** A kind by its own word or its Chinese one. */
export function kindOf(text: string): DeviceKind | undefined {
  return chineseKinds[text] ?? deviceKinds.find((kind) => kind === text)
}

/** What is wrong with serial and kind of a line; `firstLines` keeps where each serial stands. */
export function problemsOf({ line, cells }: CsvRow, firstLines: Map<string, number>): string[] {
  const { serial = '', kind = '' } = cells
  const problems: string[] = []
  if (!/^[\x21-\x7e]{1,64}$/.test(serial)) problems.push('serial: 1 to 64 letters, digits or signs without blanks')
  if (!kindOf(kind))
    problems.push(`kind: not one of ${[...deviceKinds, ...Object.keys(chineseKinds)].join(', ')}: '${kind}'`)
  const first = firstLines.get(serial)
  if (first === undefined) firstLines.set(serial, line)
  else problems.push(`serial: ${serial} stands in line ${first} already`)
  return problems
}
