import { isFault } from '../foundation/errors.ts'
import type { Checkpoint } from '../ledger/format/checkpoint.ts'
import { frontierOf, type Node, rootOf } from '../ledger/format/merkle.ts'
import { readerOfTiles, type Tile, tilePath, tilesOfNodes, tileWidthAt } from '../ledger/format/tiles.ts'
import { type TreeWalk, walkTree } from '../ledger/verify/tree-walk.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import type { EventLine } from './package-files.ts'

const folder = 'data/ledger/'
/** The longest bundle: 256 entries of 65,535 bytes with their lengths. */
const tileBytesMax = 256 * 65_537

/** The tree's files by their paths in the package. */
export type TreePaths = ReadonlySet<string>

/**
 * Stage 3: every tile and bundle is there, entries and tiles lead to the signed root. Null when a file of the tree is
 * missing or a bundle cannot be read: nothing can be said about events then.
 *
 * @param wanted the tags (hex) and events whose places are looked for on the way
 */
export async function checkTree(
  bag: Bag,
  checkpoint: Checkpoint,
  wanted: { tags: ReadonlySet<string>; events: readonly EventLine[] },
  findings: Findings,
): Promise<{ walk: TreeWalk; paths: TreePaths } | null> {
  const paths = new Set<string>()
  for (const path of pathsOfTree(checkpoint.size)) {
    if (!bag.has(path)) {
      findings.add('tile_missing', path)
      return null
    }
    paths.add(path)
  }
  const walk = await walkTree(checkpoint, (path) => bag.read(`${folder}${path}`, tileBytesMax), wanted)
  for (const { code, where, what } of walk.findings) {
    if (!isTreeCode(code)) throw new Error(`the walk of a tree found ${code}`)
    const isPath = where.startsWith('tile/')
    findings.add(code, isPath ? `${folder}${where}` : where, what)
  }
  return walk.complete ? { walk, paths } : null
}

/** The root of the tree's first `size` leaves, from its tiles; null when one of them has not the bytes of its width. */
export async function rootAt(bag: Bag, treeSize: number, size: number): Promise<Buffer | null> {
  const nodes: Node[] = []
  frontierOf(size, (level, index) => {
    nodes.push({ level, index })
    return Buffer.alloc(32)
  })
  const tiles = new Map<string, Uint8Array>()
  for (const tile of tilesOfNodes(nodes, treeSize)) {
    const path = tilePath(tile)
    tiles.set(path, await bag.read(`${folder}${path}`, tileBytesMax))
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
  const pathOf = (tile: Tile) => `${folder}${tilePath(tile)}`
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

const treeCodes = ['leaf_differs', 'root_differs', 'tile_differs', 'leaf_malformed', 'bundle_malformed'] as const

function isTreeCode(code: string): code is (typeof treeCodes)[number] {
  return (treeCodes as readonly string[]).includes(code)
}
