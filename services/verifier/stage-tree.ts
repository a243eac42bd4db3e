import { isFault } from '../foundation/errors.ts'
import { frontierOf, type Node, rootOf } from '../ledger/format/merkle.ts'
import { readerOfTiles, type Tile, tilePath, tilesOfNodes, tileWidthAt } from '../ledger/format/tiles.ts'
import type { ReadTile } from '../ledger/verify/tree-walk.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'

export const treeFolder = 'data/ledger/'
/** The longest bundle: 256 entries of 65,535 bytes with their lengths. */
const tileBytesMax = 256 * 65_537

/** The tree's files by their paths in the package. */
export type TreePaths = ReadonlySet<string>

/**
 * Stage 3, first half: every tile and bundle is there, by path alone. Null when one is missing: nothing can be said about
 * events then.
 */
export function findTree(bag: Bag, treeSize: number, findings: Findings): TreePaths | null {
  const found = new Set<string>()
  for (const path of pathsOfTree(treeSize)) {
    if (!bag.has(path)) {
      findings.add('tile_missing', path)
      return null
    }
    found.add(path)
  }
  return found
}

/** Reads a tile or bundle by its path in the log. */
export function treeReader(bag: Bag): ReadTile {
  return (path) => bag.read(`${treeFolder}${path}`, tileBytesMax)
}

/** The root of the tree's first `size` leaves, from its tiles; null when one of them has not the bytes of its width. */
export async function rootAt(bag: Bag, treeSize: number, size: number): Promise<Buffer | null> {
  const nodes: Node[] = []
  frontierOf(size, (level, index) => {
    nodes.push({ level, index })
    return Buffer.alloc(32)
  })
  const readTile = treeReader(bag)
  const tiles = new Map<string, Uint8Array>()
  for (const tile of tilesOfNodes(nodes, treeSize)) {
    const path = tilePath(tile)
    tiles.set(path, await readTile(path))
  }
  try {
    const read = readerOfTiles(treeSize, (tile) => tiles.get(tilePath(tile))!)
    return rootOf(frontierOf(size, read))
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}

/** One after another, since a checkpoint may name any size: whoever asks stops at the first that is missing. */
function* pathsOfTree(size: number): Generator<string> {
  const pathOf = (tile: Tile) => `${treeFolder}${tilePath(tile)}`
  for (const level of levelsOf(size)) {
    for (let index = 0; ; index++) {
      const width = tileWidthAt(size, level, index)
      if (width === 0) break
      yield pathOf({ level, index, width })
      if (level === 0) yield pathOf({ level: 'entries', index, width })
    }
  }
}

function levelsOf(size: number): number[] {
  const levels: number[] = []
  while (tileWidthAt(size, levels.length, 0) > 0) levels.push(levels.length)
  return levels
}
