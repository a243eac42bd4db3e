import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import type { Actor } from '../events/actor.ts'
import { eventOf } from '../events/read.ts'
import { recordEvent } from '../events/record.ts'
import type { Role } from '../roles/roles.ts'
import { makeReleasedAccount, newSecrets } from './first-accounts.ts'
import { lockOffices, officesInService } from './offices.ts'
import type { NewPerson } from './person.ts'
import { shut } from './shutting.ts'

/** Without somebody in each of these offices a bureau cannot help itself. */
const offices = ['supervisor', 'auditor', 'administrator'] as const satisfies readonly Role[]
type Office = (typeof offices)[number]
/** An event has eight subjects at most, and each account is one. */
const accountsMax = 8
/** Who was seen within this time is not gone. */
const goneAfterMs = 30 * 24 * 60 * 60_000
const tellForMs = 90 * 24 * 60 * 60_000
const actor: Actor = { id: 'recovery', role: 'service' }

export interface RecoveredAccount {
  readonly role: Role
  readonly name: string
  readonly account: string
  readonly password: string
}

/**
 * Makes accounts for offices that are vacant, with first passwords; they count as released by both offices. `gone` are accounts
 * of people who are gone for good, which are shut in the same act: an office whose only holder died is vacant then. The caller
 * has proven that the keepers of enough shares agree.
 *
 * @throws conflict naming the office that is not vacant, or the person who was seen lately; bad_request
 */
export async function recoverPeople(
  db: Db,
  clock: Clock,
  recovery: {
    accounts: readonly NewPerson[]
    gone: readonly string[]
    shares: readonly number[]
    recipient: string
  },
): Promise<RecoveredAccount[]> {
  const { accounts, shares, recipient } = recovery
  if (accounts.length < 1 || accounts.length > accountsMax) {
    throw new Fault('bad_request', `--account: 1 to ${accountsMax} accounts, not ${accounts.length}`)
  }
  const secrets = await newSecrets(accounts.length)
  return db.transaction().execute(async (trx) => {
    // Two recoveries at one time would both find the office vacant.
    await sql`select pg_advisory_xact_lock(hashtext('custody recover-people'))`.execute(trx)
    await lockOffices(trx)
    const gone: string[] = []
    for (const account of new Set(recovery.gone)) gone.push(await shutGone(trx, clock, account))
    const vacant = await vacantOffices(trx)
    const filled = accounts.find(({ role }) => !vacant.includes(role as Office))
    if (filled) throw new Fault('conflict', notVacant(filled, vacant))
    const made: (RecoveredAccount & { id: string })[] = []
    for (const [place, person] of accounts.entries()) {
      const { firstPassword, passwordHash } = secrets[place]!
      const { role, name, account } = person
      const { id } = await makeReleasedAccount(trx, clock, actor, { ...person, passwordHash })
      made.push({ id, role, name, account, password: firstPassword })
    }
    await recordEvent(trx, 'bureau.recovered', {
      clock,
      by: actor,
      subjects: made.map(({ id }) => ({ type: 'account', id })),
      details: {
        shares: [...shares],
        recoveryRecipient: recipient,
        accounts: made.map(({ id, role, name, account }) => ({ id, role, name, account })),
        gone,
      },
    })
    return made.map(({ id: _, ...one }) => one)
  })
}

/** The offices in which nobody is in service; a password that waits for its release makes none vacant. */
export async function vacantOffices(db: Db): Promise<Office[]> {
  const held = await officesInService(db)
  return offices.filter((office) => !held.some(({ role }) => role === office))
}

export interface RecoveryNotice {
  readonly eventId: string
  readonly at: string
  readonly accounts: readonly { readonly role: string; readonly name: string; readonly account: string }[]
  /** Numbers of the shares that were used. */
  readonly shares: readonly number[]
}

/** What everybody is to be told: recoveries of the last 90 days, the newest first. */
export async function recoveryNotices(db: Db, at: Date): Promise<RecoveryNotice[]> {
  const rows = await db
    .selectFrom('event')
    .where('kind', '=', 'bureau.recovered')
    .where('at', '>', new Date(at.getTime() - tellForMs))
    .select(['id', 'body'])
    .orderBy('at', 'desc')
    .execute()
  return rows.flatMap(({ id, body }) => {
    const known = bodyOrNull(body)
    const event = known && eventOf(known, 'bureau.recovered')
    return event ? [{ eventId: id, at: event.at, accounts: event.details.accounts, shares: event.details.shares }] : []
  })
}

async function shutGone(trx: Trx, clock: Clock, account: string): Promise<string> {
  const person = await trx
    .selectFrom('person')
    .leftJoin('session', 'session.person_id', 'person.id')
    .where('account', '=', account)
    .groupBy(['person.id', 'person.role', 'person.created_at', 'person.disabled_at'])
    .select((select) => [
      'person.id',
      'person.disabled_at',
      'person.role',
      'person.created_at',
      select.fn.max('session.last_seen_at').as('seenAt'),
    ])
    .executeTakeFirst()
  if (!person) throw new Fault('bad_request', `--gone ${account}: there is no such account`)
  if (!(offices as readonly Role[]).includes(person.role)) {
    throw new Fault('bad_request', `--gone ${account}: only supervisors, auditors and administrators are shut this way`)
  }
  // An account is shut once.
  if (person.disabled_at) return person.id
  const seenAt = (person.seenAt as Date | null) ?? person.created_at
  if (seenAt.getTime() > clock.now().getTime() - goneAfterMs) {
    throw new Fault('conflict', `--gone ${account}: seen at ${seenAt.toISOString()}, less than 30 days ago: not gone`)
  }
  await shut(trx, clock, actor, { personId: person.id })
  return person.id
}

function notVacant(wanted: NewPerson, vacant: readonly Office[]): string {
  const open = vacant.length === 0 ? 'no office is vacant' : `vacant are: ${vacant.join(', ')}`
  return `--account ${wanted.account}: accounts are made this way for a vacant office only, and ${open}; others are opened by the administrator and released as usual`
}
