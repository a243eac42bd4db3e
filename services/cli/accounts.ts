import type { Role } from '../custody/roles/roles.ts'
import { roles } from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import { textFault } from '../foundation/stored-text.ts'
import { readCsv, refuseLines } from './csv.ts'
import type { Terminal } from './terminal.ts'

export interface WantedAccount {
  readonly role: Role
  readonly name: string
  readonly account: string
  readonly officerNumber: string | null
  readonly certificateNumber: string | null
}

/** Roles by the words that people use. */
export const chineseRoles: Readonly<Record<string, Role>> = {
  执法人员: 'officer',
  资料管理员: 'custodian',
  法制办: 'auditor',
  法制审核: 'legal_reviewer',
  分管领导: 'supervisor',
  受委托领导: 'deputy',
  系统管理员: 'administrator',
  执法辅助人员: 'assistant',
}

/** Reads `role:name:account` from the command line. @throws bad_request */
export function parseAccount(text: string): WantedAccount {
  const [role = '', name = '', account = '', ...rest] = text.split(':').map((part) => part.trim())
  const problems = problemsOf({ role, name, account })
  if (rest.length > 0) problems.push('three parts, role:name:account')
  if (problems.length > 0) throw new Fault('bad_request', `--account ${text}: ${problems.join('; ')}`)
  return { role: roleOf(role)!, name, account, officerNumber: null, certificateNumber: null }
}

/** Reads a table of accounts: role,name,account and, if known, officer_number,certificate_number. @throws bad_request */
export async function readAccounts(path: string): Promise<WantedAccount[]> {
  const rows = await readCsv(path, {
    required: ['role', 'name', 'account'],
    optional: ['officer_number', 'certificate_number'],
  })
  const problems = rows.flatMap(({ line, cells }) =>
    problemsOf({ role: cells.role!, name: cells.name!, account: cells.account! }).map((problem) => ({ line, problem })),
  )
  refuseLines(path, problems)
  return rows.map(({ cells }) => ({
    role: roleOf(cells.role!)!,
    name: cells.name!,
    account: cells.account!,
    officerNumber: cells.officer_number || null,
    certificateNumber: cells.certificate_number || null,
  }))
}

/** Asks for one account a role; an empty answer leaves a role out. */
export async function askAccounts(terminal: Terminal): Promise<WantedAccount[]> {
  const { person } = terminal
  if (!person) return []
  const accounts: WantedAccount[] = []
  terminal.err('First accounts, one a role; an empty name leaves it out. More can be made by the administrator later.')
  for (const [chinese, role] of Object.entries(chineseRoles)) {
    const name = (await person.ask(`${chinese} (${role}), name: `)).trim()
    if (name === '') continue
    const account = (await person.ask('  account: ')).trim()
    accounts.push(parseAccount(`${role}:${name}:${account}`))
  }
  return accounts
}

/** @throws bad_request when two are to have the same account name */
export function requireDistinct(accounts: readonly WantedAccount[]): void {
  const names = accounts.map(({ account }) => account)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw new Fault('bad_request', `the account ${twice} is named twice`)
}

/** A role by its word in English or Chinese. @throws bad_request */
export function parseRole(text: string): Role {
  const role = roleOf(text)
  if (role) return role
  const known = [...roles, ...Object.keys(chineseRoles)].join(', ')
  throw new Fault('bad_request', `role: not one of ${known}: '${text}'`)
}

function roleOf(text: string): Role | undefined {
  return chineseRoles[text] ?? roles.find((role) => role === text)
}

function problemsOf(cells: { role: string; name: string; account: string }): string[] {
  const problems: string[] = []
  if (!roleOf(cells.role)) {
    problems.push(`role: not one of ${[...roles, ...Object.keys(chineseRoles)].join(', ')}: '${cells.role}'`)
  }
  if (cells.name === '' || cells.name.length > 100) problems.push('name: 1 to 100 characters')
  const fault = textFault(cells.name)
  if (fault) problems.push(`name: ${fault}`)
  if (!/^[a-z0-9._-]{2,64}$/.test(cells.account)) {
    problems.push(`account: 2 to 64 of a-z, 0-9, dot, hyphen, underscore: '${cells.account}'`)
  }
  return problems
}
