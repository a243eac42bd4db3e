import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { ClearingBasis, ClearingOutcome } from '../../foundation/db/words.ts'

/** What a dock announced to remove of a hand-in's device, and what became of it. */
export interface ShownClearing {
  readonly id: string
  readonly announcedAt: string
  /** Null until the dock has closed it. */
  readonly endedAt: string | null
  /** When two people gave it up; its dock may close it all the same. */
  readonly givenUpAt: string | null
  readonly fullPercent: number | null
  readonly files: ClearedFile[]
}

export interface ClearedFile {
  /** Line of the list, from 0. */
  readonly number: number
  readonly recordingId: string
  readonly basis: ClearingBasis
  /** Null until the clearing is closed or given up. */
  readonly outcome: ClearingOutcome | null
}

/** The clearings of a hand-in, the first announced first. */
export async function clearingsOfHandIn(db: Db, handInId: string): Promise<ShownClearing[]> {
  const rows = await db
    .selectFrom('clearing')
    .where('clearing.hand_in_id', '=', handInId)
    .select(['id', 'announced_at', 'ended_at', 'given_up_at', 'full_percent'])
    .select(
      sql<ClearedFile[]>`(
        select coalesce(json_agg(json_build_object('number', file.number, 'recordingId', file.recording_id,
          'basis', file.basis, 'outcome', file.outcome) order by file.number), '[]')
        from clearing_file file where file.clearing_id = clearing.id)`.as('files'),
    )
    .orderBy('announced_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    announcedAt: row.announced_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    givenUpAt: row.given_up_at?.toISOString() ?? null,
    fullPercent: row.full_percent,
    files: row.files,
  }))
}
