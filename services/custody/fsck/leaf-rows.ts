import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

/** A leaf with its event, null when that row is gone. */
export interface LeafRow {
  readonly index: number
  readonly event_id: string
  readonly data: Buffer
  readonly hash: Buffer
  readonly event: EventRow | null
}

export interface EventRow {
  readonly id: string
  readonly kind: string
  readonly at: Date
  readonly body: string
  readonly salt: Buffer
  readonly commitment: Buffer
  readonly subjects: string[]
  readonly leaf_index: number | null
}

/** The leaves of `first` to `end` - 1 that there are, by index. */
export async function leafRows(db: Db, first: number, end: number): Promise<Map<number, LeafRow>> {
  const rows = await db
    .selectFrom('leaf')
    .leftJoin('event', 'event.id', 'leaf.event_id')
    .where('leaf.index', '>=', first)
    .where('leaf.index', '<', end)
    .select(['leaf.index', 'leaf.event_id', 'leaf.data', 'leaf.hash'])
    .select([
      'event.id',
      'event.kind',
      'event.at',
      'event.body',
      'event.salt',
      'event.commitment',
      'event.subjects',
      'event.leaf_index',
    ])
    .execute()
  return new Map(
    rows.map(({ index, event_id, data, hash, ...event }) => [
      index,
      { index, event_id, data, hash, event: event.id === null ? null : (event as EventRow) },
    ]),
  )
}

/** How many leaves there would be without gaps. */
export async function leafCount(db: Db): Promise<number> {
  const row = await db.selectFrom('leaf').select('index').orderBy('index', 'desc').limit(1).executeTakeFirst()
  return row ? row.index + 1 : 0
}

/** A stored tile's hashes, undefined when there is none. */
export async function storedTile(db: Db, level: number, index: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('tile')
    .select('hashes')
    .where('level', '=', level)
    .where('index', '=', index)
    .executeTakeFirst()
  return row?.hashes
}

/** How many leaf hashes the lowest tiles hold, by the last of them. */
export async function tiledLeaves(db: Db): Promise<number> {
  const row = await db
    .selectFrom('tile')
    .select(['index', sql<number>`octet_length(hashes)`.as('bytes')])
    .where('level', '=', 0)
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? row.index * 256 + row.bytes / 32 : 0
}
