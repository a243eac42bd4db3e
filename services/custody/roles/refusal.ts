import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import type { Subject } from '../../ledger/log/append.ts'
import type { Actor } from '../events/actor.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import type { AccessRefusal, AskedThing } from '../events/words.ts'

/** The kinds of event that say what somebody asked for and did not get. */
type RefusalKind = 'access.refused' | 'viewing.refused' | 'session.refused'

/** Writes the refusal's event in the caller's transaction. `subjects`: what it was about, besides the person. */
export async function recordRefusal<Kind extends RefusalKind>(
  trx: Trx,
  clock: Clock,
  kind: Kind,
  refusal: { actor: Actor; subjects?: readonly Subject[]; details: DetailsOf<Kind> },
): Promise<void> {
  const { actor, details } = refusal
  await recordEvent(trx, kind, {
    clock,
    by: actor,
    subjects: [{ type: 'person', id: actor.id }, ...(refusal.subjects ?? [])],
    details,
  })
}

/** Writes that a dock was refused a route: by its role, or because it was revoked or nobody has released it yet. */
export async function recordDockRefusal(
  db: Db,
  clock: Clock,
  dock: { id: string; role: string },
  refused: { reason: Extract<AccessRefusal, 'wrong_role' | 'dock_revoked' | 'dock_not_released'>; route: string },
): Promise<void> {
  await db.transaction().execute((trx) =>
    recordEvent(trx, 'access.refused', {
      clock,
      by: dock,
      subjects: [{ type: 'dock', id: dock.id }],
      details: refused,
    }),
  )
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
    what: AskedThing
    id: string
    subject: Subject | null
  },
): Promise<never> {
  await db.transaction().execute((trx) =>
    recordRefusal(trx, clock, asked.what === 'viewing' ? 'viewing.refused' : 'access.refused', {
      actor: asked.actor,
      subjects: asked.subject ? [asked.subject] : [],
      details: {
        reason: asked.subject ? 'not_own' : 'unknown',
        what: asked.what,
        asked: asked.id.slice(0, 200),
      },
    }),
  )
  throw notFound(asked.what, asked.id)
}

export function notFound(what: string, id: string): Fault {
  return new Fault('not_found', `there is no ${what} ${isId(id) ? id : 'of that name'} that you may see`)
}
