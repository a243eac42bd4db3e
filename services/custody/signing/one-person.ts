import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import type { Actor } from '../events/actor.ts'

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
