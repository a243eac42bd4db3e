import { isFault } from '../../foundation/errors.ts'
import { parseEntryBundle } from '../format/bundle.ts'
import type { Checkpoint } from '../format/checkpoint.ts'
import { commitmentOf, isLeafData, leafFieldLength, leafFieldStarts, leafHash } from '../format/entry.ts'
import { frontierOf, rootOf } from '../format/merkle.ts'
import { hashesOfTile, parseTilePath, partialTiles, readerOfTiles, type Tile, tilePath } from '../format/tiles.ts'
import type { LedgerFinding } from './finding.ts'
import { type TreeFinding, verifyTree } from './tree.ts'

/** Reads a tile or entry bundle by its path (`tile/0/000.p/7`). @throws not_found when the log does not have it */
export type ReadTile = (path: string) => Promise<Uint8Array>

/** An event that is looked for in the tree. `body` is the committed text, `salt` hex. */
export interface CommittedEvent {
  /** The leaf that it claims; null while the checkpoint does not cover it, and then nothing is proven about it. */
  readonly index: number | null
  readonly body: string
  readonly salt: string
}

/** SHA-256(salt || body) in hex, null for what can have no commitment. */
export function commitmentOrNull({ salt, body }: Pick<CommittedEvent, 'salt' | 'body'>): string | null {
  try {
    return commitmentOf(Buffer.from(salt, 'hex'), body).toString('hex')
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}

/** What one pass over all entries found of what was looked for. */
export interface TreeWalk {
  /** False when the walk had to stop: nothing can be said about events then. */
  readonly isComplete: boolean
  readonly findings: readonly LedgerFinding[]
  /** Entries at the indexes that events claim. */
  readonly leaves: ReadonlyMap<number, Buffer>
  /** Where the events' commitments (hex) stand. */
  readonly commitments: ReadonlyMap<string, number>
  /** Where the tags (hex) that were looked for stand: one leaf each in a sound log. */
  readonly tags: ReadonlyMap<string, readonly number[]>
  /** Leaves that are not what the tree holds: what they say counts for nothing. */
  readonly damaged: ReadonlySet<number>
}

/**
 * Reads every entry and tile of the checkpoint's tree once, in the memory of a few tiles, and keeps the leaves, commitments
 * and tags that were asked for.
 */
export async function walkTree(
  checkpoint: Checkpoint,
  read: ReadTile,
  wanted: { tags: ReadonlySet<string>; events: readonly CommittedEvent[] },
): Promise<TreeWalk> {
  const indexes = new Set(wanted.events.map((event) => event.index))
  const wantedCommitments = new Set(wanted.events.map(commitmentOrNull).filter((commitment) => commitment !== null))
  const maybe = prefixFilter([...wantedCommitments, ...wanted.tags])
  const leaves = new Map<number, Buffer>()
  const commitments = new Map<string, number>()
  const tags = new Map<string, number[]>()
  const malformed: number[] = []
  const onLeaf = (index: number, data: Buffer): void => {
    if (!isLeafData(data)) {
      malformed.push(index)
      return
    }
    if (indexes.has(index)) leaves.set(index, Buffer.from(data))
    for (const start of leafFieldStarts) {
      if (!maybe(data, start)) continue
      const field = data.toString('latin1', start, start + leafFieldLength)
      if (start === leafFieldStarts[0]) {
        if (wantedCommitments.has(field)) commitments.set(field, index)
      } else if (wanted.tags.has(field)) tags.set(field, [...(tags.get(field) ?? []), index])
    }
  }
  const { isComplete, findings } = await treeFindings(checkpoint, read, onLeaf)
  const differing = findings.filter(({ code }) => code === 'leaf_differs').map(leafIndexOf)
  // A leaf that another entry stands in for is named once, whatever that entry is.
  const bad = malformed.filter((index) => !differing.includes(index))
  return {
    isComplete,
    findings: [...findings, ...bad.map(malformedLeaf)],
    leaves,
    commitments,
    tags,
    damaged: new Set([...differing, ...malformed]),
  }
}

async function treeFindings(
  checkpoint: Checkpoint,
  read: ReadTile,
  onLeaf: (index: number, data: Buffer) => void,
): Promise<{ isComplete: boolean; findings: LedgerFinding[] }> {
  let path = ''
  const readTile = (tile: Tile): Promise<Uint8Array> => {
    path = tilePath(tile)
    return read(path)
  }
  try {
    const found = await verifyTree({ size: checkpoint.size, root: checkpoint.root, readTile, onLeaf })
    return await causesOf(found, checkpoint, readTile)
  } catch (error) {
    if (!isFault(error, 'not_found')) throw error
    return { isComplete: false, findings: [{ code: 'tile_missing', where: path, what: 'the log does not have it' }] }
  }
}

/**
 * One wrong entry changes every hash above it, so what `verifyTree` lists are often consequences. The signed root decides:
 * when the entries lead to it the tiles are wrong; when the tiles lead to it, the entries are.
 */
async function causesOf(
  found: readonly TreeFinding[],
  checkpoint: Checkpoint,
  readTile: (tile: Tile) => Promise<Uint8Array>,
): Promise<{ isComplete: boolean; findings: LedgerFinding[] }> {
  const root = found.find(({ place }) => place === 'checkpoint')
  const bundle = found.find(({ place }) => place.startsWith('tile/entries/'))
  if (bundle) {
    const finding: LedgerFinding = { code: 'bundle_malformed', where: bundle.place, what: bundle.problem }
    return { isComplete: false, findings: [finding] }
  }
  const tiles = found.filter(({ place }) => place !== 'checkpoint')
  if (!root) return { isComplete: true, findings: tiles.map(tileFinding) }
  const lowest = tiles.filter(({ place }) => place.startsWith('tile/0/'))
  const differing = await Promise.all(lowest.map(({ place }) => differingLeaves(parseTilePath(place), readTile)))
  const findings: LedgerFinding[] = differing.flat().map((index) => ({
    code: 'leaf_differs',
    where: `leaf ${index}`,
    what: 'the entry has another hash than the tree holds for it',
  }))
  if (findings.length > 0 && (await tilesLeadTo(checkpoint, readTile))) return { isComplete: true, findings }
  return {
    isComplete: true,
    findings: [...findings, { code: 'root_differs', where: 'checkpoint', what: root.problem }],
  }
}

async function differingLeaves(tile: Tile, readTile: (tile: Tile) => Promise<Uint8Array>): Promise<number[]> {
  const hashes = hashesOfTile(await readTile(tile))
  const entries = parseEntryBundle(await readTile({ ...tile, level: 'entries' }), tile.width)
  return entries.flatMap((data, offset) => {
    const stored = hashes[offset]
    return stored && leafHash(data).equals(stored) ? [] : [tile.index * 256 + offset]
  })
}

async function tilesLeadTo(checkpoint: Checkpoint, readTile: (tile: Tile) => Promise<Uint8Array>): Promise<boolean> {
  const edge = new Map<string, Uint8Array>()
  for (const tile of partialTiles(checkpoint.size)) edge.set(tilePath(tile), await readTile(tile))
  try {
    const read = readerOfTiles(checkpoint.size, (tile) => edge.get(tilePath(tile))!)
    return rootOf(frontierOf(checkpoint.size, read)).equals(checkpoint.root)
  } catch (error) {
    // A tile of another length leads nowhere.
    if (isFault(error, 'malformed')) return false
    throw error
  }
}

/**
 * Whether one of these hexes may begin at a place: by its first four digits, so that of millions of fields few become
 * texts to be looked up.
 */
function prefixFilter(hexes: readonly string[]): (bytes: Uint8Array, start: number) => boolean {
  const known = new Uint8Array(0x10000)
  for (const hex of hexes) known[Number.parseInt(hex.slice(0, 4), 16)] = 1
  return (bytes, start) => {
    const high = (digitValue[bytes[start]!]! << 4) | digitValue[bytes[start + 1]!]!
    const low = (digitValue[bytes[start + 2]!]! << 4) | digitValue[bytes[start + 3]!]!
    return known[(high << 8) | low] === 1
  }
}

const digitValue = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(value) ? 0 : value
})

function tileFinding({ place, problem }: TreeFinding): LedgerFinding {
  return { code: 'tile_differs', where: place, what: problem }
}

function malformedLeaf(index: number): LedgerFinding {
  return { code: 'leaf_malformed', where: `leaf ${index}`, what: 'the entry is not {commitment, links, v:1}' }
}

function leafIndexOf({ where }: LedgerFinding): number {
  return Number(where.slice('leaf '.length))
}
