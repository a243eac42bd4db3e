import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'

/** The body of the event that proposed what is decided about a recording in quarantine; null when there is none. */
export async function proposalBody(db: Db, object: string, proposalId: string): Promise<string | null> {
  const rows = await db
    .selectFrom('event')
    .where('kind', '=', 'quarantine.proposed')
    .where(sql<boolean>`subjects @> array[${object}]`)
    .select('body')
    .execute()
  const proposed = rows.find(({ body }) => {
    const known = bodyOrNull(body)
    return known && eventOf(known, 'quarantine.proposed')?.details.proposalId === proposalId
  })
  return proposed?.body ?? null
}
