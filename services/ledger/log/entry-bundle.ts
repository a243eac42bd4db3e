import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { encodeEntryBundle } from '../format/bundle.ts'
import { type Tile, tileWidth } from '../format/tiles.ts'

/** The bytes of an entry bundle, from the stored leaves; null when not all of its leaves are stored. */
export async function entryBundle(db: Db, { index, width }: Pick<Tile, 'index' | 'width'>): Promise<Buffer | null> {
  const first = index * tileWidth
  const rows = await db
    .selectFrom('leaf')
    .where('index', '>=', first)
    .where('index', '<', first + width)
    .select('data')
    .orderBy('index')
    .execute()
  return rows.length === width ? encodeEntryBundle(rows.map(({ data }) => data)) : null
}

/** The bytes of an entry bundle. @throws log_forked when one of its leaves is missing */
export async function requireEntryBundle(db: Db, tile: Pick<Tile, 'index' | 'width'>): Promise<Buffer> {
  const bytes = await entryBundle(db, tile)
  if (bytes) return bytes
  const first = tile.index * tileWidth
  const last = first + tile.width - 1
  throw new Fault('log_forked', `leaves of ${first} to ${last} are missing: run \`custody fsck\``)
}
