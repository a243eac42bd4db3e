import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { areIndependent, newAccountsOf } from '../signing/new-accounts.ts'
import type { Name } from '../signing/one-person.ts'

/** An envelope with a spare code that opens an account, or would if two people opened it, and who had its code in hand. */
export interface UsableSpare {
  readonly id: string
  readonly personId: string
  readonly hands: readonly Name[]
}

interface SpareRow {
  readonly id: string
  readonly person_id: string
  readonly sealed_by: string
  readonly asked_by: string | null
  readonly opened_by: string | null
}

/** Envelopes that are confirmed and closed, or were opened and not used yet; of one person alone when `personId` is given. */
export async function usableSpares(db: Db, at: Date, personId?: string): Promise<UsableSpare[]> {
  const rows = await db
    .selectFrom('sealed_spare')
    .where('confirmed_at', 'is not', null)
    .where('replaced_at', 'is', null)
    .where('used_at', 'is', null)
    .where((where) => where.or([where('opened_at', 'is', null), where('expires_at', '>', at)]))
    .$if(personId !== undefined, (query) => query.where('person_id', '=', personId!))
    .select(['id', 'person_id', 'sealed_by', 'asked_by', 'opened_by'])
    .orderBy('id')
    .execute()
  const usable: UsableSpare[] = []
  for (const row of rows) usable.push({ id: row.id, personId: row.person_id, hands: await spareHands(db, row) })
  return usable
}

/**
 * Who can know the code of an envelope: whoever sealed it and, once it is open, whoever asked for that and opened it; of a
 * deputy also in whose place. Who confirmed it saw the seal, and was not given the code.
 */
export async function spareHands(db: Db, spare: SpareRow): Promise<Name[]> {
  const { rows } = await sql<{ body: string }>`
    select body from event
    where kind in ('spare.sealed', 'spare.opening_asked', 'spare.opened')
      and subjects @> array[${`account:${spare.person_id}`}]
    order by committed_at, id`.execute(db)
  const bodies = rows
    .flatMap(({ body }) => bodyOrNull(body) ?? [])
    .filter(({ details }) => details.spareId === spare.id)
  const hand = (kind: string, id: string | null): Name[] => {
    if (id === null) return []
    const onBehalfOf = bodies.findLast((body) => body.kind === kind && body.actor === id)?.onBehalfOf
    return [{ id, ...(onBehalfOf !== undefined && { onBehalfOf }) }]
  }
  const sealer = hand('spare.sealed', spare.sealed_by)
  if (spare.opened_by === null) return sealer
  return [...sealer, ...hand('spare.opening_asked', spare.asked_by), ...hand('spare.opened', spare.opened_by)]
}

/**
 * The first of those who had an envelope's code in hand and is not independent of whoever gave the first password: the two
 * secrets of an account lie in different hands. Null when there is none.
 */
export async function handOfMaker(
  db: Db,
  secrets: { madeBy: Name; hands: readonly Name[]; at: Date },
): Promise<Name | null> {
  const newAccounts = await newAccountsOf(db, secrets.at)
  return secrets.hands.find((hand) => !areIndependent(hand, secrets.madeBy, newAccounts)) ?? null
}
