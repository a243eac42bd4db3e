import { type Command, Option } from 'commander'
import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { localTime, namedTime } from './local-time.ts'
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
  en: { named: 'named', signed: 'signed', refused: 'refused', ended: 'ended' },
} as const

/** Adds `custody deputy`. `reaching` adds the options with which a command signs in. */
export function addDeputies(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const { terminal, end } = context
  const deputy = program.command('deputy').description('who acts in a supervisor’s place while he is away')
  const add = (usage: string, description: string) =>
    context
      .reaching(deputy.command(usage).description(description))
      .addOption(new Option('--json', 'print one JSON value instead of lines'))

  add('list', 'every deputyship, the last named first').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add('name <account>', 'as supervisor: name who acts in one’s own place; an auditor must sign')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--until <time>', 'its end: a day, or ISO 8601; 90 days at most')
    .option('--from <time>', 'its beginning (default: when the auditor has signed)')
    .action(async (account, options) => end(await nameCommand(terminal, account, options)))
  const deciding = (name: 'sign' | 'refuse', description: string) =>
    add(`${name} [id]`, `${description}; without id the one that waits`)
  deciding('sign', 'as auditor: sign a deputyship').action(async (id, options) =>
    end(await decideCommand(terminal, id, options, { approve: true })),
  )
  deciding('refuse', 'as auditor: refuse a deputyship')
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) =>
      end(await decideCommand(terminal, id, options, { approve: false, reason: options.reason })),
    )
  add('end <id>', 'end a deputyship before its time')
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) => end(await endCommand(terminal, id, options)))
}

async function listCommand(terminal: Terminal, options: DeputyOptions): Promise<ExitCode> {
  const deputyships = await withAccess(terminal, options, readDeputyships)
  if (options.json) terminal.out(JSON.stringify(deputyships))
  else {
    for (const { id, supervisor, deputy, reason, startsAt, endsAt, state } of deputyships) {
      const span = `${localTime(startsAt)} – ${localTime(endsAt)}`
      const line = [id, states[options.lang][state], `${supervisor.name} → ${deputy.name}`, span, reason].join('  ')
      terminal.out(printable(line))
    }
  }
  return exitCodes.fine
}

async function nameCommand(
  terminal: Terminal,
  account: string,
  options: DeputyOptions & { reason: string; until: string; from?: string },
): Promise<ExitCode> {
  const { reason, until, from } = options
  const startsAt = from === undefined ? null : namedTime('--from', from)
  const endsAt = namedTime('--until', until)
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
  options: DeputyOptions,
  decision: { approve: boolean; reason?: string },
): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, async (client) => {
    const wanted = id ?? (await waitingId(client))
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
