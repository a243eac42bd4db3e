import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Checkpoint } from '../../ledger/format/checkpoint.ts'
import { leafHash } from '../../ledger/format/entry.ts'
import { inclusionProof, nodesForInclusion, verifyInclusion } from '../../ledger/format/merkle.ts'
import { readerOfTiles, type Tile, tileAt, tilePath, tilesOfNodes } from '../../ledger/format/tiles.ts'
import type { Report } from '../fsck/finding.ts'
import type { LeafRow } from '../fsck/leaf-rows.ts'

type TileBytes = Map<string, Buffer>

/**
 * Leads each leaf through the stored tiles to the checkpoint's root, without reading the rest of the log. Where that fails
 * it says whether the leaf or a tile was changed. Returns the leaves that are not the ones of the tree.
 */
export async function checkInTree(
  db: Db,
  checkpoint: Checkpoint,
  leaves: readonly LeafRow[],
  report: Report,
): Promise<Set<number>> {
  const { size } = checkpoint
  const covered = leaves.filter(({ index }) => index < size)
  const tiles = neededTiles(covered, size)
  const stored = await storedTiles(db, tiles)
  const missing = tiles.filter((tile) => (stored.get(tilePath(tile))?.length ?? 0) < tile.width * 32)
  if (missing.length > 0) {
    for (const tile of missing)
      report.error('tree.tile_missing', wholePath(tile), 'there is no row of it, or it is cut')
    return new Set()
  }
  const broken: LeafRow[] = []
  const damaged = new Set<number>()
  const badTiles = new Set<string>()
  for (const leaf of covered) {
    const hash = leafHash(leaf.data)
    const tile = tileAt(size, 0, Math.floor(leaf.index / 256))
    const tileHash = stored.get(tilePath(tile))!.subarray((leaf.index % 256) * 32, ((leaf.index % 256) + 1) * 32)
    if (leadsToRoot(checkpoint, leaf.index, hash, stored)) {
      if (!leaf.hash.equals(hash)) {
        report.error('tree.leaf_hash_differs', `leaf ${leaf.index}`, 'its row names another hash than its data have')
      }
      if (!tileHash.equals(hash)) badTiles.add(wholePath(tile))
    } else if (leadsToRoot(checkpoint, leaf.index, tileHash, stored)) {
      damaged.add(leaf.index)
      report.error('tree.leaf_differs', `leaf ${leaf.index}`, 'it is not the leaf that tile and checkpoint hold')
    } else broken.push(leaf)
  }
  if (broken.length > 0) await explainBroken(db, checkpoint, { broken, tiles, stored, badTiles }, report)
  for (const path of badTiles) report.error('tree.tile_differs', path, 'it holds other hashes than its leaves have')
  return damaged
}

/** Puts the leaves' own hashes in the place of the lowest tiles: if that mends the paths, those tiles were changed. */
async function explainBroken(
  db: Db,
  checkpoint: Checkpoint,
  found: { broken: readonly LeafRow[]; tiles: readonly Tile[]; stored: TileBytes; badTiles: Set<string> },
  report: Report,
): Promise<void> {
  const mended = new Map(found.stored)
  const suspects: string[] = []
  for (const tile of found.tiles.filter(({ level }) => level === 0)) {
    const rows = await db
      .selectFrom('leaf')
      .select('hash')
      .where('index', '>=', tile.index * 256)
      .where('index', '<', tile.index * 256 + tile.width)
      .orderBy('index')
      .execute()
    const bytes = Buffer.concat(rows.map((row) => row.hash))
    const path = tilePath(tile)
    if (bytes.length !== tile.width * 32 || bytes.equals(found.stored.get(path)!.subarray(0, bytes.length))) continue
    mended.set(path, bytes)
    suspects.push(wholePath(tile))
  }
  const still = found.broken.filter((leaf) => !leadsToRoot(checkpoint, leaf.index, leafHash(leaf.data), mended))
  if (still.length < found.broken.length) for (const path of suspects) found.badTiles.add(path)
  if (still.length === 0) return
  const places = still.slice(0, 10).map(({ index }) => index)
  const problem = `through the stored tiles ${still.length} leaves do not lead to its root (${places.join(', ')} …): run \`custody fsck\``
  report.error('tree.path_differs', `checkpoint ${checkpoint.size}`, problem)
}

function leadsToRoot(checkpoint: Checkpoint, index: number, hash: Buffer, tiles: TileBytes): boolean {
  const { size, root } = checkpoint
  const read = readerOfTiles(size, (tile) => tiles.get(tilePath(tile))!.subarray(0, tile.width * 32))
  try {
    return verifyInclusion({ index, size, leafHash: hash, proof: inclusionProof(index, size, read), root })
  } catch (error) {
    if (isFault(error, 'malformed')) return false
    throw error
  }
}

function neededTiles(leaves: readonly LeafRow[], size: number): Tile[] {
  const tiles = new Map<string, Tile>()
  for (const { index } of leaves) {
    const own = tileAt(size, 0, Math.floor(index / 256))
    for (const tile of [own, ...tilesOfNodes(nodesForInclusion(index, size), size)]) tiles.set(tilePath(tile), tile)
  }
  return [...tiles.values()]
}

async function storedTiles(db: Db, tiles: readonly Tile[]): Promise<TileBytes> {
  const { rows } = await sql<{ level: number; index: number; hashes: Buffer }>`
    select tile.level, tile.index, tile.hashes
    from unnest(${tiles.map(({ level }) => level as number)}::int[], ${tiles.map(({ index }) => index)}::bigint[])
      as wanted (level, index)
    join tile on tile.level = wanted.level and tile.index = wanted.index`.execute(db)
  const stored = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hashes]))
  const found: TileBytes = new Map()
  for (const tile of tiles) {
    const bytes = stored.get(`${tile.level}/${tile.index}`)
    if (bytes) found.set(tilePath(tile), bytes)
  }
  return found
}

/** The name under which a tile is known however wide it is now. */
function wholePath(tile: Tile): string {
  return tilePath({ ...tile, width: 256 })
}
