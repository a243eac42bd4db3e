import { CsvError, parse } from 'csv-parse/sync'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { dayIn, shanghaiOffsetMs } from '../settings/calendar.ts'
import type { RosterLine } from './roster.ts'

/** A line as a table has it, read. */
export type WrittenLine = Omit<RosterLine, 'id'>

/** A month of 57 devices in two shifts has fewer. */
export const rosterLinesMax = 4000

interface Problem {
  readonly line: number
  readonly column: Column
  readonly problem: string
}

const columns = ['person', 'device', 'day', 'from', 'to'] as const
type Column = (typeof columns)[number]
const chineseColumns: Readonly<Record<string, Column>> = {
  人员: 'person',
  设备: 'device',
  日期: 'day',
  开始: 'from',
  结束: 'to',
}
const dayMs = 24 * 60 * 60_000

/**
 * Reads a roster from CSV: a head line, then a line for each shift. `person` is an account or an officer number, `device` a
 * serial or empty, `day` YYYY-MM-DD, `from` and `to` HH:MM in Asia/Shanghai; a shift that ends not later than it begins ends
 * on the next day. Head words may be Chinese.
 *
 * @throws bad_request with every wrong line and its column in `details.problems`
 */
export async function readRoster(db: Db, csv: string): Promise<WrittenLine[]> {
  const rows = parsed(csv)
  const people = await peopleByName(db)
  const devices = new Set((await db.selectFrom('device').select('serial').execute()).map(({ serial }) => serial))
  const problems: Problem[] = []
  const lines: (WrittenLine & { readonly line: number })[] = []
  const seen = new Map<string, number>()
  for (const { line, cells } of rows) {
    const read = readLine(cells, { people, devices })
    if ('problems' in read) problems.push(...read.problems.map((one) => ({ line, ...one })))
    else {
      const key = [read.personId, read.serial, read.from.toISOString(), read.to.toISOString()].join(' ')
      const first = seen.get(key)
      if (first !== undefined) problems.push({ line, column: 'person', problem: `is the same as line ${first}` })
      else seen.set(key, line)
      lines.push({ ...read, line })
    }
  }
  problems.push(...clashes(lines))
  if (problems.length === 0) return lines.map(({ line, ...one }) => one)
  problems.sort((a, b) => a.line - b.line)
  const told = problems.slice(0, 50).map(({ line, column, problem }) => `line ${line}, ${column}: ${problem}`)
  throw new Fault('bad_request', `${told.join('\n')}\nnothing was entered`, { details: { problems } })
}

function parsed(csv: string): { line: number; cells: Record<Column, string> }[] {
  const [head, ...body] = records(csv)
  const names = head?.record.map((name) => chineseColumns[name.trim()] ?? name.trim().toLowerCase()) ?? []
  if (names.length !== columns.length || columns.some((column) => !names.includes(column))) {
    throw new Fault('bad_request', `line 1: the columns are ${columns.join(',')} (人员,设备,日期,开始,结束)`)
  }
  if (body.length > rosterLinesMax) {
    throw new Fault(
      'bad_request',
      `at most ${rosterLinesMax} lines are entered at once: this roster has ${body.length}`,
    )
  }
  return body.map(({ record, line }) => ({
    line,
    cells: Object.fromEntries(names.map((name, at) => [name, (record[at] ?? '').trim()])) as Record<Column, string>,
  }))
}

function records(csv: string): { record: string[]; line: number }[] {
  try {
    const options = { bom: true, info: true, skip_empty_lines: true }
    const rows = parse(csv, options) as unknown as { record: string[]; info: { lines: number } }[]
    return rows.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    if (cause instanceof CsvError) throw new Fault('bad_request', `csv: ${cause.message}`, { cause })
    throw cause
  }
}

function readLine(
  cells: Record<Column, string>,
  known: { people: ReadonlyMap<string, string>; devices: ReadonlySet<string> },
): WrittenLine | { problems: Omit<Problem, 'line'>[] } {
  const personId = known.people.get(cells.person)
  const serial = cells.device === '' ? null : cells.device
  const from = momentOf(cells.day, cells.from)
  const end = momentOf(cells.day, cells.to)
  const problems: Omit<Problem, 'line'>[] = []
  if (!personId) {
    const problem = `no officer or assistant in service has the account or officer number ${cells.person || '(empty)'}`
    problems.push({ column: 'person', problem })
  }
  if (serial !== null && !known.devices.has(serial)) {
    problems.push({ column: 'device', problem: `${serial} is not in the register of devices` })
  }
  if (momentOf(cells.day, '00:00') === null) problems.push({ column: 'day', problem: 'is no day like 2026-12-01' })
  else {
    if (from === null) problems.push({ column: 'from', problem: 'is no time like 08:30' })
    if (end === null) problems.push({ column: 'to', problem: 'is no time like 17:30' })
  }
  if (!personId || from === null || end === null || problems.length > 0) return { problems }
  const to = end > from ? end : new Date(end.getTime() + dayMs)
  return { personId, serial, day: cells.day, from, to }
}

function momentOf(day: string, time: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null
  const moment = new Date(Date.parse(`${day}T${time}:00Z`) - shanghaiOffsetMs)
  return Number.isNaN(moment.getTime()) || dayIn(moment) !== day ? null : moment
}

/** One device is out with one person at a time. */
function clashes(lines: readonly (WrittenLine & { line: number })[]): Problem[] {
  const byDevice = Map.groupBy(
    lines.filter(({ serial }) => serial !== null),
    ({ serial }) => serial,
  )
  return [...byDevice.values()].flatMap((own) => {
    const inOrder = own.toSorted((a, b) => a.from.getTime() - b.from.getTime())
    return inOrder.flatMap((line, at): Problem[] => {
      const before = inOrder[at - 1]
      if (!before || before.to <= line.from || before.personId === line.personId) return []
      return [
        {
          line: line.line,
          column: 'device',
          problem: `${line.serial} is out with somebody else by line ${before.line}`,
        },
      ]
    })
  })
}

async function peopleByName(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('person')
    .where('role', 'in', ['officer', 'assistant'])
    .where('disabled_at', 'is', null)
    .select(['id', 'account', 'officer_number'])
    .execute()
  const byName = new Map(rows.flatMap(({ id, officer_number }) => (officer_number ? [[officer_number, id]] : [])))
  for (const { id, account } of rows) byName.set(account, id)
  return byName
}
