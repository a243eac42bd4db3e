import { deviceKindName } from '../custody/packages/report/words.ts'
import type { DeviceKind, DeviceState } from '../foundation/db/words.ts'
import { type CsvRow, readCsv, refuseLines } from './csv.ts'
import { type Table, withoutGuard } from './csv-table.ts'
import { kindOf, problemsOf } from './devices-table.ts'

/** A line of GET /devices. */
export interface RegisteredDevice {
  readonly serial: string
  readonly kind: DeviceKind
  readonly model: string | null
  readonly holderId: string | null
  readonly state: DeviceState
  readonly registeredAt: string
}

/** A line of GET /people. */
export interface RegisteredPerson {
  readonly id: string
  readonly account: string
}

export const stateNames: Readonly<Record<DeviceState, string>> = {
  in_service: '在用',
  in_repair: '送修',
  retired: '报废',
  lost: '遗失',
  lent: '借出',
}
/** What a device may be when it comes into the register. Loss, loan and retirement are acts, with a reason and their own second person. */
const firstStates: readonly DeviceState[] = ['in_service', 'in_repair']
const columns = ['serial', 'kind', 'model', 'holder', 'state', 'registered_at'] as const

/** The register as a table. */
export function deviceTable(devices: readonly RegisteredDevice[], people: readonly RegisteredPerson[]): Table {
  const accounts = new Map(people.map(({ id, account }) => [id, account]))
  const rows = devices.map(({ serial, kind, model, holderId, state, registeredAt }) => [
    ...[serial, deviceKindName(kind), model, holderId === null ? null : (accounts.get(holderId) ?? null)],
    ...[stateNames[state], registeredAt],
  ])
  return { columns, rows }
}

function unguarded({ line, cells }: CsvRow): CsvRow {
  return {
    line,
    cells: Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, withoutGuard(text)])),
  }
}

/** What an import would do. */
export interface ImportPlan {
  readonly fresh: readonly {
    readonly serial: string
    readonly kind: DeviceKind
    readonly model: string | null
    readonly state: DeviceState
    readonly holderId: string | null
  }[]
  /** Devices of the table that the register has already. */
  readonly known: number
  /** Of those, what the table says otherwise. */
  readonly differing: readonly { readonly line: number; readonly serial: string; readonly member: string }[]
}

/**
 * Compares a table with the register: serial,kind and, if they are there, model, holder (an account), state; the column
 * registered_at of an export is let be.
 *
 * @throws bad_request naming every wrong line: then nothing of it is imported
 */
export async function planImport(
  path: string,
  { devices, people }: { devices: readonly RegisteredDevice[]; people: readonly RegisteredPerson[] },
): Promise<ImportPlan> {
  const rows = (await readCsv(path, { required: ['serial', 'kind'], optional: columns.slice(2) })).map(unguarded)
  const registered = new Map(devices.map((device) => [device.serial, device]))
  const ids = new Map(people.map(({ account, id }) => [account, id]))
  const firstLines = new Map<string, number>()
  const problems = rows.flatMap((row) =>
    [...problemsOf(row, firstLines), ...problemsHere(row, ids, registered)].map((problem) => ({
      line: row.line,
      problem,
    })),
  )
  refuseLines(path, problems)
  const listed = rows.map(({ line, cells }) => ({
    line,
    serial: cells.serial!,
    kind: kindOf(cells.kind!)!,
    model: cells.model || null,
    state: stateOf(cells.state ?? '') ?? 'in_service',
    holderId: ids.get(cells.holder ?? '') ?? null,
  }))
  const known = listed.filter(({ serial }) => registered.has(serial))
  return {
    fresh: listed.filter(({ serial }) => !registered.has(serial)).map(({ line: _, ...device }) => device),
    known: known.length,
    differing: known.flatMap(({ line, ...device }) => {
      const there = registered.get(device.serial)!
      const members = (['kind', 'model', 'state', 'holderId'] as const).filter((name) => device[name] !== there[name])
      return members.map((name) => ({ line, serial: device.serial, member: name === 'holderId' ? 'holder' : name }))
    }),
  }
}

function problemsHere(
  { cells }: CsvRow,
  ids: ReadonlyMap<string, string>,
  registered: ReadonlyMap<string, RegisteredDevice>,
): string[] {
  const { serial = '', holder = '', state = '' } = cells
  const problems: string[] = []
  if (holder !== '' && !ids.has(holder)) problems.push(`holder: ${holder} is nobody's account`)
  if (state !== '' && stateOf(state) === undefined) {
    problems.push(`state: not one of ${Object.values(stateNames).join(', ')}: '${state}'`)
  }
  const first = stateOf(state) ?? 'in_service'
  if (!registered.has(serial) && !isFirstState(first)) {
    const allowed = firstStates.map((one) => stateNames[one]).join(', ')
    problems.push(`state: a device is registered as ${allowed} only; that it is '${state}' is an act of its own`)
  }
  return problems
}

function isFirstState(state: DeviceState): boolean {
  return firstStates.includes(state)
}

function stateOf(text: string): DeviceState | undefined {
  const states = Object.keys(stateNames) as DeviceState[]
  return states.find((state) => state === text || stateNames[state] === text)
}
