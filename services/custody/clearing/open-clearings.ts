import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

/** A dock closes a clearing within seconds: one that stays open for longer was cut off, and nobody knows what is left. */
export const clearingOpenMsMax = 60 * 60_000

export interface GivingUp {
  readonly reason: string
  readonly askedBy: { readonly id: string; readonly name: string }
  readonly askedAt: Date
}

/** A clearing that was announced, never closed, and not given up either, or not to its last file. */
export interface OpenClearing {
  readonly id: string
  readonly dockName: string
  /** Such a dock may still say how it ended. */
  readonly isDockRevoked: boolean
  readonly deviceSerial: string
  readonly handInId: string
  readonly files: number
  readonly announcedAt: Date
  /** That somebody has asked to give it up, and nobody has decided yet. */
  readonly givingUp: GivingUp | null
}

/** The clearings that are open for longer than `clearingOpenMsMax`, or whose dock was revoked, the oldest first. */
export async function clearingsLeftOpen(db: Db, at: Date): Promise<OpenClearing[]> {
  const rows = await db
    .selectFrom('clearing')
    .innerJoin('dock', 'dock.id', 'clearing.dock_id')
    .innerJoin('hand_in', 'hand_in.id', 'clearing.hand_in_id')
    .where('clearing.ended_at', 'is', null)
    .where(({ or, exists, selectFrom, eb }) =>
      or([
        eb('clearing.given_up_at', 'is', null),
        exists(
          selectFrom('clearing_file')
            .whereRef('clearing_file.clearing_id', '=', 'clearing.id')
            .where('clearing_file.outcome', 'is', null)
            .select('clearing_file.number'),
        ),
      ]),
    )
    .where(({ or, eb }) =>
      or([
        eb('clearing.announced_at', '<=', new Date(at.getTime() - clearingOpenMsMax)),
        eb('dock.revoked_at', 'is not', null),
      ]),
    )
    .select(['clearing.id', 'dock.name as dockName', 'hand_in.device_serial as deviceSerial'])
    .select(['clearing.hand_in_id as handInId', 'clearing.announced_at as announcedAt'])
    .select(sql<number>`(select count(*) from clearing_file file where file.clearing_id = clearing.id)`.as('files'))
    .select(sql<boolean>`dock.revoked_at is not null`.as('isDockRevoked'))
    .leftJoin('clearing_giving_up as asked', (join) =>
      join.onRef('asked.clearing_id', '=', 'clearing.id').on('asked.decided_at', 'is', null),
    )
    .leftJoin('person', 'person.id', 'asked.asked_by')
    .select(['asked.reason', 'asked.asked_at as askedAt', 'person.id as askerId', 'person.name as asker'])
    .orderBy('clearing.announced_at')
    .limit(200)
    .execute()
  return rows.map(({ reason, askedAt, askerId, asker, ...one }) => ({
    ...one,
    givingUp: reason === null ? null : { reason, askedAt: askedAt!, askedBy: { id: askerId!, name: asker! } },
  }))
}
