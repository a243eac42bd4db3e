import { type HashReader, type Node, rootOfPerfect } from './merkle.ts'
import { checkCount, checkLength, checkSpelling, malformed, readDecimal } from './strict.ts'

/** c2sp.org/tlog-tiles: "Full tiles MUST be exactly 256 hashes wide, or 8,192 bytes." */
export const tileWidth = 256
/** A tile "represents the entire subtree of height 8 with its hashes as the leaves". */
const tileHeight = 8
const hashBytes = 32
const levelMax = 63

/** A hash tile, or with level 'entries' a bundle of entries. `width` is 1 to 256; below 256 the tile is partial. */
export interface Tile {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/**
 * `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, without a leading slash. "`<N>` … MUST be a non-negative integer
 * encoded into zero-padded 3-digit path elements. All but the last path element MUST begin with an `x`."
 *
 * @throws malformed for a tile that cannot exist
 */
export function tilePath(tile: Tile): string {
  checkTile(tile)
  const digits = String(tile.index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) as string[]
  const last = groups.pop()
  const folders = groups.map((group) => `x${group}/`).join('')
  const partial = tile.width === tileWidth ? '' : `.p/${tile.width}`
  return `tile/${tile.level}/${folders}${last}${partial}`
}

/**
 * Reads what `tilePath` writes, and nothing else.
 *
 * @throws malformed
 */
export function parseTilePath(path: string): Tile {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (parts === null) throw malformed('not the path of a tile')
  const [, level, index, width] = parts as unknown as [string, string, string, string | undefined]
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : readDecimal(width, 'the width of the tile'),
  }
  checkSpelling(tilePath(tile), path, 'the path of the tile')
  return tile
}

/**
 * How wide a tile is in a tree of `size` leaves: 256, less for the last one of its level ("floor(s / 256**l) mod 256"), 0
 * when the tree does not have it.
 */
export function tileWidthAt(size: number, level: number | 'entries', index: number): number {
  const hashes = hashesAtLevel(size, level === 'entries' ? 0 : level)
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth))
}

/** The tile that holds `index` at `level`, as wide as a tree of `size` has it. */
export function tileAt(size: number, level: number | 'entries', index: number): Tile {
  const tile = { level, index, width: tileWidthAt(size, level, index) }
  checkTile(tile)
  return tile
}

/** The partial hash tiles of a tree, lowest level first: what appending needs of the old tree besides the new leaves. */
export function partialTiles(size: number): Tile[] {
  checkCount(size, 'the tree size')
  return levelsOf(size).flatMap((level) => {
    const hashes = hashesAtLevel(size, level)
    const width = hashes % tileWidth
    return width === 0 ? [] : [{ level, index: Math.floor(hashes / tileWidth), width }]
  })
}

/** The hash tiles that are new or wider when a tree grows, lowest level first. */
export function tilesForGrowth(oldSize: number, newSize: number): Tile[] {
  checkGrowth(oldSize, newSize)
  return levelsOf(newSize).flatMap((level) => touched(oldSize, newSize, level, level))
}

/** The entry bundles that are new or longer when a tree grows. */
export function bundlesForGrowth(oldSize: number, newSize: number): Tile[] {
  checkGrowth(oldSize, newSize)
  return touched(oldSize, newSize, 0, 'entries')
}

/**
 * The contents of `tilesForGrowth(oldSize, oldSize + leafHashes.length)`.
 *
 * @param partial bytes of each of `partialTiles(oldSize)`
 * @throws malformed when a partial tile has not the bytes of its width, or a leaf hash is not 32 bytes
 */
export function growTiles(growth: {
  oldSize: number
  leafHashes: readonly Uint8Array[]
  partial: (tile: Tile) => Uint8Array
}): { tile: Tile; bytes: Buffer }[] {
  checkCount(growth.oldSize, 'the old tree size')
  for (const leaf of growth.leafHashes) checkLength(leaf, hashBytes, 'a leaf hash')
  const grown: { tile: Tile; bytes: Buffer }[] = []
  let added: readonly Uint8Array[] = growth.leafHashes
  for (let level = 0; added.length > 0; level++) {
    const before = hashesAtLevel(growth.oldSize, level)
    const first = Math.floor(before / tileWidth)
    const kept = tileAtOldEdge(growth, level, first, before % tileWidth)
    const bytes = Buffer.concat([kept, ...added])
    const above: Buffer[] = []
    for (let index = first, start = 0; start < bytes.length; index++, start += tileWidth * hashBytes) {
      const content = bytes.subarray(start, start + tileWidth * hashBytes)
      const width = content.length / hashBytes
      grown.push({ tile: { level, index, width }, bytes: content })
      // "A partial tile … MUST NOT be hashed into a tile at the level above."
      if (width === tileWidth) above.push(rootOfPerfect(content))
    }
    added = above
  }
  return grown
}

/** The tiles that hold these subtrees, each once, as wide as a tree of `size` has them. */
export function tilesOfNodes(nodes: readonly Node[], size: number): Tile[] {
  const tiles = new Map<string, Tile>()
  for (const node of nodes) {
    const { tile } = locate(node, size)
    tiles.set(tilePath(tile), tile)
  }
  return [...tiles.values()]
}

/**
 * Reads subtrees out of the tiles of a tree of `size`.
 *
 * @param tileBytes content of a tile as wide as named
 */
export function readerOfTiles(size: number, tileBytes: (tile: Tile) => Uint8Array): HashReader {
  return (level, index) => {
    const { tile, first, count } = locate({ level, index }, size)
    const bytes = tileBytes(tile)
    checkLength(bytes, tile.width * hashBytes, tilePath(tile))
    return rootOfPerfect(bytes.subarray(first * hashBytes, (first + count) * hashBytes))
  }
}

/** The single hashes of a tile. */
export function hashesOfTile(bytes: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += hashBytes) hashes.push(bytes.subarray(start, start + hashBytes))
  return hashes
}

function tileAtOldEdge(
  growth: { partial: (tile: Tile) => Uint8Array },
  level: number,
  index: number,
  width: number,
): Uint8Array {
  if (width === 0) return new Uint8Array()
  const tile = { level, index, width }
  const bytes = growth.partial(tile)
  checkLength(bytes, width * hashBytes, tilePath(tile))
  return bytes
}

function touched(oldSize: number, newSize: number, level: number, name: Tile['level']): Tile[] {
  const before = hashesAtLevel(oldSize, level)
  const after = hashesAtLevel(newSize, level)
  const tiles: Tile[] = []
  if (after === before) return tiles
  for (let index = Math.floor(before / tileWidth); index * tileWidth < after; index++) {
    tiles.push({ level: name, index, width: tileWidthAt(newSize, level, index) })
  }
  return tiles
}

/** Where a subtree lies: in one tile, since tiles are aligned subtrees themselves. */
function locate(node: Node, size: number): { tile: Tile; first: number; count: number } {
  const level = Math.floor(node.level / tileHeight)
  const count = 2 ** (node.level % tileHeight)
  const start = node.index * count
  const index = Math.floor(start / tileWidth)
  const first = start - index * tileWidth
  const width = tileWidthAt(size, level, index)
  if (first + count > width)
    throw malformed(`a tree of ${size} leaves has no node ${node.index} at level ${node.level}`)
  return { tile: { level, index, width }, first, count }
}

function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level)
}

function levelsOf(size: number): number[] {
  const levels: number[] = []
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) levels.push(level)
  return levels
}

function checkTile({ level, index, width }: Tile): void {
  if (level !== 'entries') {
    checkCount(level, 'the level of the tile')
    if (level > levelMax) throw malformed(`a tile has a level of 0 to ${levelMax}: ${level}`)
  }
  checkCount(index, 'the index of the tile')
  if (!Number.isSafeInteger(width) || width < 1 || width > tileWidth) {
    throw malformed(`a tile is 1 to ${tileWidth} wide: ${width}`)
  }
}

function checkGrowth(oldSize: number, newSize: number): void {
  checkCount(oldSize, 'the old tree size')
  checkCount(newSize, 'the new tree size')
  if (oldSize > newSize) throw malformed(`a tree of ${oldSize} leaves cannot grow to ${newSize}`)
}
