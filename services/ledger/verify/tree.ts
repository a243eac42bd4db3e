import { isFault } from '../../foundation/errors.ts'
import { parseEntryBundle } from '../format/bundle.ts'
import { leafHash } from '../format/entry.ts'
import { frontierOf, rootOf } from '../format/merkle.ts'
import { bundlesForGrowth, growTiles, readerOfTiles, type Tile, tilePath, tileWidthAt } from '../format/tiles.ts'

/** Something in the stored log that does not fit: where (path of the tile, or 'checkpoint') and what. */
export interface TreeFinding {
  readonly place: string
  readonly problem: string
}

/**
 * Recomputes a whole log from its entries and holds every hash tile and the root against them. Needs the memory of a few
 * tiles only, whatever the size.
 *
 * @param log.root root of a checkpoint that the caller has opened already
 * @param log.readTile content of a hash tile or an entry bundle as wide as named; its failures pass through to the caller
 * @param log.onLeaf is given every entry in order, for commitments and links to be looked at on the way
 * @returns all that does not fit, empty for a sound log; a bundle that cannot be read ends the check there
 */
export async function verifyTree(log: {
  size: number
  root: Uint8Array
  readTile: (tile: Tile) => Promise<Uint8Array>
  onLeaf?: (index: number, data: Buffer) => void
}): Promise<TreeFinding[]> {
  const findings: TreeFinding[] = []
  /** The growing right edge: at each level the tile that is not full yet, keyed by level. */
  const edge = new Map<Tile['level'], Buffer>()
  let size = 0
  for (const bundle of bundlesForGrowth(0, log.size)) {
    const entries = readEntries(await log.readTile(bundle), bundle)
    if (typeof entries === 'string') return [...findings, { place: tilePath(bundle), problem: entries }]
    for (const [offset, data] of entries.entries()) log.onLeaf?.(size + offset, data)
    const leafHashes = entries.map(leafHash)
    for (const { tile, bytes } of growTiles({ oldSize: size, leafHashes, partial: ({ level }) => edge.get(level)! })) {
      edge.set(tile.level, bytes)
      // A tile that will still grow is not stored in this width.
      if (tile.width !== tileWidthAt(log.size, tile.level, tile.index)) continue
      const problem = difference(await log.readTile(tile), bytes)
      if (problem !== undefined) findings.push({ place: tilePath(tile), problem })
    }
    size += entries.length
  }
  const root = rootOf(
    frontierOf(
      size,
      readerOfTiles(size, ({ level }) => edge.get(level)!),
    ),
  )
  if (Buffer.compare(root, log.root) !== 0) {
    findings.push({ place: 'checkpoint', problem: `the entries have the root ${root.toString('base64')}` })
  }
  return findings
}

function readEntries(bytes: Uint8Array, bundle: Tile): Buffer[] | string {
  try {
    return parseEntryBundle(bytes, bundle.width)
  } catch (error) {
    if (!isFault(error, 'malformed')) throw error
    return error.message
  }
}

function difference(stored: Uint8Array, computed: Buffer): string | undefined {
  if (Buffer.compare(stored, computed) === 0) return undefined
  if (stored.length !== computed.length) return `the tile has ${stored.length} bytes instead of ${computed.length}`
  for (let start = 0; start < computed.length; start += 32) {
    if (Buffer.compare(stored.subarray(start, start + 32), computed.subarray(start, start + 32)) !== 0) {
      return `hash ${start / 32} is not that of what lies below it`
    }
  }
  return undefined
}
