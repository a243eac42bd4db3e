import type { Db } from '../../foundation/db/database.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** How an envelope stands: whether it counts, and if not why. */
export type SpareState = 'not_confirmed' | 'sealed' | 'opened' | 'used' | 'replaced'
export const spareStates = ['not_confirmed', 'sealed', 'opened', 'used', 'replaced'] as const satisfies SpareState[]

export interface ShownSpare {
  readonly id: string
  readonly person: Named
  readonly sealNumber: string
  readonly place: string
  readonly state: SpareState
  readonly sealedBy: Named
  readonly sealedAt: Date
  readonly sealedWith: Named
  readonly confirmedAt: Date | null
  readonly askedBy: Named | null
  readonly askedAt: Date | null
  readonly openedBy: Named | null
  readonly openedAt: Date | null
  /** Until when an opened one may be used. */
  readonly expiresAt: Date | null
  readonly usedAt: Date | null
}

/** Envelopes with spare codes of accounts that are not shut, the last sealed first, at most 500. */
export async function listSpares(db: Db): Promise<ShownSpare[]> {
  const rows = await db
    .selectFrom('sealed_spare as spare')
    .innerJoin('person', 'person.id', 'spare.person_id')
    .innerJoin('person as sealer', 'sealer.id', 'spare.sealed_by')
    .innerJoin('person as second', 'second.id', 'spare.with_person_id')
    .leftJoin('person as asker', 'asker.id', 'spare.asked_by')
    .leftJoin('person as opener', 'opener.id', 'spare.opened_by')
    .where('person.disabled_at', 'is', null)
    .select(['spare.id', 'person_id', 'seal_number', 'place', 'sealed_by', 'sealed_at', 'with_person_id'])
    .select(['confirmed_at', 'asked_by', 'asked_at', 'opened_by', 'opened_at', 'expires_at', 'used_at', 'replaced_at'])
    .select(['person.name', 'sealer.name as sealer_name', 'second.name as second_name'])
    .select(['asker.name as asker_name', 'opener.name as opener_name'])
    .orderBy('sealed_at', 'desc')
    .orderBy('spare.id', 'desc')
    .limit(500)
    .execute()
  const named = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })
  return rows.map((row) => ({
    id: row.id,
    person: { id: row.person_id, name: row.name },
    sealNumber: row.seal_number,
    place: row.place,
    state: stateOf(row),
    sealedBy: { id: row.sealed_by, name: row.sealer_name },
    sealedAt: row.sealed_at,
    sealedWith: { id: row.with_person_id, name: row.second_name },
    confirmedAt: row.confirmed_at,
    askedBy: named(row.asked_by, row.asker_name),
    askedAt: row.asked_at,
    openedBy: named(row.opened_by, row.opener_name),
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  }))
}

/**
 * The envelope of each account: the one that is confirmed or opened last, and while there is none the one that is to be
 * confirmed.
 */
export function currentSpares(spares: readonly ShownSpare[]): Map<string, ShownSpare> {
  const current = new Map<string, ShownSpare>()
  for (const spare of spares) {
    const known = current.get(spare.person.id)
    if (spare.state !== 'replaced' && (!known || known.state === 'not_confirmed')) current.set(spare.person.id, spare)
  }
  return current
}

function stateOf(row: {
  confirmed_at: Date | null
  opened_at: Date | null
  used_at: Date | null
  replaced_at: Date | null
}): SpareState {
  if (row.used_at) return 'used'
  if (row.opened_at) return 'opened'
  if (row.replaced_at) return 'replaced'
  return row.confirmed_at ? 'sealed' : 'not_confirmed'
}
