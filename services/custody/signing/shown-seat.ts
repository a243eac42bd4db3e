import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import type { SameSeat } from '../events/signature.ts'
import type { SignedKind } from './put-up.ts'

/** The mark of a signature as people are shown it. */
export interface ShownSameSeat {
  readonly with: { readonly id: string; readonly name: string }
  readonly by: SameSeat['by']
  readonly minutesApart: number
}

/** A mark with the name of the person whom it names. */
export async function showSameSeat(db: Db, mark: SameSeat | null): Promise<ShownSameSeat | null> {
  if (!mark) return null
  const row = await db.selectFrom('person').where('id', '=', mark.with).select('name').executeTakeFirst()
  return { with: { id: mark.with, name: row?.name ?? '' }, by: mark.by, minutesApart: mark.minutesApart }
}

export interface MarkedSignature<Kind extends SignedKind> {
  readonly event: KnownEvent<Kind>
  readonly sameSeat: ShownSameSeat
}

/** The marked signatures of these kinds about any of these subjects (`type:id`), read from their events. */
export async function markedSignatures<Kind extends SignedKind>(
  db: Db,
  kinds: readonly Kind[],
  subjects: readonly string[],
): Promise<MarkedSignature<Kind>[]> {
  if (subjects.length === 0) return []
  const rows = await db
    .selectFrom('act_seat')
    .innerJoin('event', 'event.id', 'act_seat.event_id')
    .where('act_seat.same_person_id', 'is not', null)
    .where('event.kind', 'in', kinds)
    .where(sql<boolean>`event.subjects && ${[...subjects]}::text[]`)
    .select('event.body')
    .execute()
  const marked: MarkedSignature<Kind>[] = []
  for (const { body } of rows) {
    const parsed = bodyOrNull(body)
    const event = parsed && eventOf(parsed, ...kinds)
    const sameSeat = event && (await showSameSeat(db, event.details.sameSeat ?? null))
    if (event && sameSeat) marked.push({ event, sameSeat })
  }
  return marked
}
