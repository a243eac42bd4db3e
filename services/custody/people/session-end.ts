import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import type { SessionEndReason } from '../events/words.ts'
import { endViewings, lockOpenViewings } from '../viewing/end.ts'

/**
 * Ends the person's open sessions (all, or the one of `tokenHash`, or all but `exceptTokenHash`) with one event, and with
 * them the viewings that were opened in them. Returns how many ended; none is no error.
 */
export async function endSessionsOf(
  trx: Trx,
  clock: Clock,
  sessions: {
    personId: string
    reason: SessionEndReason
    actor: Actor
    tokenHash?: Buffer
    exceptTokenHash?: Buffer
  },
): Promise<number> {
  let open = trx.selectFrom('session').where('person_id', '=', sessions.personId).where('ended_at', 'is', null)
  if (sessions.tokenHash) open = open.where('token_hash', '=', sessions.tokenHash)
  if (sessions.exceptTokenHash) open = open.where('token_hash', '<>', sessions.exceptTokenHash)
  const ended = await open.select('token_hash').orderBy('token_hash').forUpdate().execute()
  if (ended.length === 0) return 0
  const hashes = ended.map((row) => row.token_hash)
  await lockOpenViewings(trx, { sessionHashes: hashes })
  const { at } = await recordEvent(trx, 'session.ended', {
    clock,
    by: sessions.actor,
    subjects: [{ type: 'person', id: sessions.personId }],
    details: { reason: sessions.reason, sessions: ended.length },
  })
  await trx.updateTable('session').set({ ended_at: at }).where('token_hash', 'in', hashes).execute()
  await endViewings(trx, clock, { endKind: 'lost', actor: sessions.actor, sessionHashes: hashes })
  return ended.length
}
