import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { accountSubjects } from '../events/account.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { Role } from '../roles/roles.ts'
import { appointFirstCustodian, custodianship } from './custodian.ts'
import { hashPassword, newFirstPassword } from './password.ts'
import { enterPerson, factsOf, type NewPerson } from './person.ts'

export interface FirstAccount {
  readonly id: string
  readonly account: string
  /** Answered once; must be changed at the first sign-in. */
  readonly firstPassword: string
}

/**
 * Makes the first accounts of a bureau, all in one transaction and only while there are none, and appoints the first
 * custodian among them. They need no release, for nobody is there who could: they count as released by both offices.
 * Accounts that are there as they are listed are passed over, so that the same list may be given again.
 *
 * @returns the new accounts, and the account of whoever took office
 * @throws bad_request when administrator, supervisor, auditor or custodian is missing; conflict, naming the account, when there are people already and it is not among them as listed
 */
export async function makeFirstAccounts(
  db: Db,
  clock: Clock,
  actor: Actor,
  people: readonly NewPerson[],
): Promise<{ made: FirstAccount[]; custodian: string | null }> {
  const secrets = (await hasPeople(db)) ? [] : await newSecrets(people.length)
  return db.transaction().execute(async (trx) => {
    await sql`lock table person in share row exclusive mode`.execute(trx)
    const made: FirstAccount[] = []
    if (await hasPeople(trx)) await requireKnown(trx, people)
    else {
      requireOffices(people)
      for (const [place, person] of people.entries()) {
        const { firstPassword, passwordHash } = secrets[place]!
        made.push({ ...(await makeReleasedAccount(trx, clock, actor, { ...person, passwordHash })), firstPassword })
      }
    }
    return { made, custodian: await appointOneOf(trx, clock, actor, people) }
  })
}

/** Later accounts are made by an administrator and released by the two offices; the first custodian is appointed here. */
function requireOffices(people: readonly NewPerson[]): void {
  const needed: readonly Role[] = ['administrator', 'supervisor', 'auditor', 'custodian']
  const missing = needed.filter((role) => !people.some((person) => person.role === role))
  if (missing.length === 0) return
  throw new Fault(
    'bad_request',
    `the first accounts name nobody of the role ${missing.join(', ')}: nobody else could open further accounts, or take the custodian's office`,
  )
}

async function hasPeople(db: Db): Promise<boolean> {
  return (await db.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** First passwords with their hashes. Hashing takes its time, so it is done before anything is locked. */
export async function newSecrets(count: number): Promise<{ firstPassword: string; passwordHash: string }[]> {
  const secrets: { firstPassword: string; passwordHash: string }[] = []
  while (secrets.length < count) {
    const firstPassword = newFirstPassword()
    secrets.push({ firstPassword, passwordHash: await hashPassword(firstPassword) })
  }
  return secrets
}

/**
 * Makes one account in the caller's transaction that needs no release, because nobody is there who could give it: it counts
 * as released by both offices.
 */
export async function makeReleasedAccount(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  person: NewPerson & { passwordHash: string },
): Promise<{ id: string; account: string }> {
  const id = newId(clock.now())
  const { at } = await recordEvent(trx, 'person.created', {
    clock,
    by: actor,
    subjects: accountSubjects(id),
    details: { ...factsOf(person), awaitsRelease: false },
  })
  await enterPerson(trx, { ...person, id, awaitsRelease: false, createdAt: at })
  return { id, account: person.account }
}

async function requireKnown(trx: Trx, people: readonly NewPerson[]): Promise<void> {
  for (const person of people) {
    const { name, role, officerNumber, certificateNumber } = factsOf(person)
    const known = await trx.selectFrom('person').where('account', '=', person.account).selectAll().executeTakeFirst()
    if (!known) {
      throw new Fault(
        'conflict',
        `${person.account}: setup makes accounts only while there are none. The administrator makes this one, and a supervisor or an auditor releases it`,
      )
    }
    const isSame =
      known.name === name &&
      known.role === role &&
      known.officer_number === officerNumber &&
      known.certificate_number === certificateNumber
    if (isSame) continue
    throw new Fault(
      'conflict',
      `${person.account}: this account is there already with other facts: ${known.name}, ${known.role}, officer number ${known.officer_number ?? 'none'}, certificate number ${known.certificate_number ?? 'none'}`,
    )
  }
}

/** The first custodian named takes office, unless somebody is in office. */
async function appointOneOf(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  people: readonly NewPerson[],
): Promise<string | null> {
  const first = people.find(({ role }) => role === 'custodian')
  if (!first || (await custodianship(trx)).custodian) return null
  const person = await trx
    .selectFrom('person')
    .where('account', '=', first.account)
    .select('id')
    .executeTakeFirstOrThrow()
  await appointFirstCustodian(trx, clock, actor, person.id)
  return first.account
}
