import type { Trx } from '../foundation/db/database.ts'
import { recordEvent } from './events.ts'
import type { Actor } from './permissions.ts'
import { endViewings } from './viewing-end.ts'

export type SessionEndReason =
  | 'signed_out'
  | 'idle'
  | 'too_old'
  | 'password_changed'
  | 'password_reset'
  | 'person_disabled'

/**
 * Ends the person's open sessions (all, or the one of `tokenHash`, or all but `exceptTokenHash`) with one event, and with
 * them the viewings that were opened in them. Returns how many ended; none is no error.
 */
export async function endSessionsOf(
  trx: Trx,
  now: Date,
  sessions: {
    personId: string
    reason: SessionEndReason
    actor: Actor
    tokenHash?: Buffer
    exceptTokenHash?: Buffer
  },
): Promise<number> {
  let update = trx
    .updateTable('session')
    .set({ ended_at: now })
    .where('person_id', '=', sessions.personId)
    .where('ended_at', 'is', null)
  if (sessions.tokenHash) update = update.where('token_hash', '=', sessions.tokenHash)
  if (sessions.exceptTokenHash) update = update.where('token_hash', '<>', sessions.exceptTokenHash)
  const ended = await update.returning('token_hash').execute()
  if (ended.length === 0) return 0
  await recordEvent(trx, {
    kind: 'session.ended',
    at: now,
    actor: sessions.actor.id,
    actorRole: sessions.actor.role,
    subjects: [{ type: 'person', id: sessions.personId }],
    details: { reason: sessions.reason, sessions: ended.length },
  })
  const hashes = ended.map((row) => row.token_hash)
  await endViewings(trx, now, { endKind: 'lost', actor: sessions.actor, sessionHashes: hashes })
  return ended.length
}
