import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { beginningOption, endOption, localTime } from './local-time.ts'
import { personIdOf } from './spare.ts'
import { printable, type Terminal } from './terminal.ts'

interface DeputyOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Deputyship {
  readonly id: string
  readonly supervisor: { readonly name: string }
  readonly deputy: { readonly name: string }
  readonly reason: string
  readonly startsAt: string
  readonly endsAt: string
  readonly state: keyof (typeof states)['zh']
}

const states = {
  zh: { named: '待同意', signed: '已同意', refused: '未同意', ended: '已提前结束' },
  en: { named: 'named', signed: 'agreed to', refused: 'refused', ended: 'ended' },
} as const

/** Adds `custody deputy`. */
export function addDeputies({ program, terminal, end, reaching }: CommandContext): void {
  const deputy = program.command('deputy').description('who acts in a supervisor’s place while he is away')
  const add = (usage: string, description: string) =>
    reaching(deputy.command(usage).description(description)).addOption(jsonOption())

  add('list', 'every deputyship, the last named first').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add(
    'name <account>',
    'as supervisor: name whose account of the role deputy acts in one’s own place; an auditor must agree',
  )
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--until <time>', 'its last day, which counts whole, or its end in ISO 8601; 90 days at most')
    .option('--from <time>', 'its first day, or its beginning in ISO 8601 (default: when the auditor has agreed)')
    .action(async (account, options) => end(await nameCommand(terminal, account, options)))
  deciding(add('decide [id]', 'as auditor: agree to a deputyship or refuse it; without id the one that waits'))
    .option('--reason <text>', 'why it is refused')
    .action(async (id, options) => end(await decideCommand(terminal, id, options)))
  add('end <id>', 'end a deputyship before its time')
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) => end(await endCommand(terminal, id, options)))
}

async function listCommand(terminal: Terminal, options: DeputyOptions): Promise<ExitCode> {
  const deputyships = await withAccess(terminal, options, readDeputyships)
  if (options.json) terminal.out(JSON.stringify(deputyships))
  else {
    const lines = deputyships.map((one) => deputyshipLine(one, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '没有委托', en: 'there is no deputyship' })
  }
  return exitCodes.fine
}

function deputyshipLine(
  { id, supervisor, deputy, reason, startsAt, endsAt, state }: Deputyship,
  language: 'zh' | 'en',
) {
  const span = `${localTime(startsAt)} – ${localTime(endsAt)}`
  return [id, states[language][state], `${supervisor.name} → ${deputy.name}`, span, reason].join('  ')
}

async function nameCommand(
  terminal: Terminal,
  account: string,
  options: DeputyOptions & { reason: string; until: string; from?: string },
): Promise<ExitCode> {
  const { reason, until, from } = options
  const startsAt = from === undefined ? null : beginningOption('--from', from)
  const endsAt = endOption('--until', until)
  const answer = await withAccess(terminal, options, async (client) => {
    const deputyId = await personIdOf(client, account)
    return client.post('/deputyships', { deputyId, reason, startsAt, endsAt })
  })
  const { id } = JSON.parse(answer) as { id: string }
  const done = { zh: `已指定，须由法制办同意：${id}`, en: `named; an auditor must sign it: ${id}` }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  id: string | undefined,
  options: DeputyOptions & Decision & { reason?: string },
): Promise<ExitCode> {
  const approve = isApproved(options)
  const { reason } = options
  if (!approve && reason === undefined) throw new Fault('bad_request', '--reason: say why it is refused')
  const answer = await withAccess(terminal, options, async (client) => {
    const wanted = id ?? (await waitingId(client))
    const shown = (await readDeputyships(client)).find((one) => one.id === wanted)
    if (shown && !options.json) terminal.out(printable(deputyshipLine(shown, options.lang)))
    const decision = { approve, ...(reason !== undefined && { reason }) }
    return client.post(`/deputyships/${encodeURIComponent(wanted)}/decision`, decision)
  })
  const { state } = JSON.parse(answer) as { state: 'signed' | 'refused' }
  terminal.out(options.json ? answer : states[options.lang][state])
  return exitCodes.fine
}

async function endCommand(
  terminal: Terminal,
  id: string,
  options: DeputyOptions & { reason: string },
): Promise<ExitCode> {
  const { reason } = options
  await withAccess(terminal, options, (client) => client.post(`/deputyships/${encodeURIComponent(id)}/end`, { reason }))
  terminal.out(options.json ? JSON.stringify({ id, state: 'ended' }) : states[options.lang].ended)
  return exitCodes.fine
}

/** @throws conflict when none waits, or more than one */
async function waitingId(client: AccessClient): Promise<string> {
  const [waiting, another] = (await readDeputyships(client)).filter(({ state }) => state === 'named')
  if (!waiting) throw new Fault('conflict', 'no deputyship waits for a signature')
  if (another) throw new Fault('conflict', 'several deputyships wait: name one by its id (`custody deputy list`)')
  return waiting.id
}

async function readDeputyships(client: AccessClient): Promise<Deputyship[]> {
  return ((await client.json('/deputyships')) as { deputyships: Deputyship[] }).deputyships
}
