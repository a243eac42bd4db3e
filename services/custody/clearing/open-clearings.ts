import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

/** A dock closes a clearing within seconds: one that stays open for longer was cut off, and nobody knows what is left. */
export const clearingOpenMsMax = 60 * 60_000

/** A clearing that was announced and never closed. */
export interface OpenClearing {
  readonly id: string
  readonly dockName: string
  readonly deviceSerial: string
  readonly handInId: string
  readonly files: number
  readonly announcedAt: Date
}

/** The clearings that are open for longer than `clearingOpenMsMax`, the oldest first. */
export async function clearingsLeftOpen(db: Db, at: Date): Promise<OpenClearing[]> {
  return db
    .selectFrom('clearing')
    .innerJoin('dock', 'dock.id', 'clearing.dock_id')
    .innerJoin('hand_in', 'hand_in.id', 'clearing.hand_in_id')
    .where('clearing.ended_at', 'is', null)
    .where('clearing.announced_at', '<=', new Date(at.getTime() - clearingOpenMsMax))
    .select(['clearing.id', 'dock.name as dockName', 'hand_in.device_serial as deviceSerial'])
    .select(['clearing.hand_in_id as handInId', 'clearing.announced_at as announcedAt'])
    .select(sql<number>`(select count(*) from clearing_file file where file.clearing_id = clearing.id)`.as('files'))
    .orderBy('clearing.announced_at')
    .limit(200)
    .execute()
}
