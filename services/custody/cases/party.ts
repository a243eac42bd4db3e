import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { PartyKind } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'

export interface Party {
  readonly id: string
  readonly kind: PartyKind
  readonly name: string
  readonly code: string | null
  readonly address: string | null
  readonly createdAt: Date
}

/** Makes a party. @throws conflict when its code (统一社会信用代码 or the like) is there already. */
export async function createParty(
  db: Db,
  clock: Clock,
  actor: Actor,
  party: { kind: PartyKind; name: string; code?: string | null; address?: string | null },
): Promise<{ id: string }> {
  const id = newId(clock.now())
  await db.transaction().execute(async (trx) => {
    const { at } = await recordEvent(trx, 'party.created', {
      clock,
      by: actor,
      subjects: [{ type: 'party', id }],
      details: { partyKind: party.kind, name: party.name, code: party.code ?? null, address: party.address ?? null },
    })
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('party')
      .values({
        id,
        kind: party.kind,
        name: party.name,
        code: party.code ?? null,
        address: party.address ?? null,
        created_at: at,
      })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 0n) {
      throw new Fault('conflict', `code: there is already a party of the code ${party.code}`)
    }
  })
  return { id }
}

/**
 * Parties whose name or code holds `search`, the newest first, at most `limit`; of one officer's cases alone when asked.
 * `after` is the last id of the page before.
 */
export async function listParties(
  db: Db,
  page: { search?: string; officerId?: string; after?: string; limit: number },
): Promise<{ parties: Party[]; next: string | null }> {
  let query = db
    .selectFrom('party')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.search) {
    const pattern = `%${page.search.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((where) => where.or([where('name', 'ilike', pattern), where('code', 'ilike', pattern)]))
  }
  if (page.officerId) query = query.where(isOfCaseOf(page.officerId))
  if (page.after) query = query.where('id', '<', page.after)
  const rows = await query.execute()
  const parties = rows.slice(0, page.limit).map(partyOf)
  return { parties, next: rows.length > page.limit ? parties.at(-1)!.id : null }
}

/**
 * Parties of exactly this name or code, without what else is known of them: whoever opens a case finds the party that is
 * there already, and learns nothing of others. At most 20, the oldest first.
 */
export async function partiesNamed(db: Db, named: string): Promise<Pick<Party, 'id' | 'kind' | 'name'>[]> {
  return db
    .selectFrom('party')
    .where((where) => where.or([where('name', '=', named), where('code', '=', named)]))
    .select(['id', 'kind', 'name'])
    .orderBy('id')
    .limit(20)
    .execute()
}

/** One party; undefined when there is none of this id, or `officerId` is an officer of none of its cases. */
export async function partyById(db: Db, id: string, of: { officerId?: string } = {}): Promise<Party | undefined> {
  let query = db.selectFrom('party').where('id', '=', id).selectAll()
  if (of.officerId) query = query.where(isOfCaseOf(of.officerId))
  const row = await query.executeTakeFirst()
  return row && partyOf(row)
}

function isOfCaseOf(officerId: string) {
  return sql<boolean>`exists (
    select from case_file where case_file.party_id = party.id and ${officerId}::uuid = any(case_file.officer_ids)
  )`
}

function partyOf(row: {
  id: string
  kind: PartyKind
  name: string
  code: string | null
  address: string | null
  created_at: Date
}): Party {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    code: row.code,
    address: row.address,
    createdAt: row.created_at,
  }
}
