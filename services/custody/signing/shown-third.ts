import type { Db } from '../../foundation/db/database.ts'

/** How a third signature stands: whether an auditor has confirmed it. */
export const thirdStates = ['waits', 'confirmed', 'refused'] as const
export type ThirdState = (typeof thirdStates)[number]

/** A third signature as it is shown beside the act that rests on it. */
export interface ShownThird {
  readonly name: string
  readonly office: string
  readonly state: ThirdState
  /** By when an auditor is to confirm it. */
  readonly confirmBy: string
}

export interface ThirdRow extends ShownThird {
  readonly id: string
  readonly act: string
  readonly scanSha256: string
  readonly addedBy: { readonly id: string; readonly name: string }
  readonly addedAt: Date
}

/** Third signatures by their ids. */
export async function shownThirds(db: Db, ids: readonly string[]): Promise<Map<string, ShownThird>> {
  if (ids.length === 0) return new Map()
  const rows = await thirds(db)
    .where('third_signature.id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, shown(row)]))
}

/** All of them, the last added first, at most 500. */
export async function listThirdSignatures(db: Db): Promise<ThirdRow[]> {
  const rows = await thirds(db).orderBy('added_at', 'desc').orderBy('third_signature.id', 'desc').limit(500).execute()
  return rows.map((row) => ({
    ...{ id: row.id, act: row.act, ...shown(row), scanSha256: row.scan_sha256.toString('hex') },
    ...{ addedBy: { id: row.added_by, name: row.adder_name }, addedAt: row.added_at },
  }))
}

function thirds(db: Db) {
  return db
    .selectFrom('third_signature')
    .innerJoin('person as adder', 'adder.id', 'third_signature.added_by')
    .selectAll('third_signature')
    .select('adder.name as adder_name')
}

function shown(row: {
  signer_name: string
  signer_office: string
  confirmed: boolean | null
  confirm_by: Date
}): ShownThird {
  const decided: ThirdState = row.confirmed ? 'confirmed' : 'refused'
  const state = row.confirmed === null ? 'waits' : decided
  return { name: row.signer_name, office: row.signer_office, state, confirmBy: row.confirm_by.toISOString() }
}
