import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { accountSubjects } from '../events/account.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { SignInRefusal } from '../events/words.ts'
import { lockNewestOpening } from './opening.ts'
import { releaseCodeMatches } from './release-code.ts'

/**
 * Uses up the first password and the code of an account that waits for its holder, whose first password was right. Both
 * open this one session, and no other.
 *
 * @returns why they open nothing; null when the session may be opened
 */
export async function useOpening(
  trx: Trx,
  clock: Clock,
  person: Actor,
  given: { code: string | undefined; address: string },
): Promise<SignInRefusal | null> {
  const opening = await lockNewestOpening(trx, person.id)
  // A first password of `custody setup` has no code.
  if (!opening) return null
  const { effective_from: effectiveFrom, code_hash: codeHash, code_expires_at: codeExpiresAt } = opening
  if (opening.stopped_at) return 'release_stopped'
  if (!effectiveFrom || !codeHash || !codeExpiresAt) return 'awaits_release'
  const now = clock.now()
  if (effectiveFrom > now) return 'release_not_effective'
  if (opening.used_at) return 'secret_used'
  if (opening.expires_at <= now || codeExpiresAt <= now) return 'secret_expired'
  if (given.code === undefined || !releaseCodeMatches(given.code, codeHash)) return 'wrong_code'
  const { at } = await recordEvent(trx, 'person.opened', {
    clock,
    by: person,
    subjects: accountSubjects(person.id),
    details: { openingId: opening.id, address: given.address },
  })
  await trx.updateTable('account_opening').set({ used_at: at }).where('id', '=', opening.id).execute()
  return null
}
