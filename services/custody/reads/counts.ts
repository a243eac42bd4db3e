import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

/** Reads of one store and credential that the same kind of act explains. */
export interface ReadCount {
  readonly store: string
  readonly credential: string
  /** The kind of act, such as `viewing`; `unexplained`, or `waiting` for its judgement. */
  readonly by: string
  readonly reads: number
  readonly bytes: number
}

export interface Reconciliation {
  readonly since: Date
  readonly counts: readonly ReadCount[]
  readonly unexplained: number
  /** Stores that do not report what we know that we read from them, since when. */
  readonly silent: readonly { readonly store: string; readonly since: Date }[]
  /** Stores of which no report ever came. */
  readonly neverReported: readonly string[]
}

/** What the stores reported since then, and what explains it. */
export async function reconciliation(db: Db, since: Date): Promise<Reconciliation> {
  const { rows } = await sql<ReadCount>`
    select store, credential, case when judged_at is null then 'waiting' when explained_by is null then 'unexplained'
      else split_part(explained_by, ':', 1) end as by, count(*)::int as reads, sum(bytes)::bigint as bytes
    from store_read where at >= ${since} group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  const stores = await db.selectFrom('store_audit').selectAll().orderBy('store').execute()
  const { rows: reporting } = await sql<{ store: string }>`
    select name as store from unnest(array['primary', 'backup-a', 'backup-b']) as name
    where not exists (select from store_read where store_read.store = name)`.execute(db)
  return {
    since,
    counts: rows,
    unexplained: rows.filter(({ by }) => by === 'unexplained').reduce((sum, { reads }) => sum + reads, 0),
    silent: stores.flatMap(({ store, silent_since }) => (silent_since ? [{ store, since: silent_since }] : [])),
    neverReported: reporting.map(({ store }) => store),
  }
}
