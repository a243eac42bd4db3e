import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { OpeningCause } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { lockOffices, officeHolders } from './offices.ts'
import { hashPassword, newFirstPassword } from './password.ts'
import { enterPerson, factsOf, lockPerson, type NewPerson } from './person.ts'
import { anyOf, mayRelease, releaseRight, releasingOffices } from './release-rules.ts'
import { endSessionsOf } from './session-end.ts'
import { handOfMaker, usableSpares } from './spare-hands.ts'

/** What is given to a person's hand by whoever made or reset his account. It opens nothing without the releaser's code. */
export interface FirstSecret {
  /** Answered once. */
  readonly firstPassword: string
  readonly expiresAt: Date
}

/**
 * Makes an account that opens when another person has released it.
 *
 * @returns besides the first password the ids of people in service who have the same name
 * @throws conflict when the account name is taken
 */
export async function createPerson(
  db: Db,
  clock: Clock,
  actor: Signer,
  person: NewPerson,
): Promise<FirstSecret & { id: string; sameNameAs: string[] }> {
  const firstPassword = newFirstPassword()
  const passwordHash = await hashPassword(firstPassword)
  const id = newId(clock.now())
  return db.transaction().execute(async (trx) => {
    const expiresAt = await secretExpiry(trx, clock.now())
    const sameNameAs = await inServiceNamed(trx, person.name)
    const event = await recordEvent(trx, 'person.created', {
      clock,
      by: actor,
      subjects: accountSubjects(id),
      details: {
        ...factsOf(person),
        awaitsRelease: true,
        expiresAt: expiresAt.toISOString(),
        ...(sameNameAs.length > 0 && { sameNameAs }),
      },
    })
    await enterPerson(trx, { ...person, id, passwordHash, awaitsRelease: true, createdAt: event.at })
    await keepProposersSeat(trx, actor, event)
    await enterOpening(trx, { event, personId: id, cause: 'created', madeBy: actor.id, expiresAt })
    return { id, firstPassword, expiresAt, sameNameAs }
  })
}

/**
 * Gives a person a new first password, which opens the account when another person has released it; his sessions end.
 *
 * @throws not_found; conflict for a shut or one's own account, and where nobody is there who could release it
 */
export async function resetPassword(db: Db, clock: Clock, actor: Signer, personId: string): Promise<FirstSecret> {
  const firstPassword = newFirstPassword()
  const passwordHash = await hashPassword(firstPassword)
  return db.transaction().execute(async (trx) => {
    const inService = await lockOffices(trx)
    const person = await lockPerson(trx, personId)
    if (person.disabled_at) throw new Fault('conflict', 'this account is shut: a shut account gets no password')
    if (person.id === actor.id) {
      throw new Fault('conflict', 'nobody resets his own password: change it, or ask somebody else to reset it')
    }
    const holders = await officeHolders(trx, inService, { madeBy: actor, at: clock.now() })
    const opening = { personId, role: person.role, madeBy: actor }
    const canRelease = holders.some((one) => one.canSignIn && mayRelease(releaseRight(one, opening, holders)))
    if (!canRelease && !(await hasSpareOfOthers(trx, { personId, madeBy: actor, at: clock.now() }))) {
      throw new Fault(
        'conflict',
        `nobody could release this account if you reset it: that takes ${anyOf(releasingOffices(person.role))} who can sign in and is neither you nor this person, or a sealed spare code that you did not seal`,
      )
    }
    await trx
      .updateTable('person')
      .set({
        password_hash: passwordHash,
        must_change_password: true,
        awaits_release: true,
        failed_sign_ins: 0,
        locked_until: null,
      })
      .where('id', '=', personId)
      .execute()
    await endSessionsOf(trx, clock, { personId, reason: 'password_reset', actor })
    const expiresAt = await secretExpiry(trx, clock.now())
    const event = await recordEvent(trx, 'person.password_reset', {
      clock,
      by: actor,
      subjects: accountSubjects(personId),
      details: { awaitsRelease: true, expiresAt: expiresAt.toISOString() },
    })
    await keepProposersSeat(trx, actor, event)
    await enterOpening(trx, { event, personId, cause: 'reset', madeBy: actor.id, expiresAt })
    return { firstPassword, expiresAt }
  })
}

/** Whether an envelope could open this account with a first password that `madeBy` gives. */
async function hasSpareOfOthers(trx: Trx, reset: { personId: string; madeBy: Signer; at: Date }): Promise<boolean> {
  const { personId, madeBy, at } = reset
  for (const { hands } of await usableSpares(trx, at, personId)) {
    if ((await handOfMaker(trx, { madeBy, hands, at })) === null) return true
  }
  return false
}

/** Until when a first password or a code that is given at `from` may be used. */
export async function secretExpiry(trx: Trx, from: Date): Promise<Date> {
  return workingDaysAfter(trx, from, await settingValue(trx, 'account.secret_working_days', from))
}

/** The person's newest opening, which alone counts; undefined for an account of `custody setup` that was never reset. */
export function lockNewestOpening(trx: Trx, personId: string) {
  return trx
    .selectFrom('account_opening')
    .where('person_id', '=', personId)
    .selectAll()
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
}

async function enterOpening(
  trx: Trx,
  opening: {
    event: { id: string; at: Date }
    personId: string
    cause: OpeningCause
    madeBy: string
    expiresAt: Date
  },
): Promise<void> {
  await trx
    .insertInto('account_opening')
    .values({
      id: opening.event.id,
      person_id: opening.personId,
      cause: opening.cause,
      made_by: opening.madeBy,
      made_at: opening.event.at,
      expires_at: opening.expiresAt,
    })
    .execute()
}

async function inServiceNamed(trx: Trx, name: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('person')
    .where('name', '=', name)
    .where('disabled_at', 'is', null)
    .select('id')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map(({ id }) => id)
}
