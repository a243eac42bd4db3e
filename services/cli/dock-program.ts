import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { addDockCommand } from './dock.ts'
import { type DockLine, dockText, type EnrolmentLine, enrolmentText } from './dock-text.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface DockOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

/** Adds `custody dock`. */
export function addDocks({ program, terminal, end, reaching }: CommandContext): void {
  const dock = program.command('dock').description('docking stations')
  const add = (usage: string, description: string) =>
    reaching(dock.command(usage).description(description)).addOption(jsonOption())

  dock
    .command('add <name>')
    .description('register a docking station on the database; prints its id and, once, its token')
    .requiredOption('--signing-key-out <file>', "where the dock's private key is written (PKCS #8 PEM, 0600)")
    .addOption(jsonOption())
    .action(async (name, options) => end(await addDockCommand(terminal, name, options)))
  add('enrol <name>', 'as administrator: print the one-time code with which a new dock enrols itself').action(
    async (name, options) => end(await enrolCommand(terminal, name, options)),
  )
  add('list', 'every dock and how it stands, and the codes that wait for their dock').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add(
    'revoke <dockId>',
    'as administrator: end it at once; what it is sending is cut, and it is enrolled anew to come back',
  ).action(async (dockId, options) => end(await revokeCommand(terminal, dockId, options)))
  add(
    'lift-code-limit <dockId>',
    'as administrator or supervisor: let it take dock codes again after too many wrong ones',
  )
    .requiredOption('--reason <text>', 'what the wrong codes were')
    .action(async (dockId, options) => end(await liftCommand(terminal, dockId, options)))
}

async function enrolCommand(terminal: Terminal, name: string, options: DockOptions): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, (client) => client.post('/docks/enrolments', { name }))
  if (options.json) {
    terminal.out(answer)
    return exitCodes.fine
  }
  const { id, code, expiresAt } = JSON.parse(answer) as { id: string; code: string; expiresAt: string }
  terminal.out(`code ${code}`)
  terminal.out(`dock ${id}`)
  const zh = [
    `登记码只显示这一次，${localTime(expiresAt)}前有效，用过即失效。`,
    `采集站登记后，由分管领导或法制办核对公钥并复核启用：custody sign-list dock.released ${id}`,
  ]
  const en = [
    `The code is shown once. It holds until ${localTime(expiresAt)}, for one dock.`,
    `When the dock has enrolled, a supervisor or auditor compares its key and releases it: custody sign-list dock.released ${id}`,
  ]
  for (const line of options.lang === 'zh' ? zh : en) terminal.err(printable(line))
  return exitCodes.fine
}

async function listCommand(terminal: Terminal, options: DockOptions): Promise<ExitCode> {
  const { docks, enrolments } = await withAccess(terminal, options, async (client) => ({
    ...((await client.json('/docks')) as { docks: DockLine[] }),
    ...((await client.json('/docks/enrolments')) as { enrolments: EnrolmentLine[] }),
  }))
  if (options.json) {
    terminal.out(JSON.stringify({ docks, enrolments }))
    return exitCodes.fine
  }
  const lines = [
    ...docks.map((one) => dockText(one, options.lang)),
    ...enrolments
      .filter(({ usedAt, expiresAt }) => usedAt === null && Date.parse(expiresAt) > Date.now())
      .map((one) => enrolmentText(one, options.lang)),
  ]
  tellLines(terminal, options.lang, lines, { zh: '还没有采集站', en: 'there is no dock yet' })
  return exitCodes.fine
}

async function revokeCommand(terminal: Terminal, dockId: string, options: DockOptions): Promise<ExitCode> {
  await withAccess(terminal, options, (client) => client.post(`/docks/${encodeURIComponent(dockId)}/revoke`))
  const done = { zh: '已注销，立即失效', en: 'revoked, from now on' }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}

async function liftCommand(
  terminal: Terminal,
  dockId: string,
  options: DockOptions & { reason: string },
): Promise<ExitCode> {
  const path = `/docks/${encodeURIComponent(dockId)}/code-limit/lift`
  await withAccess(terminal, options, (client) => client.post(path, { reason: options.reason }))
  const done = { zh: '已恢复，该采集站可以输码', en: 'lifted: codes count at this dock again' }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}
