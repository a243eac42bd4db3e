import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import type { Actor } from '../events/actor.ts'
import type { EventKind } from '../events/kinds.ts'

/** A name under an act: a person and, of a deputy who acts, by whose commission. */
export type Name = Pick<Actor, 'id' | 'onBehalfOf'>

/** Whether two names count as one person where an act needs two: a deputy acts in the interest of whoever appointed him. */
export function areOnePerson(one: Name, other: Name): boolean {
  const names = ({ id, onBehalfOf }: Name) => [id, onBehalfOf].filter((name) => name !== undefined)
  return names(one).some((name) => names(other).includes(name))
}

/** Who acted in an event. */
export function nameOf({ actor: id, onBehalfOf }: Pick<EventBody, 'actor' | 'onBehalfOf'>): Name {
  return { id, ...(onBehalfOf !== undefined && { onBehalfOf }) }
}

/** Who acted in an event, as its body says; without commission when the body cannot be read. */
export async function nameIn(db: Db, event: { id: string; actor: string }): Promise<Name> {
  const row = await db.selectFrom('event').where('id', '=', event.id).select('body').executeTakeFirst()
  const body = row && bodyOrNull(row.body)
  return nameOf({ actor: event.actor, ...(body?.onBehalfOf !== undefined && { onBehalfOf: body.onBehalfOf }) })
}

/**
 * Whoever a row names, with the commission by which he did it: rows name a deputy alone, and the event says in whose place.
 *
 * @param done `isIt`: whether an event with these details is the one; of several the newest is
 * @throws log_forked when no event says so
 */
export async function nameBehind(
  db: Db,
  done: { by: string; kind: EventKind; subject: string; isIt: (details: EventBody['details']) => boolean },
): Promise<Name> {
  const { by, kind, subject, isIt } = done
  const { rows } = await sql<{ body: string }>`
    select body from event where subjects @> array[${subject}] and kind = ${kind}
    order by committed_at desc, id desc`.execute(db)
  const body = rows.map((row) => bodyOrNull(row.body)).find((one) => one !== null && isIt(one.details))
  if (!body) throw new Fault('log_forked', `no ${kind} tells what was done to ${subject}: run \`custody fsck\``)
  return nameOf({ actor: by, ...(body.onBehalfOf !== undefined && { onBehalfOf: body.onBehalfOf }) })
}
