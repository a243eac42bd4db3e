import type { Db } from '../../services/foundation/db/database.ts'
import { encodeEntryBundle } from '../../services/ledger/format/bundle.ts'
import { type Tile, tilePath } from '../../services/ledger/format/tiles.ts'

/** The newest checkpoint and a reader of tiles straight from the tables, for checks that do not go through `access`. */
export async function readStoredLog(db: Db): Promise<{ note: string; readTile: (tile: Tile) => Promise<Buffer> }> {
  const { note } = await db
    .selectFrom('checkpoint')
    .select('note')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const readTile = async ({ level, index, width }: Tile) => {
    if (level === 'entries') {
      const first = index * 256
      const rows = await db
        .selectFrom('leaf')
        .select('data')
        .where('index', '>=', first)
        .where('index', '<', first + width)
        .orderBy('index')
        .execute()
      return encodeEntryBundle(rows.map(({ data }) => data))
    }
    const row = await db
      .selectFrom('tile')
      .select('hashes')
      .where('level', '=', level)
      .where('index', '=', index)
      .executeTakeFirstOrThrow(() => new Error(`${tilePath({ level, index, width })} is not stored`))
    return row.hashes.subarray(0, width * 32)
  }
  return { note, readTile }
}
