import { hash, randomBytes } from 'node:crypto'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import type { SignInRefusal } from '../events/words.ts'
import { recordRefusal } from '../roles/refusal.ts'
import type { Role } from '../roles/roles.ts'
import { useOpening } from './opening-use.ts'
import { hashPassword, nobodysHash, passwordMatches, requireGoodPassword } from './password.ts'
import { defaultSessionLimits, type SessionLimits, sessionHashOf } from './session.ts'
import { endSessionsOf } from './session-end.ts'
import { refuseUnknownAccount } from './unknown-account.ts'

export interface SignInRules extends SessionLimits {
  /** So many wrong passwords in a row … */
  readonly failuresMax: number
  /** … shut the account for this long. */
  readonly lockOutMs: number
}

export const defaultSignInRules: SignInRules = { ...defaultSessionLimits, failuresMax: 5, lockOutMs: 15 * 60_000 }

export interface NewSession {
  /** 32 random bytes, base64url. Shown once; only its SHA-256 is stored. */
  readonly token: string
  readonly expiresAt: Date
  readonly mustChangePassword: boolean
  readonly person: { readonly id: string; readonly name: string; readonly role: Role }
}

/** Where somebody signs in from. */
interface SignInSeat {
  readonly address: string
  /** SHA-256 of the mark that the browser keeps; absent for the command line. */
  readonly browserMark?: Buffer | null
}

type Outcome = { readonly session: NewSession } | { readonly refused: SignInRefusal }

/**
 * Opens a session. A new or reset account takes first password and release code together. Every refusal reads the same and takes as long as any other: which accounts exist, are shut or locked
 * is told to nobody but the log.
 *
 * @throws not_signed_in; too_many_requests when too many others are signing in
 */
export async function signIn(
  db: Db,
  clock: Clock,
  attempt: { account: string; password: string; code?: string } & SignInSeat,
  rules: SignInRules = defaultSignInRules,
): Promise<NewSession> {
  const known = await db
    .selectFrom('person')
    .where('account', '=', attempt.account)
    .select(['id', 'password_hash'])
    .executeTakeFirst()
  const matches = await passwordMatches(attempt.password, known?.password_hash ?? nobodysHash)
  // The answer is a value, so that the refusal's event is committed with the counter.
  const outcome = await db
    .transaction()
    .execute((trx) =>
      known
        ? decide(trx, clock, { personId: known.id, checkedHash: known.password_hash, matches, ...attempt }, rules)
        : refuseUnknownAccount(trx, clock, attempt.address),
    )
  if ('session' in outcome) return outcome.session
  throw new Fault(
    'not_signed_in',
    `account, password or code is wrong, or the account is not open; after ${rules.failuresMax} wrong ones it is shut for ${Math.round(rules.lockOutMs / 60_000)} minutes`,
  )
}

async function decide(
  trx: Trx,
  clock: Clock,
  attempt: { personId: string; checkedHash: string; matches: boolean; code?: string } & SignInSeat,
  rules: SignInRules,
): Promise<Outcome> {
  const person = await trx
    .selectFrom('person')
    .where('id', '=', attempt.personId)
    .selectAll()
    .forUpdate()
    .executeTakeFirstOrThrow()
  const actor = { id: person.id, role: person.role }
  const refuse = async (reason: SignInRefusal): Promise<Outcome> => {
    await recordRefusal(trx, clock, 'session.refused', { actor, details: { reason, address: attempt.address } })
    return { refused: reason }
  }
  if (person.disabled_at) return refuse('person_disabled')
  if (person.locked_until && person.locked_until > clock.now()) return refuse('locked_out')
  // The password was changed while this attempt was being checked.
  if (person.password_hash !== attempt.checkedHash) return refuse('wrong_password')
  if (!attempt.matches) {
    await countFailure(trx, clock, { person, address: attempt.address }, rules)
    return refuse('wrong_password')
  }
  const { code, address, browserMark } = attempt
  const { must_change_password: isFirst, awaits_release: awaitsRelease, created_at: createdAt } = person
  const closed =
    isFirst || awaitsRelease ? await useOpening(trx, clock, actor, { code, awaitsRelease, createdAt }) : null
  if (closed === 'wrong_code' || closed === 'spare_not_opened')
    await countFailure(trx, clock, { person, address }, rules)
  if (closed) return refuse(closed)
  return { session: await openSession(trx, clock, { person, address, browserMark }, rules) }
}

async function countFailure(
  trx: Trx,
  clock: Clock,
  failure: { person: { id: string; role: Role; failed_sign_ins: number }; address: string },
  rules: SignInRules,
): Promise<void> {
  const failures = failure.person.failed_sign_ins + 1
  const locked = failures >= rules.failuresMax
  const lockedUntil = new Date(clock.now().getTime() + rules.lockOutMs)
  await trx
    .updateTable('person')
    .set(locked ? { failed_sign_ins: 0, locked_until: lockedUntil } : { failed_sign_ins: failures })
    .where('id', '=', failure.person.id)
    .execute()
  if (!locked) return
  await recordEvent(trx, 'session.locked_out', {
    clock,
    by: failure.person,
    subjects: [{ type: 'person', id: failure.person.id }],
    details: { failures, lockedUntil: lockedUntil.toISOString(), address: failure.address },
  })
}

async function openSession(
  trx: Trx,
  clock: Clock,
  opening: { person: { id: string; name: string; role: Role; must_change_password: boolean } } & SignInSeat,
  rules: SignInRules,
): Promise<NewSession> {
  const { person, address, browserMark = null } = opening
  const now = clock.now()
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + rules.totalMs)
  await trx.updateTable('person').set({ failed_sign_ins: 0, locked_until: null }).where('id', '=', person.id).execute()
  await trx
    .insertInto('session')
    .values({
      token_hash: sessionHashOf(token),
      person_id: person.id,
      created_at: now,
      last_seen_at: now,
      expires_at: expiresAt,
      address,
      browser_mark: browserMark,
    })
    .execute()
  await recordEvent(trx, 'session.opened', {
    clock,
    by: person,
    subjects: [{ type: 'person', id: person.id }],
    details: {
      address,
      expiresAt: expiresAt.toISOString(),
      // Enough to see that two sessions were of one browser, and nothing that could stand for it.
      ...(browserMark && { browser: hash('sha256', browserMark, 'hex').slice(0, 16) }),
    },
  })
  return {
    token,
    expiresAt,
    mustChangePassword: person.must_change_password,
    person: { id: person.id, name: person.name, role: person.role },
  }
}

/** Ends the session it was asked in. */
export async function signOut(
  db: Db,
  clock: Clock,
  session: { personId: string; role: string; sessionHash: Buffer },
): Promise<void> {
  await db.transaction().execute((trx) =>
    endSessionsOf(trx, clock, {
      personId: session.personId,
      reason: 'signed_out',
      actor: { id: session.personId, role: session.role },
      tokenHash: session.sessionHash,
    }),
  )
}

/**
 * Changes the password of whoever is signed in and ends his other sessions. A wrong old password counts as a failed
 * sign-in, so that an open screen does not let anybody guess.
 *
 * @throws not_signed_in when the old one is wrong; bad_request when the new one breaks a rule.
 */
export async function changePassword(
  db: Db,
  clock: Clock,
  change: { personId: string; role: string; sessionHash: Buffer; old: string; new: string; address: string },
  rules: SignInRules = defaultSignInRules,
): Promise<void> {
  const known = await db
    .selectFrom('person')
    .where('id', '=', change.personId)
    .select(['account', 'password_hash'])
    .executeTakeFirstOrThrow()
  const matches = await passwordMatches(change.old, known.password_hash)
  if (matches) requireGoodPassword(change.new, { account: known.account, old: change.old })
  const passwordHash = matches ? await hashPassword(change.new) : ''
  const actor = { id: change.personId, role: change.role }
  const changed = await db.transaction().execute(async (trx) => {
    const person = await trx
      .selectFrom('person')
      .where('id', '=', change.personId)
      .selectAll()
      .forUpdate()
      .executeTakeFirstOrThrow()
    const locked = person.locked_until !== null && person.locked_until > clock.now()
    if (!matches || locked || person.password_hash !== known.password_hash) {
      if (!locked) await countFailure(trx, clock, { person, address: change.address }, rules)
      const reason = locked ? 'locked_out' : 'wrong_password'
      await recordRefusal(trx, clock, 'session.refused', { actor, details: { reason, address: change.address } })
      return false
    }
    await trx
      .updateTable('person')
      .set({ password_hash: passwordHash, must_change_password: false, failed_sign_ins: 0 })
      .where('id', '=', change.personId)
      .execute()
    const { personId, sessionHash } = change
    // It takes locks, and the time of an event is taken after them.
    await endSessionsOf(trx, clock, { personId, reason: 'password_changed', actor, exceptTokenHash: sessionHash })
    await recordEvent(trx, 'person.password_changed', {
      clock,
      by: actor,
      subjects: accountSubjects(personId),
      details: {},
    })
    return true
  })
  if (!changed) throw new Fault('not_signed_in', 'the old password is wrong')
}
