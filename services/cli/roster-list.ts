import type { Command } from 'commander'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import type { CommandContext } from './command.ts'
import { type Table, tellTable } from './csv-table.ts'
import type { RegisteredPerson } from './devices-csv.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { beginningOption, endOption, localTime } from './local-time.ts'
import type { Terminal } from './terminal.ts'

interface ListOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly from?: string
  readonly to?: string
  readonly csv?: boolean
}

/** A line of GET /rosters. */
interface RosterLine {
  readonly personId: string
  readonly serial: string | null
  readonly day: string
  readonly from: string
  readonly to: string
}

/** Adds `custody roster list`. `add` makes a command that signs in. */
export function addRosterList(
  { terminal, end }: CommandContext,
  add: (usage: string, description: string) => Command,
): void {
  add('list', 'as supervisor, auditor or custodian: who is on duty within a day of now, or within the days named')
    .option('--from <day>', 'shifts that end on this day or later (or ISO 8601)')
    .option('--to <day>', 'shifts that begin on this day or earlier (or ISO 8601)')
    .option('--csv', 'print a table, as custody roster enter reads it')
    .addHelpText(
      'after',
      '\nA night shift that began on the day before is listed too: a table with it, entered again, replaces that day as a whole.',
    )
    .action(async (options) => end(await listCommand(terminal, options)))
}

async function listCommand(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const { from, to, json, csv, lang } = options
  const span = new URLSearchParams({
    ...(from !== undefined && { from: beginningOption('--from', from) }),
    ...(to !== undefined && { to: endOption('--to', to) }),
  })
  const { lines, people } = await withAccess(terminal, options, async (client) => ({
    ...((await client.json(`/rosters?${span}`)) as { lines: RosterLine[] }),
    ...((await client.json('/people')) as { people: RegisteredPerson[] }),
  }))
  if (json) terminal.out(JSON.stringify({ lines }))
  else {
    const table = rosterTable(lines, people)
    if (csv) tellTable(terminal, table)
    else {
      const anyDevice = lang === 'zh' ? '不限设备' : 'any device'
      const shown = table.rows.map(([person, device, day, begins, ends]) =>
        [day, `${begins}–${ends}`, person, device ?? anyDevice].join('  '),
      )
      tellLines(terminal, lang, shown, { zh: '这段时间没有排班', en: 'nobody is on the roster then' })
    }
  }
  return exitCodes.fine
}

/** Accounts, days and hours of Asia/Shanghai; a shift that ends not later than it begins ends on the next day. */
function rosterTable(lines: readonly RosterLine[], people: readonly RegisteredPerson[]): Table {
  const accounts = new Map(people.map(({ id, account }) => [id, account]))
  const hour = (time: string) => localTime(time).slice(11, 16)
  return {
    columns: ['person', 'device', 'day', 'from', 'to'],
    rows: lines.map(({ personId, serial, day, from, to }) => [
      ...[accounts.get(personId) ?? personId, serial, day, hour(from), hour(to)],
    ]),
  }
}
