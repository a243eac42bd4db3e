import type { Db } from '../../foundation/db/database.ts'
import { bundlesForGrowth, partialTiles, type Tile, tileAt, tilesForGrowth, tileWidth } from '../format/tiles.ts'
import { requireEntryBundle } from '../log/entry-bundle.ts'
import { readStoredTiles } from '../log/sequence/stored-tiles.ts'
import type { ArchiveNames } from './names.ts'

export interface Batch {
  readonly first: number
  readonly count: number
  /** With it go the partial tiles of the tree that it ends. */
  readonly with_partial_tiles: boolean
}

/**
 * The objects that a store gets with a batch, in the order in which they are written: tiles, keys, checkpoint, and last
 * the events. So where the events lie, everything lies that they need.
 */
export function objectsOfBatch(names: ArchiveNames, batch: Batch): { tiles: Tile[]; keys: string[] } {
  const { first, count } = batch
  return {
    tiles: tilesOfBatch(batch),
    keys: [names.keys(first, count), names.checkpoint(first + count), names.events(first, count)],
  }
}

/** The tiles and entry bundles that became full with the batch; with the daily one also those that are not full yet. */
export function tilesOfBatch({ first, count, with_partial_tiles }: Batch): Tile[] {
  const size = first + count
  const grown = [...tilesForGrowth(first, size), ...bundlesForGrowth(first, size)]
  const full = grown.filter(({ width }) => width === tileWidth)
  return with_partial_tiles ? [...full, ...edgeOf(size)] : full
}

function edgeOf(size: number): Tile[] {
  const rest = size % tileWidth
  const bundle = rest === 0 ? [] : [tileAt(size, 'entries', Math.floor(size / tileWidth))]
  return [...partialTiles(size), ...bundle]
}

/** A tile's bytes from the tables. @throws log_forked when it is not there */
export async function readTile(db: Db, tile: Tile): Promise<Buffer> {
  if (tile.level !== 'entries') return (await readStoredTiles(db, [tile]))(tile)
  return requireEntryBundle(db, tile)
}
