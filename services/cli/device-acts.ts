import type { Command } from 'commander'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { personIdOf } from './spare.ts'
import type { Terminal } from './terminal.ts'

interface ActOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly note: string
  readonly to?: string
  readonly cardTakenOut?: boolean
  readonly toldTo?: string
}

interface Outcome {
  readonly outcome: 'done' | 'waits'
  readonly missing: { readonly files: number; readonly gaps: number }
}

/** Acts on a device that take effect at once, unless files of it have no receipt or gaps of it are open. */
const stateActs = {
  repair: { path: 'repair', zh: '已送修', en: 'sent to repair', description: 'as administrator: send it to repair' },
  retire: { path: 'retire', zh: '已报废停用', en: 'retired', description: 'as administrator: retire it' },
  loan: { path: 'loan', zh: '已借出', en: 'lent', description: 'as administrator: lend it to another office' },
  loss: {
    path: 'loss',
    zh: '已登记遗失',
    en: 'entered as lost',
    description: 'as administrator: say that it is lost; the event has what was last handed in and what is missing',
  },
  'take-back': {
    path: 'taking-back',
    zh: '已恢复使用',
    en: 'back in service',
    description: 'as administrator: take it back into service',
  },
} as const
type StateAct = keyof typeof stateActs

/** Adds what `custody device` does with the register besides its keeper. `add` makes a command that signs in. */
export function addDeviceActs(
  { terminal, end }: CommandContext,
  add: (usage: string, description: string) => Command,
): void {
  const withNote = (usage: string, description: string) =>
    add(usage, description).requiredOption('--note <text>', 'why')
  withNote('issue <serial>', 'as administrator or supervisor: issue it (领用) to a person, who confirms that he has it')
    .requiredOption('--to <account>', 'to whom')
    .action(async (serial, options) => end(await issueCommand(terminal, serial, options)))
  withNote(
    'return <serial>',
    'as administrator or supervisor: take it back (归还) to the unit; its keeper confirms it',
  ).action(async (serial, options) => end(await returnCommand(terminal, serial, options)))
  for (const name of Object.keys(stateActs) as StateAct[]) {
    const command = withNote(`${name} <serial>`, stateActs[name].description)
    if (name === 'repair' || name === 'retire' || name === 'loan') {
      command.option('--card-taken-out', 'its card was taken out before')
    }
    if (name === 'loan') command.requiredOption('--to <office>', 'which office has it')
    if (name === 'loss') command.requiredOption('--told-to <name>', 'who was told')
    command.action(async (serial, options) => end(await stateActCommand(terminal, name, serial, options)))
  }
  deciding(
    add('decide-act <serial>', 'as supervisor or auditor: let a device go of which files have no receipt, or not'),
  ).action(async (serial, options) => end(await decideActCommand(terminal, serial, options)))
}

async function issueCommand(terminal: Terminal, serial: string, options: ActOptions): Promise<ExitCode> {
  const asked = async (client: AccessClient) => ({ toId: await personIdOf(client, options.to!), note: options.note })
  const answer = await withAccess(terminal, options, async (client) =>
    client.post(pathOf(serial, 'issue'), await asked(client)),
  )
  return tell(terminal, options, answer, {
    zh: `已提出，须由领用人确认：custody device decide-keeper ${serial} --approve`,
    en: `asked for; whoever receives it must confirm it: custody device decide-keeper ${serial} --approve`,
  })
}

async function returnCommand(terminal: Terminal, serial: string, options: ActOptions): Promise<ExitCode> {
  const { note } = options
  const answer = await withAccess(terminal, options, (client) => client.post(pathOf(serial, 'return'), { note }))
  return tell(terminal, options, answer, {
    zh: `已提出，须由归还人确认：custody device decide-keeper ${serial} --approve`,
    en: `asked for; whoever kept it must confirm it: custody device decide-keeper ${serial} --approve`,
  })
}

async function stateActCommand(
  terminal: Terminal,
  name: StateAct,
  serial: string,
  options: ActOptions,
): Promise<ExitCode> {
  const { note, to, toldTo, cardTakenOut = false } = options
  const body = {
    note,
    ...((name === 'repair' || name === 'retire' || name === 'loan') && { cardTakenOut }),
    ...(name === 'loan' && { lentTo: to }),
    ...(name === 'loss' && { toldTo }),
  }
  const { path, ...done } = stateActs[name]
  const answer = await withAccess(terminal, options, (client) => client.post(pathOf(serial, path), body))
  const { outcome, missing } = JSON.parse(answer) as Outcome
  if (outcome === 'done') return tell(terminal, options, answer, done)
  const sign = `custody device decide-act ${serial} --approve`
  return tell(terminal, options, answer, {
    zh: `尚有${missing.files}个文件没有有效的交存回执、${missing.gaps}处中断未了结，须由另一人确认：${sign}`,
    en: `${missing.files} files have no receipt that holds, ${missing.gaps} gaps are open: another person must confirm it: ${sign}`,
  })
}

async function decideActCommand(
  terminal: Terminal,
  serial: string,
  options: Omit<ActOptions, 'note'> & Decision,
): Promise<ExitCode> {
  const confirm = isApproved(options)
  await withAccess(terminal, options, (client) => client.post(pathOf(serial, 'act/decision'), { confirm }))
  const done = confirm ? { zh: '已确认', en: 'confirmed' } : { zh: '未同意', en: 'refused' }
  return tell(terminal, options, '{}', done)
}

function pathOf(serial: string, act: string): string {
  return `/devices/${encodeURIComponent(serial)}/${act}`
}

function tell(
  terminal: Terminal,
  { json, lang }: Pick<ActOptions, 'json' | 'lang'>,
  answer: string,
  words: { readonly zh: string; readonly en: string },
): ExitCode {
  terminal.out(json ? answer : words[lang])
  return exitCodes.fine
}
