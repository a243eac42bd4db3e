import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { Office } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { settingValue } from '../settings/value.ts'
import type { Name } from './one-person.ts'

/**
 * An account that was made a short while ago, and who opened it for its holder. What came after its first opening counts
 * no more than with an old account: a forgotten password makes nobody anew.
 */
export interface NewAccount {
  readonly personId: string
  /** Who gave it a first password; of a deputy also in whose place. */
  readonly madeBy: readonly string[]
  readonly releasedBy: readonly string[]
  readonly isReleasedByBoth: boolean
}

/** Two names of which one may be the other's invention. */
export interface Dependence {
  readonly personId: string
  readonly openedBy: string
}

/**
 * Whether the names under an act may all be one person's: his own, and new accounts that he released, or that such an
 * account released. Where there are two names, it is enough that the one made the other's account. An account that both
 * offices released stands by itself, and a deputy stands for whoever appointed him. Null when the names are independent, or
 * there is one only.
 */
export function dependenceAmong(names: readonly Name[], newAccounts: readonly NewAccount[]): Dependence | null {
  const different = new Set(names.map(({ id }) => id))
  if (different.size < 2) return null
  const candidates = newAccounts.filter(
    ({ personId, isReleasedByBoth }) => different.has(personId) && !isReleasedByBoth,
  )
  for (const one of different) {
    const principals = names.flatMap(({ id, onBehalfOf }) => (id === one && onBehalfOf ? [onBehalfOf] : []))
    const his = new Set([one, ...principals])
    let latest: Dependence | null = null
    for (let grew = true; grew; ) {
      grew = false
      for (const { id, onBehalfOf } of names) {
        if (onBehalfOf === undefined || his.has(id) || !his.has(onBehalfOf)) continue
        his.add(id)
        grew = true
      }
      for (const { personId, madeBy, releasedBy } of candidates) {
        const openers = different.size === 2 ? [...releasedBy, ...madeBy] : releasedBy
        const openedBy = openers.find((opener) => his.has(opener))
        if (his.has(personId) || openedBy === undefined) continue
        his.add(personId)
        latest = { personId, openedBy }
        grew = true
      }
    }
    if ([...different].every((name) => his.has(name)) && latest) return latest
  }
  return null
}

/** Those of these people whose accounts are new at `at`, by the setting `account.new_days`. */
export async function newAccountsOf(db: Db, personIds: readonly string[], at: Date): Promise<NewAccount[]> {
  if (personIds.length === 0) return []
  const days = await settingValue(db, 'account.new_days', at)
  const since = new Date(at.getTime() - days * 24 * 60 * 60_000)
  const rows = await db
    .selectFrom('account_opening')
    .where('person_id', 'in', [...personIds])
    .where('made_at', '>', since)
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
  const ids = signing.names.map(({ id }) => id)
  const dependence = dependenceAmong(signing.names, await newAccountsOf(db, ids, signing.at))
  return dependence && dependenceFault(db, dependence, signing.at)
}

async function dependenceFault(db: Db, { personId, openedBy }: Dependence, at: Date): Promise<Fault> {
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
  const missing = opening?.office ? otherOffice(opening.office) : null
  const whoElse = missing === null ? 'the two offices' : missing === 'auditor' ? 'an auditor' : 'a supervisor'
  return new Fault(
    'conflict',
    `the account of ${await nameOf(personId)} was made less than ${days} days ago and opened by ${await nameOf(openedBy)}: ` +
      `they do not sign alone together. Somebody whose account neither of them opened must sign too, ${whoElse} must release that account as well, or somebody of another office signs as third`,
    { details: { personId, openedBy } },
  )
}

/** The office whose release counts besides. */
function otherOffice(office: Office): Office {
  return office === 'supervisor' ? 'auditor' : 'supervisor'
}
