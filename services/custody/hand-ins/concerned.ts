import { sql } from 'kysely'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { UserGrade } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'

/** A hand-in as the acts about it need it. */
export interface ConcernedHandIn {
  readonly id: string
  readonly serial: string
  readonly openedAt: Date
  /** Whose it is: whoever a confirmed correction names, else who counted as the user of the shift when it was opened. */
  readonly personId: string | null
  readonly grade: UserGrade
}

/** Whose a hand-in is now, of the row `hand_in` of a query: the newest confirmed correction, else what counted at its opening. */
export const concernedNow = sql<string | null>`coalesce((
  select correction.user_id from hand_in_correction as correction
  where correction.hand_in_id = hand_in.id and correction.confirmed and correction.user_id is not null
  order by correction.decided_at desc limit 1), hand_in.concerned_id)`

/**
 * The hand-in, of this dock where one is named.
 *
 * @throws not_found
 */
export async function requireHandIn(db: Db, id: string, dockId: string | null = null): Promise<ConcernedHandIn> {
  const row = isId(id)
    ? await db
        .selectFrom('hand_in')
        .where('id', '=', id)
        .select(['id', 'dock_id', 'device_serial', 'opened_at', 'concerned_id', 'concerned_grade'])
        .select(concernedNow.as('concerned_now'))
        .executeTakeFirst()
    : undefined
  if (!row || (dockId !== null && row.dock_id !== dockId)) {
    throw new Fault('not_found', `there is no such hand-in${dockId === null ? '' : ' of this dock'}`)
  }
  const isCorrected = row.concerned_now !== row.concerned_id
  return {
    id: row.id,
    serial: row.device_serial,
    openedAt: row.opened_at,
    personId: row.concerned_now,
    grade: isCorrected ? 'confirmed' : row.concerned_grade,
  }
}

/** Lets what is said of one hand-in be kept one after the other, so that the same message twice is kept once. */
export async function lockHandIn(trx: Trx, handInId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('hand-in', hashtext(${handInId})))`.execute(trx)
}
