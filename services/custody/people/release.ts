import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { type Office, offices } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newOneTimeCode, oneTimeCodeHash } from '../../foundation/one-time-code.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import type { ThirdSigner } from '../events/signature.ts'
import { lockOfficeAccounts } from '../roles/office-accounts.ts'
import type { Role } from '../roles/roles.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { newAccountsOf } from '../signing/new-accounts.ts'
import { areOnePerson, type Name, nameBehind, nameIn } from '../signing/one-person.ts'
import type { Signer } from '../signing/seat.ts'
import { type InList, type Signature, signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { type InService, lockOffices, officeHolders } from './offices.ts'
import { lockNewestOpening, secretExpiry } from './opening.ts'
import { lockPerson } from './person.ts'
import { anyOf, holderBeside, releaseRight, releasingOffices } from './release-rules.ts'

export interface Release {
  /** Answered once, to be handed to the person; null for the second release, by the other office. */
  readonly code: string | null
  readonly codeExpiresAt: Date | null
  readonly effectiveFrom: Date
}

type Opening = NonNullable<Awaited<ReturnType<typeof lockNewestOpening>>>

/**
 * Says, as second person, that an account may be used. The first release gives the code without which the first password
 * opens nothing; the other office may release besides at any time, so that both stand for the account.
 *
 * @throws not_found; conflict naming the rule that is broken
 */
export async function releasePerson(db: Db, clock: Clock, actor: Signer, personId: string): Promise<Release> {
  return db.transaction().execute((trx) => releaseWithin(trx, clock, actor, { personId }))
}

/** `releasePerson` in the caller's transaction. */
export async function releaseWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  release: { personId: string; inList?: InList },
): Promise<Release> {
  const { personId, inList } = release
  const office = offices.find((one) => one === actor.role)
  if (!office) throw new Fault('wrong_role', 'an account is released by a supervisor or an auditor')
  const inService = await lockOffices(trx)
  const person = await lockPerson(trx, personId)
  const opening = await lockNewestOpening(trx, personId)
  if (person.disabled_at) throw new Fault('conflict', 'this account is shut')
  if (!opening) throw new Fault('conflict', 'this account waits for no release')
  if (opening.stopped_at) throw new Fault('conflict', 'the release of this account was stopped: reset its password')
  if (opening.used_at && !opening.released_by) {
    throw new Fault('conflict', 'this account was opened with a spare code: it waits for no release')
  }
  const now = clock.now()
  if (!opening.used_at && opening.expires_at <= now) {
    throw new Fault('conflict', 'the first password of this account has expired: reset it')
  }
  const madeBy = await nameIn(trx, { id: opening.id, actor: opening.made_by })
  const act = { clock, by: actor, personId, role: person.role, office, opening, madeBy, inList }
  requireAnother(act)
  return opening.released_by === null ? releaseFirst(trx, inService, act) : releaseAsWell(trx, act)
}

/** Locks an account whose newest opening is this one and waits for its first release. @throws not_found, conflict */
export async function requireWaitingOpening(
  trx: Trx,
  wanted: { personId: string; openingId: string },
): Promise<{ role: Role }> {
  await lockOffices(trx)
  const person = await lockPerson(trx, wanted.personId)
  const opening = await lockNewestOpening(trx, wanted.personId)
  if (opening?.id !== wanted.openingId) {
    throw new Fault('conflict', 'this account was reset since: look at its newest opening first')
  }
  if (opening.released_by) throw new Fault('conflict', 'this account was released already')
  return person
}

interface Act {
  readonly clock: Clock
  readonly by: Signer
  readonly personId: string
  readonly role: Role
  readonly office: Office
  readonly opening: Opening
  readonly madeBy: Name
  readonly inList: InList | undefined
}

/** Nobody releases himself or what he made himself, and nobody's deputy does it for him. */
function requireAnother({ by, personId, madeBy }: Act): void {
  if (areOnePerson(by, { id: personId })) throw new Fault('conflict', 'nobody releases his own account')
  if (areOnePerson(by, madeBy)) {
    throw new Fault('conflict', 'whoever gave the first password does not release the account: somebody else must')
  }
}

async function releaseFirst(trx: Trx, inService: readonly InService[], act: Act): Promise<Release> {
  const { clock, opening, office } = act
  const code = newOneTimeCode()
  const now = clock.now()
  const effectiveFrom = await effectOf(trx, inService, act)
  const codeExpiresAt = await secretExpiry(trx, effectiveFrom ?? now)
  const signature = await signed(trx, act)
  const event = await recordEvent(trx, 'person.released', {
    ...{ clock: act.clock, by: act.by, subjects: accountSubjects(act.personId) },
    details: {
      ...{ role: act.role, openingId: opening.id, office, codeExpiresAt: codeExpiresAt.toISOString() },
      ...(effectiveFrom && {
        effectiveFrom: effectiveFrom.toISOString(),
        passwordExpiresAt: codeExpiresAt.toISOString(),
      }),
      ...signature.details,
    },
  })
  await signature.keepSeat(event)
  const { at } = event
  await trx
    .updateTable('account_opening')
    .set({
      ...{ released_by: act.by.id, released_at: at, office, effective_from: effectiveFrom ?? at },
      ...{ code_hash: oneTimeCodeHash(code), code_expires_at: codeExpiresAt },
      ...(effectiveFrom && { expires_at: codeExpiresAt }),
    })
    .where('id', '=', opening.id)
    .execute()
  await trx.updateTable('person').set({ awaits_release: false }).where('id', '=', act.personId).execute()
  return { code, codeExpiresAt, effectiveFrom: effectiveFrom ?? at }
}

/** When the release takes effect if not at once. @throws conflict when it is somebody else's act */
async function effectOf(trx: Trx, inService: readonly InService[], act: Act): Promise<Date | null> {
  const { by, office, personId, role, madeBy } = act
  const now = act.clock.now()
  const holders = await officeHolders(trx, inService, { madeBy, at: now })
  const newAccounts = await newAccountsOf(trx, now)
  const right = releaseRight(holderBeside({ ...by, office }, madeBy, newAccounts), { personId, role, madeBy }, holders)
  if (right === 'at_once') return null
  if (right === 'after_wait') {
    return workingDaysAfter(trx, now, await settingValue(trx, 'account.wait_working_days', now))
  }
  const who = anyOf(releasingOffices(role))
  if (right === 'dependent') {
    const days = await settingValue(trx, 'account.new_days', now)
    const why = `the account of one of you has been in use for less than ${days} days and was opened by the other`
    throw new Fault(
      'conflict',
      `you do not open an account with whoever gave its first password: ${why}. Let ${who} release it for whom that is not so`,
    )
  }
  throw new Fault('conflict', `an account of the role ${role} is released by ${who}`)
}

/** The other office's release of what one office released. A wait ends with it, for nobody is left to stop it. */
async function releaseAsWell(trx: Trx, act: Act): Promise<Release> {
  const { by, opening } = act
  if (opening.confirmed_by) throw new Fault('conflict', 'both offices have released this account already')
  if (opening.office === act.office) {
    throw new Fault(
      'conflict',
      `this account was released by ${anyOf([act.office])} already: only the other office can release it as well`,
    )
  }
  const now = act.clock.now()
  const third = await thirdUnder(trx, act, now)
  const effectiveFrom = opening.effective_from!
  const isEarlier = effectiveFrom > now
  const signature = await signed(trx, act, third)
  const event = await recordEvent(trx, 'person.released', {
    ...{ clock: act.clock, by: act.by, subjects: accountSubjects(act.personId) },
    details: {
      ...{ role: act.role, openingId: opening.id, office: act.office, isSecond: true },
      ...(!isEarlier && { effectiveFrom: effectiveFrom.toISOString() }),
      ...signature.details,
    },
  })
  await signature.keepSeat(event)
  const { at } = event
  const effective = isEarlier ? at : effectiveFrom
  await trx
    .updateTable('account_opening')
    .set({ confirmed_by: by.id, confirmed_at: at, effective_from: effective })
    .where('id', '=', opening.id)
    .execute()
  return { code: null, codeExpiresAt: null, effectiveFrom: effective }
}

/** The third signature that a second release rests on, unless it is independent of the first and of the maker. @throws conflict */
async function thirdUnder(trx: Trx, { by, madeBy, personId, opening }: Act, at: Date): Promise<ThirdSigner | null> {
  const matter = { subjectId: personId, memberValue: null }
  const signing = { at, act: 'person.released', matter } as const
  const first = await nameBehind(trx, {
    ...{ by: opening.released_by!, kind: 'person.released', subject: `account:${personId}` },
    isIt: ({ openingId, isSecond }) => openingId === opening.id && isSecond !== true,
  })
  const third = await requireEnoughNames(trx, { ...signing, names: [by, madeBy] })
  return (await requireEnoughNames(trx, { ...signing, names: [by, first] })) ?? third
}

/** The releaser's signature over the event that made the opening, which is the newest that put the account up. */
function signed(trx: Trx, { clock, by, personId, inList }: Act, third: ThirdSigner | null = null): Promise<Signature> {
  return signatureOf(trx, clock, by, { kind: 'person.released', subjectId: personId, memberValue: null, inList, third })
}

/**
 * Ends a release that has not taken effect yet. The account stays shut until its password is reset and released anew.
 *
 * @throws not_found; conflict when no release of this account waits
 */
export async function stopRelease(
  db: Db,
  clock: Clock,
  actor: Signer,
  stop: { personId: string; reason: string },
): Promise<void> {
  const { personId, reason } = stop
  await db.transaction().execute(async (trx) => {
    await lockOfficeAccounts(trx)
    await lockPerson(trx, personId)
    const opening = await lockNewestOpening(trx, personId)
    if (!opening?.effective_from || opening.stopped_at || opening.effective_from <= clock.now()) {
      throw new Fault('conflict', 'no release of this account waits: only one that has not taken effect can be stopped')
    }
    const { at } = await recordEvent(trx, 'person.release_stopped', {
      clock,
      by: actor,
      subjects: accountSubjects(personId),
      details: { openingId: opening.id, reason },
    })
    const stopped = { stopped_by: actor.id, stopped_at: at }
    await trx.updateTable('account_opening').set(stopped).where('id', '=', opening.id).execute()
    await trx.updateTable('person').set({ awaits_release: true }).where('id', '=', personId).execute()
  })
}
