import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { DeputyshipState } from '../../foundation/db/words.ts'
import type { Someone } from '../signing/shown-signature.ts'

/** That a deputyship is in force at a time: it is signed and its time has come. The supervisor's account must be open, too. */
export function inForceAt(at: Date) {
  return sql<boolean>`(deputyship.state = 'signed' and deputyship.starts_at <= ${at} and deputyship.ends_at > ${at})`
}

export interface ShownDeputyship {
  readonly id: string
  readonly supervisor: Someone
  readonly deputy: Someone
  readonly reason: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly namedAt: Date
  readonly state: DeputyshipState
  readonly decidedBy: Someone | null
  readonly decidedAt: Date | null
  readonly endedAt: Date | null
}

/** Every deputyship, the last named first; of one person alone when `personId` is given. */
export async function listDeputyships(db: Db, personId?: string): Promise<ShownDeputyship[]> {
  const rows = await db
    .selectFrom('deputyship')
    .innerJoin('person as supervisor', 'supervisor.id', 'deputyship.supervisor_id')
    .innerJoin('person as deputy', 'deputy.id', 'deputyship.deputy_id')
    .leftJoin('person as decider', 'decider.id', 'deputyship.decided_by')
    .$if(personId !== undefined, (query) =>
      query.where((where) => where.or([where('supervisor_id', '=', personId!), where('deputy_id', '=', personId!)])),
    )
    .selectAll('deputyship')
    .select(['supervisor.name as supervisor_name', 'deputy.name as deputy_name', 'decider.name as decider_name'])
    .orderBy('named_at', 'desc')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    supervisor: { id: row.supervisor_id, name: row.supervisor_name },
    deputy: { id: row.deputy_id, name: row.deputy_name },
    reason: row.reason,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    namedAt: row.named_at,
    state: row.state,
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decider_name ?? '' },
    decidedAt: row.decided_at,
    endedAt: row.ended_at,
  }))
}
