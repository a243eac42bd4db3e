import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { Office } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { settingValue } from '../settings/value.ts'
import { areOnePerson, type Name } from './one-person.ts'

/**
 * An account that has been in use for a short while, or not yet, and who opened it for its holder. What came after its first
 * opening counts no more than with an old account: a forgotten password makes nobody anew.
 */
export interface NewAccount {
  readonly personId: string
  /** Who gave it a first password; of a deputy also in whose place. */
  readonly madeBy: readonly string[]
  readonly releasedBy: readonly string[]
  readonly isReleasedByBoth: boolean
}

/** Two names of which both may be one person's: a new account, and somebody behind it who is or stands behind the other. */
export interface Dependence {
  readonly personId: string
  readonly openedBy: string
}

/**
 * Whether no two of the names under an act are independent of one another. Behind an account that is new stand whoever
 * released it, or made it while his own account was new; behind those, whoever stands behind them, also where they are not
 * among the names. Two names are not independent when somebody stands behind both, or made the one and is, or stands behind,
 * the other. So two accounts that the same person released are one, and with them those of one pair of maker and releaser;
 * an administrator who made both, each with another releaser, is not behind both. An account that both offices released
 * stands by itself, and a deputy stands for whoever appointed him.
 *
 * Null when two of the names are independent, when there is one only, and when they are a deputy and his supervisor alone:
 * that those are one person is another rule.
 */
export function dependenceAmong(names: readonly Name[], newAccounts: readonly NewAccount[]): Dependence | null {
  const different = [...new Set(names.map(({ id }) => id))].map((id) => behind(id, names, newAccounts))
  let first: Dependence | null = null
  for (const [place, one] of different.entries()) {
    for (const other of different.slice(place + 1)) {
      const dependence = dependenceOfTwo(one, other)
      if (dependence === null && !one.names.some((name) => other.names.includes(name))) return null
      first ??= dependence
    }
  }
  return first
}

/** Whether these two are two people where an act needs two. */
export function areIndependent(one: Name, other: Name, newAccounts: readonly NewAccount[]): boolean {
  return !areOnePerson(one, other) && dependenceAmong([one, other], newAccounts) === null
}

interface Behind {
  /** The person and, of a deputy who acts, whoever appointed him. */
  readonly names: readonly string[]
  /** Whose invention he may be: each with the new account that leads to him; the names themselves lead to nobody. */
  readonly people: ReadonlyMap<string, string | null>
  /** Who made one of these accounts, by the account. */
  readonly makers: ReadonlyMap<string, string>
}

function behind(id: string, names: readonly Name[], newAccounts: readonly NewAccount[]): Behind {
  const principals = names.flatMap((name) => (name.id === id && name.onBehalfOf ? [name.onBehalfOf] : []))
  const own = [id, ...principals]
  const people = new Map<string, string | null>(own.map((one) => [one, null]))
  const makers = new Map<string, string>()
  const isNew = (one: string) =>
    newAccounts.some(({ personId, isReleasedByBoth }) => personId === one && !isReleasedByBoth)
  // A map that grows is walked to its end.
  for (const one of people.keys()) {
    for (const { personId, madeBy, releasedBy, isReleasedByBoth } of newAccounts) {
      if (personId !== one || isReleasedByBoth) continue
      for (const maker of madeBy) if (!makers.has(maker)) makers.set(maker, personId)
      for (const opener of [...releasedBy, ...madeBy.filter(isNew)])
        if (!people.has(opener)) people.set(opener, personId)
    }
  }
  return { names: own, people, makers }
}

function dependenceOfTwo(one: Behind, other: Behind): Dependence | null {
  for (const [person, account] of one.people) {
    const personId = account ?? other.people.get(person)
    if (other.people.has(person) && personId) return { personId, openedBy: person }
  }
  for (const [these, those] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const [maker, personId] of these.makers) if (those.people.has(maker)) return { personId, openedBy: maker }
  }
  return null
}

/**
 * Every account that is new at `at`: from its making until `account.new_days` after its first opening, so that one that was
 * made long ago and left shut is new on its first day. Accounts that needed no opening never are: those of `custody setup`.
 */
export async function newAccountsOf(db: Db, at: Date): Promise<NewAccount[]> {
  const days = await settingValue(db, 'account.new_days', at)
  const since = new Date(at.getTime() - days * 24 * 60 * 60_000)
  const rows = await db
    .selectFrom('account_opening as opening')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('account_opening as used')
            .whereRef('used.person_id', '=', 'opening.person_id')
            .where('used.used_at', '<=', since),
        ),
      ),
    )
    .select(['person_id', 'cause', 'made_by', 'released_by', 'confirmed_by', 'stopped_at', 'used_at'])
    .orderBy('made_at')
    .orderBy('id')
    .execute()
  const made = rows.filter(({ cause }) => cause === 'created')
  const principals = await principalsOf(
    db,
    made.map(({ person_id: personId }) => personId),
  )
  const withPrincipals = (personId: string, ids: readonly string[]) =>
    ids.flatMap((id) => [id, ...(principals.get(`${personId} ${id}`) ?? [])])
  return made.map(({ person_id: personId }) => {
    const own = rows.filter((row) => row.person_id === personId)
    const firstUsed = own.findIndex((row) => row.used_at !== null)
    const first = firstUsed < 0 ? own : own.slice(0, firstUsed + 1)
    return {
      personId,
      madeBy: withPrincipals(
        personId,
        first.map((row) => row.made_by),
      ),
      releasedBy: withPrincipals(
        personId,
        first.flatMap((row) => [row.released_by, row.confirmed_by].filter((id) => id !== null)),
      ),
      isReleasedByBoth: own.some((row) => row.confirmed_by !== null && row.stopped_at === null),
    }
  })
}

/** In whose place deputies made or released these accounts, by `account deputy`: their rows name the deputy only. */
async function principalsOf(db: Db, personIds: readonly string[]): Promise<Map<string, string[]>> {
  const principals = new Map<string, string[]>()
  if (personIds.length === 0) return principals
  const rows = await db
    .selectFrom('event')
    .where('kind', 'in', ['person.password_reset', 'person.released'])
    .where(sql<boolean>`subjects && ${personIds.map((id) => `account:${id}`)}::text[]`)
    .select('body')
    .execute()
  for (const { body: text } of rows) {
    const body = bodyOrNull(text)
    const personId = body?.subjects.find(({ type }) => type === 'account')?.id
    if (!body?.onBehalfOf || personId === undefined) continue
    const key = `${personId} ${body.actor}`
    principals.set(key, [...(principals.get(key) ?? []), body.onBehalfOf])
  }
  return principals
}

/**
 * The rule of `dependenceAmong` for an act that these people sign at `at`. Call it where the last of them signs.
 *
 * @throws conflict saying who else must sign
 */
export async function requireIndependentNames(db: Db, signing: { names: readonly Name[]; at: Date }): Promise<void> {
  const fault = await dependenceOf(db, signing)
  if (fault) throw fault
}

/** What is wrong with these names, as the fault that `requireIndependentNames` throws; null when they are independent. */
export async function dependenceOf(db: Db, signing: { names: readonly Name[]; at: Date }): Promise<Fault | null> {
  const dependence = dependenceAmong(signing.names, await newAccountsOf(db, signing.at))
  return dependence && dependenceFault(db, dependence, signing)
}

async function dependenceFault(
  db: Db,
  { personId, openedBy }: Dependence,
  { names, at }: { names: readonly Name[]; at: Date },
): Promise<Fault> {
  const days = await settingValue(db, 'account.new_days', at)
  const nameOf = async (id: string) => {
    const person = await db.selectFrom('person').where('id', '=', id).select(['name', 'account']).executeTakeFirst()
    return person ? `${person.name} (${person.account})` : id
  }
  const opening = await db
    .selectFrom('account_opening')
    .where('person_id', '=', personId)
    .where('released_by', 'is not', null)
    .select('office')
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isName = names.some(({ id, onBehalfOf }) => id === openedBy || onBehalfOf === openedBy)
  const missing = opening?.office ? otherOffice(opening.office) : null
  const whoElse = missing === null ? 'the two offices' : missing === 'auditor' ? 'an auditor' : 'a supervisor'
  return new Fault(
    'conflict',
    `the account of ${await nameOf(personId)} has been in use for less than ${days} days and was opened by ${await nameOf(openedBy)}${isName ? '' : ', who stands behind the other name as well'}: ` +
      `${isName ? 'they' : 'these two'} do not sign alone together. Somebody whose account none of them opened must sign too, ${whoElse} must release that account as well, or somebody of another office signs as third`,
    { details: { personId, openedBy } },
  )
}

/** The office whose release counts besides. */
function otherOffice(office: Office): Office {
  return office === 'supervisor' ? 'auditor' : 'supervisor'
}
