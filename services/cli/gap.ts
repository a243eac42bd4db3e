import { Option } from 'commander'
import type { ShownGap } from '../custody/hand-ins/gap-list.ts'
import { type GapReason, gapKinds, gapReasons, gapStates } from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { tellTable } from './csv-table.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { gapLine, gapTable } from './gap-text.ts'
import { tellLines } from './lines.ts'
import type { Terminal } from './terminal.ts'

interface GapOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface ListOptions extends GapOptions {
  readonly state?: string
  readonly kind?: string
  readonly device?: string
  readonly overdue?: boolean
  readonly csv?: boolean
}

/** The service answers no more at once. */
const gapsMax = 500

/** Adds `custody gap`. */
export function addGaps({ program, terminal, end, reaching }: CommandContext): void {
  const gap = program
    .command('gap')
    .description(
      'gaps (中断) of hand-ins, and hand-ins that never came: explained by the officer, decided by the custodian',
    )
  const add = (usage: string, description: string) =>
    reaching(gap.command(usage).description(description)).addOption(jsonOption())

  add('list', 'gaps that wait first, the earliest due first; an officer sees his own')
    .addOption(new Option('--state <word>', 'only those that stand so').choices(gapStates))
    .addOption(new Option('--kind <word>', 'only those of a kind').choices(gapKinds))
    .option('--device <serial>', 'only those of a device')
    .option('--overdue', 'only those that are not explained although their term is over')
    .option('--csv', 'print a table')
    .action(async (options) => end(await listCommand(terminal, options)))
  add('explain <id>', 'say why there is a gap of your own; as supervisor, why nothing was handed in')
    .addOption(new Option('--reason <word>', 'why').choices(gapReasons).makeOptionMandatory())
    .option('--words <text>', 'more about it')
    .action(async (id, options) => end(await explainCommand(terminal, id, options)))
  add('confirm <id> <explanation>', 'say whether what was explained at a dock in your name is your own')
    .option('--own', 'it is')
    .option('--not-own', 'it is not')
    .action(async (id, explanation, options) => end(await confirmCommand(terminal, { id, explanation }, options)))
  add('accept <id>', 'as custodian: accept how a gap is explained').action(async (id, options) =>
    end(await decideCommand(terminal, id, { accept: true }, options)),
  )
  add('return <id>', 'as custodian: have a gap explained again')
    .requiredOption('--reason <text>', 'what is missing from the explanation')
    .action(async (id, { reason, ...options }) =>
      end(await decideCommand(terminal, id, { accept: false, reason }, options)),
    )
}

async function listCommand(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const { state, kind, device, overdue, json, csv, lang } = options
  const query = new URLSearchParams({
    limit: String(gapsMax),
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
    ...(device !== undefined && { deviceSerial: device }),
    ...(overdue && { overdue: 'true' }),
  })
  const answer = await withAccess(terminal, options, (client) => client.json(`/gaps?${query}`))
  const { gaps } = answer as { gaps: ShownGap[] }
  if (json) terminal.out(JSON.stringify({ gaps }))
  else if (csv) tellTable(terminal, gapTable(gaps))
  else {
    const lines = gaps.map((gap) => gapLine(gap, lang))
    tellLines(terminal, lang, lines, { zh: '没有这样的中断', en: 'there is no such gap' })
  }
  if (gaps.length === gapsMax) terminal.err(cutShort[lang])
  return exitCodes.fine
}

const cutShort = {
  zh: `只列出前 ${gapsMax} 处，可能还有：请用 --state、--kind、--device 缩小范围`,
  en: `the first ${gapsMax} only, there may be more: narrow them down by --state, --kind or --device`,
}

async function explainCommand(
  terminal: Terminal,
  id: string,
  options: GapOptions & { reason: GapReason; words?: string },
): Promise<ExitCode> {
  const { reason, words } = options
  const answer = await withAccess(terminal, options, (client) =>
    client.post(pathOf(id, 'explanations'), { reason, ...(words !== undefined && { words }) }),
  )
  const done = { zh: '说明已记录', en: 'the explanation is kept' }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function confirmCommand(
  terminal: Terminal,
  { id, explanation }: { readonly id: string; readonly explanation: string },
  options: GapOptions & { own?: boolean; notOwn?: boolean },
): Promise<ExitCode> {
  const { own = false, notOwn = false, json, lang } = options
  if (own === notOwn) throw new Fault('bad_request', 'say one of --own and --not-own')
  const path = pathOf(id, `explanations/${encodeURIComponent(explanation)}/confirmation`)
  await withAccess(terminal, options, (client) => client.post(path, { isOwn: own }))
  const done = own
    ? { zh: '已确认是本人说明', en: 'confirmed as your own' }
    : { zh: '已否认，不作为说明', en: 'denied: it does not count' }
  terminal.out(json ? '{}' : done[lang])
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  id: string,
  decision: { readonly accept: boolean; readonly reason?: string },
  options: GapOptions,
): Promise<ExitCode> {
  await withAccess(terminal, options, (client) => client.post(pathOf(id, 'decision'), decision))
  const done = decision.accept
    ? { zh: '已认可', en: 'accepted' }
    : { zh: '已退回，待重新说明', en: 'returned, to be explained again' }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}

function pathOf(id: string, act: string): string {
  return `/gaps/${encodeURIComponent(id)}/${act}`
}
