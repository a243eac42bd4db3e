import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { PersonTable } from '../../foundation/db/schema/people.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { Role } from '../roles/roles.ts'
import { hashPassword, newFirstPassword } from './password.ts'
import { endSessionsOf } from './session-end.ts'

export interface NewPerson {
  readonly name: string
  readonly role: Role
  readonly account: string
  readonly officerNumber?: string | null
  readonly certificateNumber?: string | null
}

/**
 * Roles that see footage, or sign for who does. An account of theirs that the administrator made or reset stays shut
 * until supervisor or auditor release it: whoever hands out passwords must not be able to make himself custodian.
 */
const rolesToRelease: readonly Role[] = ['custodian', 'supervisor', 'auditor']

/**
 * Makes an account with a first password, which is answered once and must be changed at the first sign-in. `released`
 * opens it at once: only for the very first accounts, when nobody is there who could release them.
 *
 * @throws conflict when the account name is taken.
 */
export async function createPerson(
  db: Db,
  clock: Clock,
  actor: Actor,
  person: NewPerson,
  options: { released?: boolean } = {},
): Promise<{ id: string; firstPassword: string; awaitsRelease: boolean }> {
  const firstPassword = newFirstPassword()
  const passwordHash = await hashPassword(firstPassword)
  const awaitsRelease = !options.released && rolesToRelease.includes(person.role)
  const id = newId(clock.now())
  await db.transaction().execute(async (trx) => {
    const { at } = await recordEvent(trx, 'person.created', {
      ...actOn(id, clock, actor),
      details: { role: person.role, account: person.account, awaitsRelease },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('person')
      .values({
        id,
        name: person.name,
        role: person.role,
        account: person.account,
        officer_number: person.officerNumber ?? null,
        certificate_number: person.certificateNumber ?? null,
        password_hash: passwordHash,
        awaits_release: awaitsRelease,
        created_at: at,
      })
      .onConflict((conflict) => conflict.column('account').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', `there is already an account ${person.account}: choose another name`)
    }
  })
  return { id, firstPassword, awaitsRelease }
}

/** Shuts an account for good: its sessions and viewings end in the same transaction. Shutting it again does nothing. */
export async function disablePerson(db: Db, clock: Clock, actor: Actor, personId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const person = await lockPerson(trx, personId)
    if (person.disabled_at) return
    if (person.id === actor.id) throw new Fault('conflict', 'nobody shuts his own account: ask another administrator')
    await endSessionsOf(trx, clock, { personId, reason: 'person_disabled', actor })
    const { at } = await recordEvent(trx, 'person.disabled', { ...actOn(personId, clock, actor), details: {} })
    await trx.updateTable('person').set({ disabled_at: at }).where('id', '=', personId).execute()
  })
}

/** Gives a person a new first password, answered once; his sessions end. */
export async function resetPassword(
  db: Db,
  clock: Clock,
  actor: Actor,
  personId: string,
): Promise<{ firstPassword: string; awaitsRelease: boolean }> {
  const firstPassword = newFirstPassword()
  const passwordHash = await hashPassword(firstPassword)
  return db.transaction().execute(async (trx) => {
    const person = await lockPerson(trx, personId)
    if (person.disabled_at) throw new Fault('conflict', 'this account is shut: a shut account gets no password')
    const awaitsRelease = rolesToRelease.includes(person.role)
    await trx
      .updateTable('person')
      .set({
        password_hash: passwordHash,
        must_change_password: true,
        awaits_release: awaitsRelease,
        failed_sign_ins: 0,
        locked_until: null,
      })
      .where('id', '=', personId)
      .execute()
    await endSessionsOf(trx, clock, { personId, reason: 'password_reset', actor })
    await recordEvent(trx, 'person.password_reset', { ...actOn(personId, clock, actor), details: { awaitsRelease } })
    return { firstPassword, awaitsRelease }
  })
}

/** The second person's word that an account of `rolesToRelease` may be used. Nobody releases himself. */
export async function releasePerson(db: Db, clock: Clock, actor: Actor, personId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const person = await lockPerson(trx, personId)
    if (person.id === actor.id) throw new Fault('conflict', 'nobody releases his own account')
    if (!person.awaits_release) return
    await trx.updateTable('person').set({ awaits_release: false }).where('id', '=', personId).execute()
    await recordEvent(trx, 'person.released', { ...actOn(personId, clock, actor), details: { role: person.role } })
  })
}

export type PersonRow = Pick<
  PersonTable,
  'id' | 'name' | 'role' | 'account' | 'officer_number' | 'certificate_number'
> & { disabled_at: Date | null; locked_until: Date | null; awaits_release: boolean; created_at: Date }

/** Everybody, by name; without anything secret. */
export async function listPeople(db: Db): Promise<PersonRow[]> {
  return db
    .selectFrom('person')
    .select([
      'id',
      'name',
      'role',
      'account',
      'officer_number',
      'certificate_number',
      'disabled_at',
      'locked_until',
      'awaits_release',
      'created_at',
    ])
    .orderBy('name')
    .orderBy('id')
    .execute()
}

/** Who an account belongs to; null when there is none of this name. */
export async function personOfAccount(db: Db, account: string): Promise<{ id: string; role: Role } | null> {
  const row = await db.selectFrom('person').where('account', '=', account).select(['id', 'role']).executeTakeFirst()
  return row ?? null
}

async function lockPerson(trx: Trx, personId: string) {
  const person = await trx
    .selectFrom('person')
    .where('id', '=', personId)
    .select(['id', 'role', 'disabled_at', 'awaits_release'])
    .forUpdate()
    .executeTakeFirst()
  if (!person) throw new Fault('not_found', `there is no person ${personId}`)
  return person
}

function actOn(personId: string, clock: Clock, actor: Actor) {
  return { clock, by: actor, subjects: [{ type: 'person', id: personId }] }
}
