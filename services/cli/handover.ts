import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { localTime } from './local-time.ts'
import { personIdOf } from './spare.ts'
import { printable, type Terminal } from './terminal.ts'

interface HandoverOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Handover {
  readonly id: string
  readonly toPersonName: string
  readonly reason: string
  readonly absent: boolean
  readonly proposedAt: string
  readonly partsNeeded: readonly Part[]
  readonly signatures: readonly { readonly part: Part }[]
}

interface Custodianship {
  readonly custodian: { readonly name: string; readonly since: string } | null
  readonly handover: Handover | null
}

const parts = {
  zh: { outgoing: '移交人', incoming: '接收人', supervisor: '监交人', legal_office: '法制办' },
  en: { outgoing: 'outgoing', incoming: 'incoming', supervisor: 'supervisor', legal_office: 'legal office' },
} as const
type Part = keyof (typeof parts)['zh']

/** Adds `custody handover`. */
export function addHandovers({ program, terminal, end, reaching }: CommandContext): void {
  const handover = program
    .command('handover')
    .description('资料管理员工作交接: the custodian in office and who follows; all concerned sign')
  const add = (usage: string, description: string) =>
    reaching(handover.command(usage).description(description)).addOption(jsonOption())

  add('show', 'the custodian in office, and the hand-over under way').action(async (options) => {
    const shown = await withAccess(terminal, options, readCustodianship)
    if (options.json) terminal.out(JSON.stringify(shown))
    else tellShown(terminal, shown, options)
    end(exitCodes.fine)
  })
  add('propose <account>', 'as custodian or supervisor: who is to follow; ACCOUNT is an account name')
    .requiredOption('--reason <text>', 'why, 4 characters at least')
    .option('--absent', 'as supervisor: the custodian is absent, so that the legal office signs in his place')
    .action(async (account, options) => end(await proposeCommand(terminal, account, options)))
  add('sign', 'show the hand-over under way, and sign it as what one is in it').action(async (options) =>
    end(await signCommand(terminal, options)),
  )
  add('withdraw', 'take the hand-over under way back: whoever proposed it, or a supervisor').action(async (options) => {
    await withAccess(terminal, options, async (client) => {
      const { id } = await openHandover(client)
      await client.delete(`/custodian/handovers/${id}`)
    })
    terminal.out(options.json ? '{}' : options.lang === 'zh' ? '已撤回' : 'withdrawn')
    end(exitCodes.fine)
  })
}

async function proposeCommand(
  terminal: Terminal,
  account: string,
  options: HandoverOptions & { reason: string; absent?: boolean },
): Promise<ExitCode> {
  const { reason, absent = false } = options
  const answer = await withAccess(terminal, options, async (client) => {
    const toPersonId = await personIdOf(client, account)
    return client.post('/custodian/handovers', { toPersonId, reason, absent })
  })
  const { id } = JSON.parse(answer) as { id: string }
  const done = { zh: `已提出，须由各方签署：${id}`, en: `proposed; all concerned must sign: ${id}` }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function signCommand(terminal: Terminal, options: HandoverOptions): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, async (client) => {
    const shown = await readCustodianship(client)
    const { id } = requireOpen(shown)
    if (!options.json) tellShown(terminal, shown, options)
    return client.post(`/custodian/handovers/${id}/signatures`)
  })
  const { part, completed } = JSON.parse(answer) as { part: Part; completed: boolean }
  const done = {
    zh: `已签署（${parts.zh[part]}）${completed ? '，交接完成' : ''}`,
    en: `signed as ${parts.en[part]}${completed ? '; the hand-over is complete' : ''}`,
  }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

function tellShown(terminal: Terminal, { custodian, handover }: Custodianship, { lang }: HandoverOptions): void {
  const zh = lang === 'zh'
  const nobody = zh ? '尚无资料管理员' : 'there is no custodian yet'
  const inOffice = custodian && `${custodian.name}  ${localTime(custodian.since)}`
  terminal.out(printable(inOffice ? `${zh ? '在任资料管理员' : 'custodian in office'}  ${inOffice}` : nobody))
  if (!handover) {
    terminal.err(zh ? '没有进行中的工作交接' : 'no hand-over is under way')
    return
  }
  const { id, toPersonName, reason, absent, proposedAt, partsNeeded, signatures } = handover
  const missing = partsNeeded.filter((part) => !signatures.some((one) => one.part === part))
  const cells = [
    id,
    `→ ${toPersonName}`,
    reason,
    ...(absent ? [zh ? '移交人不在岗' : 'the custodian is absent'] : []),
    localTime(proposedAt),
    `${zh ? '待签署' : 'not signed yet'} ${missing.map((part) => parts[lang][part]).join(zh ? '、' : ', ')}`,
  ]
  terminal.out(printable(cells.join('  ')))
}

async function readCustodianship(client: AccessClient): Promise<Custodianship> {
  return (await client.json('/custodian')) as Custodianship
}

async function openHandover(client: AccessClient): Promise<Handover> {
  return requireOpen(await readCustodianship(client))
}

/** @throws conflict when there is none */
function requireOpen({ handover }: Custodianship): Handover {
  if (handover) return handover
  throw new Fault('conflict', 'no hand-over is under way')
}
