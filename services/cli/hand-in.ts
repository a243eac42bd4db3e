import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { tellTable } from './csv-table.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { readHandIn, readHandIns } from './hand-in-read.ts'
import { handInCardLines, handInLine, handInTable } from './hand-in-text.ts'
import { tellLines } from './lines.ts'
import { beginningOption, endOption } from './local-time.ts'
import { personIdOf } from './spare.ts'
import { printable, type Terminal } from './terminal.ts'

interface HandInOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface ListOptions extends HandInOptions {
  readonly from?: string
  readonly to?: string
  readonly csv?: boolean
}

/** So much is listed where no day is named. */
const listedMs = 7 * 24 * 60 * 60_000

/** Adds `custody hand-in`. */
export function addHandIns({ program, terminal, end, reaching }: CommandContext): void {
  const handIn = program.command('hand-in').description('what was handed in (交存), by the signed lists of docks')
  const add = (usage: string, description: string) =>
    reaching(handIn.command(usage).description(description)).addOption(jsonOption())

  add('list', 'hand-ins, the last opened first: of the last seven days unless a day is named; an officer sees his own')
    .option('--from <day>', 'opened on this day or later (or ISO 8601)')
    .option('--to <day>', 'opened on this day or earlier (or ISO 8601)')
    .option('--csv', 'print a table')
    .action(async (options) => end(await listCommand(terminal, options)))
  add('show <id>', 'one hand-in: each file and how it stands, gaps, what was said, corrections, clearings').action(
    async (id, options) => end(await showCommand(terminal, id, options)),
  )
  add('correct <id>', 'as custodian: ask that the device or the user of a hand-in be corrected; another confirms it')
    .option('--device <serial>', 'the device that it came from')
    .option('--user <account>', 'who used the device')
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) => end(await correctCommand(terminal, id, options)))
  deciding(
    add('decide-correction <id> <correction>', 'as supervisor, or as the person concerned: confirm it or refuse it'),
  ).action(async (id, correction, options) => end(await decideCommand(terminal, { id, correction }, options)))
}

async function listCommand(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const { from, to, json, csv, lang } = options
  const span = {
    ...(from !== undefined && { from: beginningOption('--from', from) }),
    ...(to !== undefined && { to: endOption('--to', to) }),
    ...(from === undefined && to === undefined && { from: new Date(Date.now() - listedMs).toISOString() }),
  }
  const handIns = await withAccess(terminal, options, (client) => readHandIns(client, span))
  if (json) terminal.out(JSON.stringify({ handIns }))
  else if (csv) tellTable(terminal, handInTable(handIns))
  else {
    const lines = handIns.map((one) => handInLine(one, lang))
    tellLines(terminal, lang, lines, { zh: '这段时间没有交存', en: 'nothing was handed in then' })
  }
  return exitCodes.fine
}

async function showCommand(terminal: Terminal, id: string, options: HandInOptions): Promise<ExitCode> {
  const card = await withAccess(terminal, options, (client) => readHandIn(client, id))
  if (options.json) terminal.out(JSON.stringify(card))
  else for (const line of handInCardLines(card, options.lang)) terminal.out(printable(line))
  return exitCodes.fine
}

async function correctCommand(
  terminal: Terminal,
  id: string,
  options: HandInOptions & { device?: string; user?: string; reason: string },
): Promise<ExitCode> {
  const { device, user, reason, json, lang } = options
  if (device === undefined && user === undefined) throw new Fault('bad_request', 'say --device, --user or both')
  const answer = await withAccess(terminal, options, async (client) => {
    const body = {
      reason,
      ...(device !== undefined && { deviceSerial: device }),
      ...(user !== undefined && { userId: await personIdOf(client, user) }),
    }
    return client.post(`/hand-ins/${encodeURIComponent(id)}/corrections`, body)
  })
  const sign = `custody hand-in decide-correction ${id} ${(JSON.parse(answer) as { id: string }).id} --approve`
  const done = {
    zh: `已提出，须由分管领导或本人确认：${sign}`,
    en: `asked for; a supervisor or the person concerned must confirm it: ${sign}`,
  }
  terminal.out(json ? answer : printable(done[lang]))
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  { id, correction }: { readonly id: string; readonly correction: string },
  options: HandInOptions & Decision,
): Promise<ExitCode> {
  const confirm = isApproved(options)
  const path = `/hand-ins/${encodeURIComponent(id)}/corrections/${encodeURIComponent(correction)}/decision`
  await withAccess(terminal, options, (client) => client.post(path, { confirm }))
  const done = confirm
    ? { zh: '已确认更正，交存单原载不变', en: 'corrected, beside what the list says' }
    : { zh: '未同意', en: 'refused' }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}
