import type { Role } from '../custody/roles/roles.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { chineseRoles, parseRole } from './accounts.ts'
import { type Decision, isApproved } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { personIdOf } from './spare.ts'
import { printable, type Terminal } from './terminal.ts'

type Language = 'zh' | 'en'

interface AccountOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: Language
}

interface Person {
  readonly name: string
  readonly role: Role
  readonly account: string
  readonly disabledAt: string | null
  readonly awaitsRelease?: boolean
  readonly lockedUntil?: string | null
  readonly shutting?: { readonly reason: string } | null
}

interface Act {
  readonly by: { readonly name: string }
  readonly at: string
}

interface Opening {
  readonly id: string
  readonly person: { readonly id: string; readonly name: string; readonly account: string; readonly role: Role }
  readonly cause: string
  readonly made: Act
  readonly expiresAt: string
  readonly released: (Act & { readonly effectiveFrom: string }) | null
  readonly stopped: Act | null
  readonly usedAt: string | null
}

const roleNames = new Map(Object.entries(chineseRoles).map(([name, role]) => [role, name]))

export async function listAccountsCommand(terminal: Terminal, options: AccountOptions): Promise<ExitCode> {
  const { people } = (await withAccess(terminal, options, (client) => client.json('/people'))) as { people: Person[] }
  if (options.json) terminal.out(JSON.stringify(people))
  else {
    const lines = people.map((one) =>
      [one.account, one.name, roleName(one.role, options.lang), ...standing(one, options.lang)].join('  '),
    )
    tellLines(terminal, options.lang, lines, { zh: '没有账号', en: 'there is no account' })
  }
  return exitCodes.fine
}

/** What is told of an account that is not simply in use. */
function standing({ disabledAt, awaitsRelease, lockedUntil, shutting }: Person, language: Language): string[] {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en)
  if (disabledAt) return [say(`已停用 ${localTime(disabledAt)}`, `shut ${localTime(disabledAt)}`)]
  const isLocked = lockedUntil && new Date(lockedUntil) > new Date()
  return [
    ...(awaitsRelease ? [say('待复核启用', 'waits for its release')] : []),
    ...(isLocked ? [say(`锁定至 ${localTime(lockedUntil)}`, `locked until ${localTime(lockedUntil)}`)] : []),
    ...(shutting ? [say(`申请停用：${shutting.reason}`, `to be shut: ${shutting.reason}`)] : []),
  ]
}

export async function listOpeningsCommand(
  terminal: Terminal,
  options: AccountOptions & { all?: boolean },
): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, (client) => client.json('/people/openings'))
  const now = new Date()
  const openings = (answer as { openings: Opening[] }).openings.filter((one) => options.all || isWaiting(one, now))
  if (options.json) terminal.out(JSON.stringify(openings))
  else {
    const lines = openings.map((one) => openingLine(one, options.lang, now))
    tellLines(terminal, options.lang, lines, { zh: '没有待复核启用的账号', en: 'no account waits for its release' })
  }
  return exitCodes.fine
}

function isWaiting({ released, stopped, usedAt, expiresAt }: Opening, now: Date): boolean {
  return !released && !stopped && !usedAt && new Date(expiresAt) > now
}

/** `PERSON/OPENING` first, as `custody sign-list person.released` takes it. */
function openingLine(one: Opening, language: Language, now: Date): string {
  const { id, person, cause, made, expiresAt, released, stopped, usedAt } = one
  const zh = language === 'zh'
  const causes = zh ? { created: '新建', reset: '密码重置' } : { created: 'made', reset: 'password reset' }
  const why = cause === 'created' ? causes.created : causes.reset
  const state = () => {
    if (usedAt) return zh ? `已启用 ${localTime(usedAt)}` : `used ${localTime(usedAt)}`
    if (stopped) return zh ? `${stopped.by.name}已阻止` : `stopped by ${stopped.by.name}`
    if (isWaiting(one, now)) return zh ? `待复核，${localTime(expiresAt)} 前` : `waits, until ${localTime(expiresAt)}`
    if (!released) return zh ? '已过期' : 'expired'
    const from = localTime(released.effectiveFrom)
    return zh ? `${released.by.name}已复核，${from} 起生效` : `released by ${released.by.name}, from ${from}`
  }
  const who = `${person.name}（${person.account}）`
  const by = `${made.by.name} ${localTime(made.at)}`
  return [`${person.id}/${id}`, who, roleName(person.role, language), why, by, state()].join('  ')
}

export async function makeAccountCommand(
  terminal: Terminal,
  wanted: { role: string; name: string; account: string },
  options: AccountOptions & { officerNumber?: string; certificateNumber?: string },
): Promise<ExitCode> {
  const { officerNumber = null, certificateNumber = null } = options
  const body = { ...wanted, role: parseRole(wanted.role), officerNumber, certificateNumber }
  const answer = await withAccess(terminal, options, (client) => client.post('/people', body))
  tellFirstPassword(terminal, answer, options)
  const { sameNameAs } = JSON.parse(answer) as { sameNameAs: string[] }
  if (sameNameAs.length > 0 && !options.json) {
    const told = { zh: `另有 ${sameNameAs.length} 人同名`, en: `${sameNameAs.length} others have this name` }
    terminal.err(told[options.lang])
  }
  return exitCodes.fine
}

export async function resetAccountCommand(terminal: Terminal, who: string, options: AccountOptions): Promise<ExitCode> {
  const answer = await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/password-reset`))
  tellFirstPassword(terminal, answer, options)
  return exitCodes.fine
}

function tellFirstPassword(terminal: Terminal, answer: string, options: AccountOptions): void {
  if (options.json) {
    terminal.out(answer)
    return
  }
  const { firstPassword, expiresAt } = JSON.parse(answer) as { firstPassword: string; expiresAt: string }
  const until = localTime(expiresAt)
  const told = {
    zh: `初始密码 ${firstPassword}（仅显示一次，${until} 前有效）；须由另一人复核启用，首次登录须同时填写复核码`,
    en: `first password ${firstPassword} (shown once, holds until ${until}); another person must release the account, and the first sign-in takes the code of the release too`,
  }
  terminal.out(printable(told[options.lang]))
}

export async function releaseAccountCommand(
  terminal: Terminal,
  who: string,
  options: AccountOptions,
): Promise<ExitCode> {
  const answer = await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/release`))
  if (options.json) terminal.out(answer)
  else for (const line of releasedLines(answer, options.lang)) terminal.out(printable(line))
  return exitCodes.fine
}

function releasedLines(answer: string, language: Language): string[] {
  const released = JSON.parse(answer) as { code: string | null; codeExpiresAt: string | null; effectiveFrom: string }
  const { code, codeExpiresAt, effectiveFrom } = released
  const from = localTime(effectiveFrom)
  if (code === null) {
    return [
      language === 'zh' ? '已复核：两个复核部门均已复核该账号' : 'released: both releasing offices stand for it now',
    ]
  }
  const until = localTime(codeExpiresAt ?? '')
  if (language === 'en') return [`code ${code} (shown once, holds until ${until}), in force from ${from}`]
  return [`复核码 ${code}（仅显示一次，${until} 前有效），自 ${from} 起生效`]
}

export async function stopReleaseCommand(
  terminal: Terminal,
  who: string,
  options: AccountOptions & { reason: string },
): Promise<ExitCode> {
  const { reason } = options
  await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/release/stop`, { reason }))
  return tellDone(terminal, options, { zh: '已阻止复核启用', en: 'the release is stopped' })
}

export async function shutAccountCommand(terminal: Terminal, who: string, options: AccountOptions): Promise<ExitCode> {
  await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/disable`))
  return tellDone(terminal, options, { zh: '已停用', en: 'shut' })
}

export async function askShuttingCommand(
  terminal: Terminal,
  who: string,
  options: AccountOptions & { reason: string },
): Promise<ExitCode> {
  const { reason } = options
  await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/shutting`, { reason }))
  return tellDone(terminal, options, { zh: '已申请停用，须由另一人决定', en: 'asked for; another person must decide' })
}

export async function decideShuttingCommand(
  terminal: Terminal,
  who: string,
  options: AccountOptions & Decision & { reason: string },
): Promise<ExitCode> {
  const body = { confirm: isApproved(options), reason: options.reason }
  await onPerson(terminal, options, who, (client, id) => client.post(`/people/${id}/shutting/decision`, body))
  const shut = { zh: '已停用', en: 'shut' }
  return tellDone(terminal, options, body.confirm ? shut : { zh: '未同意停用', en: 'left open' })
}

async function onPerson(
  terminal: Terminal,
  options: AccountOptions,
  account: string,
  act: (client: AccessClient, personId: string) => Promise<string>,
): Promise<string> {
  return withAccess(terminal, options, async (client) => act(client, await personIdOf(client, account)))
}

function tellDone(terminal: Terminal, options: AccountOptions, done: { zh: string; en: string }): ExitCode {
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}

function roleName(role: Role, language: Language): string {
  return language === 'zh' ? (roleNames.get(role) ?? role) : role
}
