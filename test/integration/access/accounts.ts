import type { Role } from '../../../services/custody/roles/roles.ts'
import type { Answer, Bureau, Person, Session } from './bureau.ts'

const chosenPassword = '镇东街便民超市三号门岗登记'

/** Signs several people of the bureau in. */
export async function signInAs<Name extends keyof Bureau['people']>(
  bureau: Bureau,
  ...names: readonly Name[]
): Promise<Record<Name, Session>> {
  const sessions: Partial<Record<Name, Session>> = {}
  for (const name of names) sessions[name] = await bureau.signIn(bureau.people[name])
  return sessions as Record<Name, Session>
}

/** The administrator makes an account; another releases it; its holder opens it with both secrets and sets a password. */
export async function openAccount(
  bureau: Bureau,
  by: { maker: Session; releaser: Session },
  wanted: { name?: string; role: Role; account: string },
): Promise<Person> {
  const { name = '新来的同志', role, account } = wanted
  const made = await by.maker.call('POST', '/people', { name, role, account })
  if (made.status !== 201) throw new Error(`${account} is not made: ${JSON.stringify(made.body)}`)
  const released = await by.releaser.call('POST', `/people/${made.body.id}/release`)
  if (released.status !== 200) throw new Error(`${account} is not released: ${JSON.stringify(released.body)}`)
  return useSecrets(bureau, { id: made.body.id, role, account }, made.body.firstPassword, released.body.code)
}

/** What the holder of an account that was opened here has chosen. */
export function passwordOf(account: string): string {
  return `${chosenPassword}-${account.split('').reverse().join('')}`
}

/** Signs in with first password and code, and sets a password. */
export async function useSecrets(
  bureau: Bureau,
  person: { id: string; role: Role; account: string },
  firstPassword: string,
  code: string,
): Promise<Person> {
  const { account, role } = person
  const opened = await bureau.call('POST', '/session', { account, password: firstPassword, code })
  if (opened.status !== 201) throw new Error(`${account} is not opened: ${JSON.stringify(opened.body)}`)
  const authorization = `Bearer ${opened.body.token}`
  const password = passwordOf(account)
  const set = await bureau.call('PUT', '/session/password', { old: firstPassword, new: password }, { authorization })
  if (set.status !== 204) throw new Error(`${account} sets no password: ${JSON.stringify(set.body)}`)
  return { id: person.id, account, password, role: role === 'custodian' ? 'custodian_waiting' : role }
}

/** Looks at a list of light acts and signs its digest, as the command does; the answer of the look where that is refused. */
export async function signListed(
  by: Session,
  items: readonly { act: string; id: string; proposalId: string }[],
  confirmed = true,
): Promise<Answer> {
  const shown = await by.call('POST', '/signatures/lists?preview=true', { confirmed, items })
  if (shown.status !== 200) return shown
  return by.call('POST', '/signatures/lists', { confirmed, items, sha256: shown.body.sha256 })
}
