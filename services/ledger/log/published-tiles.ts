import type { Db } from '../../foundation/db/database.ts'
import { type Tile, tileWidthAt } from '../format/tiles.ts'
import { entryBundle } from './entry-bundle.ts'
import { newestCheckpointSize } from './newest-checkpoint.ts'

/**
 * The bytes of a hash tile or entry bundle as wide as it is asked for; null when the newest checkpoint's tree does not have
 * it as wide: nothing is shown that is not under a signature. A tile that has grown since still gives its narrower forms
 * ("Logs MUST serve partial tiles corresponding to tree sizes for which a checkpoint was produced").
 */
export async function publishedTile(db: Db, tile: Tile): Promise<Buffer | null> {
  if (tile.width > tileWidthAt(await newestCheckpointSize(db), tile.level, tile.index)) return null
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
