import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DockPassMeans } from '../../foundation/db/words.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'

/** † So long somebody counts as standing at the dock after he has shown his card or said his code. */
export const identificationMs = 15 * 60_000

/** Keeps, with its event, that a dock's card or code was somebody's; null: for the next hand-in of the device there. */
export async function keepIdentification(
  trx: Trx,
  clock: Clock,
  dock: Actor,
  shown: { serial: string; means: DockPassMeans; personId: string; handInId: string | null },
): Promise<void> {
  const { serial, means, personId, handInId } = shown
  const { id, at } = await recordEvent(trx, 'identity.shown', {
    clock,
    by: dock,
    subjects: [
      { type: 'dock', id: dock.id },
      { type: 'device', id: serial },
      ...(handInId === null ? [] : [{ type: 'hand_in', id: handInId }]),
      { type: 'person', id: personId },
    ],
    details: { means },
  })
  await trx
    .insertInto('dock_identification')
    .values({
      ...{ event_id: id, dock_id: dock.id, device_serial: serial, hand_in_id: handInId },
      ...{ means, person_id: personId, at },
    })
    .execute()
}

/** What somebody at a dock does, that is to be his. */
export interface IdentifiedAct {
  readonly dockId: string
  readonly serial: string
  readonly personId: string
  /** Null: by either. */
  readonly means: DockPassMeans | null
  readonly at: Date
  /** `next`: one that is being opened; null: it is of the device, and of no hand-in. */
  readonly handIn: { readonly id: string; readonly openedAt: Date } | 'next' | null
}

/**
 * Whether this service knew that person by card or code, at that dock and for that device, not longer ago than
 * `identificationMs`. For an act of a hand-in only what was shown for that hand-in counts, or right before it was opened.
 */
export async function wasIdentified(db: Db, act: IdentifiedAct): Promise<boolean> {
  const { handIn } = act
  let query = db
    .selectFrom('dock_identification as shown')
    .where('shown.dock_id', '=', act.dockId)
    .where('shown.device_serial', '=', act.serial)
    .where('shown.person_id', '=', act.personId)
    .where('shown.at', '>', new Date(act.at.getTime() - identificationMs))
  if (act.means !== null) query = query.where('shown.means', '=', act.means)
  if (handIn !== null) {
    const isFirstUntil = (openedAt: Date) => sql<boolean>`shown.hand_in_id is null and not exists (
      select from hand_in other where other.dock_id = shown.dock_id and other.device_serial = shown.device_serial
        and other.opened_at >= shown.at and other.opened_at < ${openedAt})`
    query = query.where(
      handIn === 'next'
        ? isFirstUntil(act.at)
        : sql<boolean>`(shown.hand_in_id = ${handIn.id}
            or shown.at <= ${handIn.openedAt} and ${isFirstUntil(handIn.openedAt)})`,
    )
  }
  return (await query.select('shown.event_id').limit(1).executeTakeFirst()) !== undefined
}
