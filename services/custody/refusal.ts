import type { Clock } from '../foundation/clock.ts'
import type { Db, Trx } from '../foundation/db/database.ts'
import { Fault } from '../foundation/errors.ts'
import { isId } from '../foundation/id.ts'
import type { Subject } from '../ledger/append.ts'
import { type EventKind, recordEvent } from './events.ts'
import type { Actor } from './permissions.ts'

/** What somebody asked for and did not get. */
export interface Refusal {
  readonly kind: Extract<EventKind, 'access.refused' | 'viewing.refused' | 'session.refused'>
  readonly actor: Actor
  /** A short fixed word: `wrong_role`, `not_own`, `lease_over` … */
  readonly reason: string
  /** What it was about, besides the person. */
  readonly subjects?: readonly Subject[]
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

/** Writes the refusal's event in the caller's transaction. */
export async function recordRefusal(trx: Trx, now: Date, refusal: Refusal): Promise<string> {
  return recordEvent(trx, {
    kind: refusal.kind,
    at: now,
    actor: refusal.actor.id,
    actorRole: refusal.actor.role,
    subjects: [{ type: 'person', id: refusal.actor.id }, ...(refusal.subjects ?? [])],
    details: { reason: refusal.reason, ...refusal.details },
  })
}

/**
 * Refuses another's object: the answer is the same as for one that does not exist (existence is secret), while the log
 * says who asked for what. The event is committed before the Fault leaves.
 *
 * @throws not_found, always.
 */
export async function refuseAnothers(
  db: Db,
  clock: Clock,
  asked: {
    actor: Actor
    what: 'recording' | 'case' | 'viewing' | 'package'
    id: string
    subject: Subject | null
    reason?: string
  },
): Promise<never> {
  const now = clock.now()
  await db.transaction().execute((trx) =>
    recordRefusal(trx, now, {
      kind: asked.what === 'viewing' ? 'viewing.refused' : 'access.refused',
      actor: asked.actor,
      reason: asked.reason ?? (asked.subject ? 'not_own' : 'unknown'),
      subjects: asked.subject ? [asked.subject] : [],
      details: { what: asked.what, asked: asked.id.slice(0, 200) },
    }),
  )
  throw notFound(asked.what, asked.id)
}

export function notFound(what: string, id: string): Fault {
  return new Fault('not_found', `there is no ${what} ${isId(id) ? id : 'of that name'} that you may see`)
}
