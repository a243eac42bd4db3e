import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { accountSubjects } from '../events/account.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { holdsTerm } from '../roles/term.ts'
import { areOnePerson, nameIn } from '../signing/one-person.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { type InService, lockOffices } from './offices.ts'
import { lockPerson } from './person.ts'
import { endSessionsOf } from './session-end.ts'

type LockedPerson = Awaited<ReturnType<typeof lockPerson>>

/**
 * Shuts an account for good that one person may shut: its sessions and viewings end in the same transaction. Shutting it
 * again does nothing. A request to shut it that waits is done with it.
 *
 * @throws not_found; conflict for one's own, for one that takes two people, and for one that cannot be shut
 */
export async function disablePerson(db: Db, clock: Clock, actor: Actor, personId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const inService = await lockOffices(trx)
    const person = await lockPerson(trx, personId)
    if (person.disabled_at) return
    await requireShuttable(trx, person, inService)
    if (takesTwo(person, inService)) {
      throw new Fault(
        'conflict',
        'this account is shut by two people: ask for it with a reason, then a supervisor or an auditor decides',
      )
    }
    if (person.id === actor.id) throw new Fault('conflict', 'nobody shuts his own account: ask another administrator')
    const asked = await openShutting(trx, personId)
    if (!asked) {
      await shut(trx, clock, actor, { personId })
      return
    }
    const { id: shuttingId, asked_by: askedBy, reason } = asked
    const at = await shut(trx, clock, actor, { personId, details: { shuttingId, askedBy, reason } })
    await close(trx, { shuttingId, by: actor.id, at, confirmed: true })
  })
}

/**
 * The first half of shutting a supervisor, an auditor or the last administrator. While the administrator is away, a
 * supervisor or an auditor may ask so for any account.
 *
 * @throws not_found; conflict when it was asked for already, when one person may shut it, and for one that cannot be shut
 */
export async function askShutting(
  db: Db,
  clock: Clock,
  actor: Actor,
  asked: { personId: string; reason: string },
): Promise<void> {
  const { personId, reason } = asked
  await db.transaction().execute(async (trx) => {
    const inService = await lockOffices(trx)
    const person = await lockPerson(trx, personId)
    if (person.disabled_at) throw new Fault('conflict', 'this account is shut already')
    await requireShuttable(trx, person, inService)
    if (actor.role === 'administrator' && !takesTwo(person, inService)) {
      throw new Fault('conflict', 'shutting this account takes no second person: shut it at once')
    }
    // Only the last administrator asks for himself: there is nobody else who could.
    if (person.id === actor.id && person.role !== 'administrator') {
      throw new Fault('conflict', 'nobody asks for the shutting of his own account')
    }
    if (await openShutting(trx, personId)) {
      throw new Fault(
        'conflict',
        'the shutting of this account was asked for already: a supervisor or an auditor decides',
      )
    }
    const event = await recordEvent(trx, 'person.shut_asked', { ...actOn(clock, actor, personId), details: { reason } })
    await trx
      .insertInto('account_shutting')
      .values({ id: event.id, person_id: personId, reason, asked_by: actor.id, asked_at: event.at })
      .execute()
  })
}

/**
 * The second person's half: shuts the account, or leaves it open.
 *
 * @throws not_found; conflict when nobody asked, for one's own account or request, for one that is shut, and for one that
 *   cannot be shut any more
 */
export async function decideShutting(
  db: Db,
  clock: Clock,
  actor: Actor,
  decision: { personId: string; confirm: boolean; reason: string },
): Promise<void> {
  const { personId, confirm, reason } = decision
  await db.transaction().execute(async (trx) => {
    const inService = await lockOffices(trx)
    const person = await lockPerson(trx, personId)
    // What asked for it may still be turned down: a recovery shuts accounts without asking anybody here.
    if (person.disabled_at && confirm) throw new Fault('conflict', 'this account is shut already')
    const asked = await openShutting(trx, personId)
    if (!asked) throw new Fault('conflict', 'nobody has asked for the shutting of this account')
    const asker = await nameIn(trx, { id: asked.id, actor: asked.asked_by })
    if (areOnePerson(actor, { id: personId })) {
      throw new Fault('conflict', 'nobody decides on the shutting of his own account')
    }
    if (areOnePerson(actor, asker)) throw new Fault('conflict', 'nobody decides on what he asked for himself')
    const shuttingId = asked.id
    if (confirm) await requireShuttable(trx, person, inService)
    const matter = { subjectId: personId, memberValue: null }
    const names = [asker, actor]
    const third = confirm
      ? await requireEnoughNames(trx, { names, at: clock.now(), act: 'person.disabled', matter })
      : null
    const details = { shuttingId, askedBy: asked.asked_by, reason, ...(third && { third }) }
    const at = confirm
      ? await shut(trx, clock, actor, { personId, details })
      : (
          await recordEvent(trx, 'person.shut_refused', {
            ...actOn(clock, actor, personId),
            details: { shuttingId, reason },
          })
        ).at
    await close(trx, { shuttingId, by: actor.id, at, confirmed: confirm })
  })
}

/** @throws conflict for the last supervisor, the last auditor and the custodian in office */
async function requireShuttable(trx: Trx, person: LockedPerson, inService: readonly InService[]): Promise<void> {
  if (isControl(person) && !hasColleague(person, inService)) {
    const which = person.role === 'auditor' ? 'auditor' : 'supervisor'
    throw new Fault(
      'conflict',
      `the last ${which} in service cannot be shut: make and release a successor first, who signs in once`,
    )
  }
  if (person.role === 'custodian' && (await holdsTerm(trx, person.id))) {
    throw new Fault('conflict', 'the custodian in office cannot be shut: hand the office over first')
  }
}

function takesTwo(person: LockedPerson, inService: readonly InService[]): boolean {
  return isControl(person) || (person.role === 'administrator' && !hasColleague(person, inService))
}

function isControl({ role }: LockedPerson): boolean {
  return role === 'supervisor' || role === 'auditor'
}

function hasColleague(person: LockedPerson, inService: readonly InService[]): boolean {
  return inService.some(({ id, role }) => role === person.role && id !== person.id)
}

/** Shuts an account in the caller's transaction, with its sessions and viewings; returns when. What it takes has been checked. */
export async function shut(
  trx: Trx,
  clock: Clock,
  actor: Actor,
  shutting: {
    personId: string
    details?: { shuttingId: string; askedBy: string; reason: string; third?: ThirdSigner }
  },
): Promise<Date> {
  const { personId, details = {} } = shutting
  await endSessionsOf(trx, clock, { personId, reason: 'person_disabled', actor })
  const { at } = await recordEvent(trx, 'person.disabled', { ...actOn(clock, actor, personId), details })
  await trx.updateTable('person').set({ disabled_at: at }).where('id', '=', personId).execute()
  return at
}

function openShutting(trx: Trx, personId: string) {
  return trx
    .selectFrom('account_shutting')
    .where('person_id', '=', personId)
    .where('decided_at', 'is', null)
    .select(['id', 'asked_by', 'reason'])
    .forUpdate()
    .executeTakeFirst()
}

async function close(
  trx: Trx,
  { shuttingId, by, at, confirmed }: { shuttingId: string; by: string; at: Date; confirmed: boolean },
): Promise<void> {
  await trx
    .updateTable('account_shutting')
    .set({ decided_by: by, decided_at: at, confirmed })
    .where('id', '=', shuttingId)
    .execute()
}

function actOn(clock: Clock, by: Actor, personId: string) {
  return { clock, by, subjects: accountSubjects(personId) }
}
