import type { Db } from '../../foundation/db/database.ts'
import type { Office, OpeningCause } from '../../foundation/db/words.ts'
import type { Role } from '../roles/roles.ts'

interface Named {
  readonly id: string
  readonly name: string
  readonly account: string
}

export interface OpeningRow {
  readonly id: string
  readonly person: Named & { readonly role: Role }
  readonly cause: OpeningCause
  readonly madeBy: Named
  readonly madeAt: Date
  readonly expiresAt: Date
  readonly released: {
    readonly by: Named
    readonly at: Date
    readonly office: Office
    readonly effectiveFrom: Date
  } | null
  /** The other office's release, which came second. */
  readonly confirmed: { readonly by: Named; readonly at: Date } | null
  readonly stopped: { readonly by: Named; readonly at: Date } | null
  readonly usedAt: Date | null
}

/** How accounts that are not shut were opened, the last first, at most 500; or those that were made or released since a time. */
export async function listOpenings(db: Db, since?: Date): Promise<OpeningRow[]> {
  let query = db
    .selectFrom('account_opening as opening')
    .innerJoin('person', 'person.id', 'opening.person_id')
    .where('person.disabled_at', 'is', null)
    .selectAll('opening')
    .select(['person.name', 'person.account', 'person.role'])
    .orderBy('opening.made_at', 'desc')
    .orderBy('opening.id', 'desc')
    .limit(500)
  if (since) query = query.where((where) => where.or([where('made_at', '>', since), where('released_at', '>', since)]))
  const rows = await query.execute()
  const names = await namesOf(
    db,
    rows.flatMap((row) => [row.made_by, row.released_by, row.confirmed_by, row.stopped_by]),
  )
  const act = (by: string | null, at: Date | null) => (by && at ? { by: names.get(by)!, at } : null)
  return rows.map((row) => {
    const released = act(row.released_by, row.released_at)
    return {
      id: row.id,
      person: { id: row.person_id, name: row.name, account: row.account, role: row.role },
      cause: row.cause,
      madeBy: names.get(row.made_by)!,
      madeAt: row.made_at,
      expiresAt: row.expires_at,
      released: released && { ...released, office: row.office!, effectiveFrom: row.effective_from! },
      confirmed: act(row.confirmed_by, row.confirmed_at),
      stopped: act(row.stopped_by, row.stopped_at),
      usedAt: row.used_at,
    }
  })
}

async function namesOf(db: Db, ids: readonly (string | null)[]): Promise<Map<string, Named>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom('person').where('id', 'in', wanted).select(['id', 'name', 'account']).execute()
  return new Map(rows.map((row) => [row.id, row]))
}
