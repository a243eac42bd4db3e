import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { ClearingBasis, ClearingOutcome } from '../../foundation/db/words.ts'
import { isId } from '../../foundation/id.ts'

/** Events of one transaction: a clearing of thousands of files must not hold the ledger up. */
export const filesAtOnce = 200

/** A clearing as it was announced. */
export interface Clearing {
  readonly id: string
  readonly dockId: string
  readonly handInId: string
  readonly deviceSerial: string
  readonly announcedAt: Date
  readonly endedAt: Date | null
  readonly givenUpAt: Date | null
  readonly isDockRevoked: boolean
  /** That it was announced. */
  readonly eventId: string
  /** The announcement names the list, and so is shown with the cases of its files. */
  readonly isShown: boolean
}

export interface AnnouncedFile {
  readonly number: number
  readonly recording_id: string
  readonly sha256: Buffer
  readonly basis: ClearingBasis
  readonly receipt_index: number
  readonly outcome: ClearingOutcome | null
}

/** @param dockId whose it must be; any dock's when absent */
export async function clearingOf(db: Db, clearingId: string, dockId?: string): Promise<Clearing | null> {
  if (!isId(clearingId)) return null
  let query = db
    .selectFrom('clearing')
    .innerJoin('hand_in', 'hand_in.id', 'clearing.hand_in_id')
    .innerJoin('event', 'event.id', 'clearing.event_id')
    .innerJoin('dock', 'dock.id', 'clearing.dock_id')
    .where('clearing.id', '=', clearingId)
  if (dockId !== undefined) query = query.where('clearing.dock_id', '=', dockId)
  const row = await query
    .select(['clearing.id', 'clearing.dock_id as dockId', 'hand_in.id as handInId'])
    .select(['hand_in.device_serial as deviceSerial', 'event.id as eventId', 'clearing.announced_at as announcedAt'])
    .select(['clearing.ended_at as endedAt', 'clearing.given_up_at as givenUpAt'])
    .select(sql<boolean>`dock.revoked_at is not null`.as('isDockRevoked'))
    .select(sql<boolean>`event.subjects @> array['hand-in-list:' || hand_in.id]`.as('isShown'))
    .executeTakeFirst()
  return row ?? null
}

/** The files of a clearing, by their line of the hand-in's list. */
export function announcedFiles(db: Db, clearingId: string): Promise<AnnouncedFile[]> {
  return db
    .selectFrom('clearing_file')
    .where('clearing_id', '=', clearingId)
    .select(['number', 'recording_id', 'sha256', 'basis', 'receipt_index', 'outcome'])
    .orderBy('number')
    .execute()
}

/** What every event of a clearing names besides. */
export function deviceAtDock({ deviceSerial, dockId }: Clearing) {
  return [
    { type: 'device', id: deviceSerial },
    { type: 'dock', id: dockId },
  ]
}
