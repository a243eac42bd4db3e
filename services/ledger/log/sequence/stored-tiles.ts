import { sql } from 'kysely'
import type { Db } from '../../../foundation/db/database.ts'
import { Fault } from '../../../foundation/errors.ts'
import { type HashReader, type Node, nodesForConsistency } from '../../format/merkle.ts'
import { partialTiles, readerOfTiles, type Tile, tilePath, tilesOfNodes } from '../../format/tiles.ts'

/** The bytes of stored tiles, cut to the widths asked for. @throws log_forked for a tile that is missing or too short. */
export async function readStoredTiles(db: Db, tiles: readonly Tile[]): Promise<(tile: Tile) => Buffer> {
  const levels = tiles.map((tile) => tile.level as number)
  const indexes = tiles.map((tile) => tile.index)
  const { rows } = await sql<{ level: number; index: number; hashes: Buffer }>`
    select tile.level, tile.index, tile.hashes
    from unnest(${levels}::int[], ${indexes}::bigint[]) as wanted (level, index)
    join tile on tile.level = wanted.level and tile.index = wanted.index`.execute(db)
  const stored = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hashes]))
  return (tile) => {
    const hashes = stored.get(`${tile.level}/${tile.index}`)
    const bytes = tile.width * 32
    if (!hashes || hashes.length < bytes) {
      throw new Fault('log_forked', `${tilePath(tile)} is missing from the database or cut: run \`custody fsck\``)
    }
    return hashes.subarray(0, bytes)
  }
}

/** Reads the right edge of a stored tree of `size` leaves: all that its root and its frontier need. */
export async function rightEdgeReader(db: Db, size: number): Promise<HashReader> {
  return readerOfTiles(size, await readStoredTiles(db, partialTiles(size)))
}

/** Reads what a consistency proof from `oldSize` to `size` needs. */
export async function consistencyReader(db: Db, oldSize: number, size: number): Promise<HashReader> {
  const nodes: Node[] = nodesForConsistency(oldSize, size)
  return readerOfTiles(size, await readStoredTiles(db, tilesOfNodes(nodes, size)))
}
