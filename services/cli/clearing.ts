import type { Command } from 'commander'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface ClearingOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface OpenClearing {
  readonly id: string
  readonly dockName: string
  readonly isDockRevoked: boolean
  readonly deviceSerial: string
  readonly files: number
  readonly announcedAt: string
  readonly givingUp: { readonly reason: string; readonly askedBy: { readonly name: string } } | null
}

/** Adds `custody clearing`. */
export function addClearing({ program, terminal, end, reaching }: CommandContext): void {
  const clearing = program.command('clearing').description('what docks announced to remove from devices')
  const add = (usage: string, description: string): Command =>
    reaching(clearing.command(usage).description(description)).addOption(jsonOption())
  add('list', 'clearings that their dock has not closed within an hour').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add('give-up <clearing>', 'as custodian: ask that nobody wait for the word of a dock that is dead or revoked')
    .requiredOption('--reason <text>', 'why that dock will never close it')
    .action(async (id, options) => end(await giveUpCommand(terminal, id, options)))
  deciding(
    add('decide <clearing>', 'as supervisor or auditor: agree that what became of its files is unknown, or refuse'),
  ).action(async (id, options) => end(await decideCommand(terminal, id, options)))
}

async function listCommand(terminal: Terminal, options: ClearingOptions): Promise<ExitCode> {
  const clearings = await withAccess(terminal, options, openClearings)
  if (options.json) terminal.out(JSON.stringify(clearings))
  else {
    const lines = clearings.map((one) => clearingLine(one, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '没有未结束的清空', en: 'no clearing was left open' })
  }
  return exitCodes.fine
}

async function giveUpCommand(
  terminal: Terminal,
  id: string,
  options: ClearingOptions & { reason: string },
): Promise<ExitCode> {
  const { reason } = options
  const answer = await withAccess(terminal, options, (client) => client.post(pathOf(id), { reason }))
  const sign = `custody clearing decide ${printable(id)} --approve`
  const done = { zh: `已提出，须由另一人决定：${sign}`, en: `asked for; another person must decide: ${sign}` }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function decideCommand(terminal: Terminal, id: string, options: ClearingOptions & Decision): Promise<ExitCode> {
  const confirm = isApproved(options)
  const answer = await withAccess(terminal, options, async (client) => {
    const shown = (await openClearings(client)).find((one) => one.id === id)
    if (shown && !options.json) terminal.out(clearingLine(shown, options.lang))
    return client.post(`${pathOf(id)}/decision`, { confirm })
  })
  const done = confirm
    ? { zh: '已同意：这些文件清空结果不明', en: 'given up: what became of its files is unknown' }
    : { zh: '未同意', en: 'refused' }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function openClearings(client: AccessClient): Promise<OpenClearing[]> {
  return ((await client.json('/clearings/open')) as { clearings: OpenClearing[] }).clearings
}

function clearingLine(one: OpenClearing, language: 'zh' | 'en'): string {
  const { id, dockName, isDockRevoked, deviceSerial, files, announcedAt, givingUp } = one
  const isChinese = language === 'zh'
  const revoked = isChinese ? '（已停用）' : ' (revoked)'
  const waits = isChinese ? '申请不再等待' : 'to be given up'
  return printable(
    [
      ...[id, `${dockName}${isDockRevoked ? revoked : ''}`, deviceSerial],
      isChinese ? `${files} 个文件` : `${files} files`,
      localTime(announcedAt),
      ...(givingUp ? [waits, givingUp.reason, givingUp.askedBy.name] : []),
    ].join('  '),
  )
}

function pathOf(id: string): string {
  return `/clearings/${encodeURIComponent(id)}/giving-up`
}
