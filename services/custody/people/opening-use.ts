import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { oneTimeCodeHash, oneTimeCodeMatches } from '../../foundation/one-time-code.ts'
import { accountSubjects } from '../events/account.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { SignInRefusal } from '../events/words.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { nameIn } from '../signing/one-person.ts'
import { lockNewestOpening } from './opening.ts'
import { handOfMaker, spareHands } from './spare-hands.ts'

interface Given {
  readonly code: string | undefined
  /** Nobody has released the account yet, or the release was stopped. */
  readonly awaitsRelease: boolean
  /** When the account was made. */
  readonly createdAt: Date
}

type Opening = NonNullable<Awaited<ReturnType<typeof lockNewestOpening>>>

/**
 * Uses up the first password and the code of an account that waits for its holder, whose first password was right. Both
 * open this one session, and no other. The code is the releaser's, or that of an envelope which two people have opened.
 *
 * @returns why they open nothing; null when the session may be opened
 */
export async function useOpening(trx: Trx, clock: Clock, person: Actor, given: Given): Promise<SignInRefusal | null> {
  const opening = await lockNewestOpening(trx, person.id)
  if (!opening) return given.awaitsRelease ? 'awaits_release' : firstPasswordRefusal(trx, clock, given.createdAt)
  const spare = await spareOf(trx, person.id, given.code)
  if (spare && !opening.stopped_at) return useSpare(trx, clock, person, { opening, spare })
  if (given.awaitsRelease) return 'awaits_release'
  const { effective_from: effectiveFrom, code_hash: codeHash, code_expires_at: codeExpiresAt } = opening
  if (opening.stopped_at) return 'release_stopped'
  if (!effectiveFrom || !codeHash || !codeExpiresAt) return 'awaits_release'
  const now = clock.now()
  if (effectiveFrom > now) return 'release_not_effective'
  if (opening.used_at) return 'secret_used'
  if (opening.expires_at <= now || codeExpiresAt <= now) return 'secret_expired'
  if (given.code === undefined || !oneTimeCodeMatches(given.code, codeHash)) return 'wrong_code'
  await enterOpened(trx, clock, person, { opening, spareId: null })
  return null
}

/**
 * A first password of `custody setup` or of a recovery has no code, and whoever ran it may have kept it: it holds for so many
 * working days from then. After that the account is reset by one and released by another, as any.
 */
async function firstPasswordRefusal(trx: Trx, clock: Clock, createdAt: Date): Promise<SignInRefusal | null> {
  const now = clock.now()
  const days = await settingValue(trx, 'account.setup_secret_working_days', now)
  return (await workingDaysAfter(trx, createdAt, days)) <= now ? 'secret_expired' : null
}

/** The account's envelope in which this very code lies. A code of eighty random bits is found by its digest. */
async function spareOf(trx: Trx, personId: string, code: string | undefined) {
  if (code === undefined) return undefined
  return trx
    .selectFrom('sealed_spare')
    .where('person_id', '=', personId)
    .where('code_hash', '=', oneTimeCodeHash(code))
    .select(['id', 'person_id', 'sealed_by', 'asked_by', 'opened_by', 'opened_at', 'expires_at', 'used_at'])
    .forUpdate()
    .executeTakeFirst()
}

async function useSpare(
  trx: Trx,
  clock: Clock,
  person: Actor,
  use: { opening: Opening; spare: NonNullable<Awaited<ReturnType<typeof spareOf>>> },
): Promise<SignInRefusal | null> {
  const { opening, spare } = use
  const now = clock.now()
  if (!spare.opened_at || !spare.expires_at) return 'spare_not_opened'
  if (spare.used_at || opening.used_at) return 'secret_used'
  if (opening.expires_at <= now || spare.expires_at <= now) return 'secret_expired'
  const madeBy = await nameIn(trx, { id: opening.id, actor: opening.made_by })
  // It may have been opened, or even sealed, before the reset: only here both secrets are known to meet.
  if (await handOfMaker(trx, { madeBy, hands: await spareHands(trx, spare), at: now })) return 'spare_of_maker'
  const at = await enterOpened(trx, clock, person, { ...use, spareId: spare.id })
  await trx.updateTable('sealed_spare').set({ used_at: at }).where('id', '=', spare.id).execute()
  await trx.updateTable('person').set({ awaits_release: false }).where('id', '=', person.id).execute()
  return null
}

async function enterOpened(
  trx: Trx,
  clock: Clock,
  person: Actor,
  opened: { opening: Opening; spareId: string | null },
): Promise<Date> {
  const { opening, spareId } = opened
  const { at } = await recordEvent(trx, 'person.opened', {
    clock,
    by: person,
    subjects: accountSubjects(person.id),
    details: { openingId: opening.id, ...(spareId && { spareId }) },
  })
  await trx
    .updateTable('account_opening')
    .set({ used_at: at, spare_id: spareId })
    .where('id', '=', opening.id)
    .execute()
  return at
}
