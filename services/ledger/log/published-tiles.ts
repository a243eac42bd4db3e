import type { Db } from '../../foundation/db/database.ts'
import { encodeEntryBundle } from '../format/bundle.ts'
import { type Tile, tileWidth, tileWidthAt } from '../format/tiles.ts'

/**
 * The bytes of a hash tile or entry bundle as wide as it is asked for; null when the newest checkpoint's tree does not have
 * it as wide: nothing is shown that is not under a signature. A tile that has grown since still gives its narrower forms
 * ("Logs MUST serve partial tiles corresponding to tree sizes for which a checkpoint was produced").
 */
export async function publishedTile(db: Db, tile: Tile): Promise<Buffer | null> {
  const newest = await db.selectFrom('checkpoint').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  if (tile.width > tileWidthAt(newest?.size ?? 0, tile.level, tile.index)) return null
  return tile.level === 'entries' ? entryBundle(db, tile) : hashTile(db, tile.level, tile)
}

async function hashTile(db: Db, level: number, { index, width }: Tile): Promise<Buffer | null> {
  const row = await db
    .selectFrom('tile')
    .where('level', '=', level)
    .where('index', '=', index)
    .select('hashes')
    .executeTakeFirst()
  const bytes = width * 32
  return row && row.hashes.length >= bytes ? row.hashes.subarray(0, bytes) : null
}

async function entryBundle(db: Db, { index, width }: Tile): Promise<Buffer | null> {
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
