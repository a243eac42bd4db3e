import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import type { SameSeat } from '../events/signature.ts'
import type { SignedKind } from './put-up.ts'
import { type ShownThird, shownThirds } from './shown-third.ts'

export interface Someone {
  readonly id: string
  readonly name: string
}

/** The mark of a signature as people are shown it. */
export interface ShownSameSeat {
  readonly with: Someone
  readonly by: SameSeat['by']
  readonly minutesApart: number
}

/** What stands beside a signature. */
export interface SignatureRemarks {
  readonly sameSeat: ShownSameSeat | null
  /** By whose commission a deputy signed (受委托). */
  readonly onBehalfOf: Someone | null
  /** Of an act whose own names are not enough. */
  readonly third: ShownThird | null
}

export const noRemarks: SignatureRemarks = { sameSeat: null, onBehalfOf: null, third: null }

export interface ShownSignature<Kind extends SignedKind> extends SignatureRemarks {
  readonly event: KnownEvent<Kind>
}

/** A mark with the name of the person whom it names. */
export async function showSameSeat(db: Db, mark: SameSeat | null): Promise<ShownSameSeat | null> {
  return mark && shownMark(mark, await namesOf(db, [mark.with]))
}

/** The signatures of these kinds about any of these subjects (`type:id`), read from their events. */
export async function signaturesAbout<Kind extends SignedKind>(
  db: Db,
  kinds: readonly Kind[],
  subjects: readonly string[],
): Promise<ShownSignature<Kind>[]> {
  if (subjects.length === 0) return []
  const rows = await db
    .selectFrom('event')
    .where('kind', 'in', kinds)
    .where(sql<boolean>`subjects && ${[...subjects]}::text[]`)
    .select('body')
    .orderBy('id')
    .execute()
  const events = rows.flatMap(({ body }) => {
    const parsed = bodyOrNull(body)
    return (parsed && eventOf(parsed, ...kinds)) ?? []
  })
  const thirds = await shownThirds(
    db,
    events.flatMap(({ details }) => details.third?.id ?? []),
  )
  const names = await namesOf(
    db,
    events.flatMap(({ details, onBehalfOf }) => [details.sameSeat?.with ?? [], onBehalfOf ?? []].flat()),
  )
  return events.map((event) => ({
    event,
    sameSeat: event.details.sameSeat ? shownMark(event.details.sameSeat, names) : null,
    onBehalfOf: event.onBehalfOf === undefined ? null : someone(event.onBehalfOf, names),
    third: event.details.third ? (thirds.get(event.details.third.id) ?? null) : null,
  }))
}

type Names = ReadonlyMap<string, string>

async function namesOf(db: Db, ids: readonly string[]): Promise<Names> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .where('id', 'in', [...new Set(ids)])
    .select(['id', 'name'])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function someone(id: string, names: Names): Someone {
  return { id, name: names.get(id) ?? '' }
}

function shownMark(mark: SameSeat, names: Names): ShownSameSeat {
  return { with: someone(mark.with, names), by: mark.by, minutesApart: mark.minutesApart }
}
