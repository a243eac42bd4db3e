import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { growTiles, type Tile, tilePath, tileWidth, tileWidthAt } from '../../ledger/format/tiles.ts'
import type { Report } from './finding.ts'
import { storedTile } from './leaf-rows.ts'

/**
 * Recomputes every tile above the lowest level from the leaves' hashes. `corrections` are the right hashes where rows have
 * none or wrong ones, so that one changed leaf does not show as many changed tiles.
 */
export async function checkUpperTiles(
  db: Db,
  treeSize: number,
  corrections: ReadonlyMap<number, Buffer>,
  report: Report,
): Promise<void> {
  const edge = new Map<Tile['level'], Buffer>()
  for (let first = 0; first < treeSize; first += tileWidth) {
    const end = Math.min(first + tileWidth, treeSize)
    const leafHashes = await hashesOf(db, first, end, corrections)
    // A leaf whose hash nobody knows is named already; above it nothing can be recomputed.
    if (!leafHashes) return
    for (const { tile, bytes } of growTiles({ oldSize: first, leafHashes, partial: ({ level }) => edge.get(level)! })) {
      edge.set(tile.level, bytes)
      if (tile.level === 0 || tile.width !== tileWidthAt(treeSize, tile.level, tile.index)) continue
      await compare(db, tile, bytes, report)
    }
  }
}

/** Names tiles that the tree cannot have, and lowest tiles that are longer than the tree. */
export async function checkTileList(db: Db, treeSize: number, report: Report): Promise<void> {
  const { rows } = await sql<{ level: number; index: number; hashes: number }>`
    select level, index, octet_length(hashes) / 32 as hashes from tile
    where octet_length(hashes) / 32 > least(256, greatest(0,
      div(${treeSize}::numeric, power(256::numeric, level)) - index::numeric * 256))
    order by level, index limit 1001`.execute(db)
  for (const { level, index, hashes } of rows) {
    const width = tileWidthAt(treeSize, level, index)
    const path = tilePath({ level, index, width: 256 })
    if (width === 0) report.error('tree.tile_extra', path, `a tree of ${treeSize} leaves has no such tile`)
    else if (level === 0) report.error('tree.tile_differs', path, `it has ${hashes} hashes instead of ${width}`)
  }
}

async function hashesOf(
  db: Db,
  first: number,
  end: number,
  corrections: ReadonlyMap<number, Buffer>,
): Promise<Buffer[] | null> {
  const rows = await db
    .selectFrom('leaf')
    .select(['index', 'hash'])
    .where('index', '>=', first)
    .where('index', '<', end)
    .execute()
  const stored = new Map(rows.map((row) => [row.index, row.hash]))
  const hashes: Buffer[] = []
  for (let index = first; index < end; index++) {
    const hash = corrections.get(index) ?? stored.get(index)
    if (!hash) return null
    hashes.push(hash)
  }
  return hashes
}

async function compare(db: Db, tile: Tile, expected: Buffer, report: Report): Promise<void> {
  const path = tilePath({ ...tile, width: 256 })
  const stored = await storedTile(db, tile.level as number, tile.index)
  if (!stored) report.error('tree.tile_missing', path, 'there is no row of it')
  else if (!stored.equals(expected)) report.error('tree.tile_differs', path, 'it holds other hashes than lie below it')
}
