import { sha256 } from '../../foundation/hash.ts'
import type { ObjectVersion } from '../../foundation/store/store.ts'
import { type BatchLine, readBatch, unsealEvent } from '../archive/batch-file.ts'
import { tilesOfBatch } from '../archive/batch-objects.ts'
import { type BatchKey, unwrapKeys } from '../archive/keys-file.ts'
import { encodeEntryBundle } from '../format/bundle.ts'
import { checkBody, commitmentOf, type LeafData, leafHash, parseLeafData } from '../format/entry.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { appendToFrontier, emptyFrontier, type Frontier, rootOf } from '../format/merkle.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { unproven } from '../format/strict.ts'
import { bundlesForGrowth, growTiles, partialTiles, type Tile, tilePath, tileWidth } from '../format/tiles.ts'
import { type LinkCounter, openLinkCounter, type RebuiltLink, type RebuiltSecret } from './count-links.ts'
import { type Inventory, reading, readObject, type StoredBatch } from './inventory.ts'

export interface RebuildKeys {
  readonly log: LogKeys
  readonly vrfSecretKey: Uint8Array
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string
}

export interface RebuiltEvent {
  readonly kind: string
  readonly at: string
  readonly body: string
  readonly salt: Buffer
  readonly subjects: readonly string[]
  readonly committedAt: string
}

export interface RebuiltLeaf {
  readonly index: number
  readonly id: string
  readonly data: Buffer
  readonly hash: Buffer
  readonly commitment: Buffer
  /** Null when its key was erased, or its body was lost before it was archived. */
  readonly event: RebuiltEvent | null
}

export interface RebuiltBatch extends StoredBatch {
  readonly leaves: readonly RebuiltLeaf[]
  readonly links: readonly RebuiltLink[]
  readonly keys: readonly BatchKey[]
  readonly checkpoint: { readonly size: number; readonly root: Buffer; readonly note: string; readonly at: Date }
  readonly withPartialTiles: boolean
  readonly copies: readonly { readonly object: ObjectVersion; readonly sha256: Buffer; readonly bytes: number }[]
}

interface Tree {
  frontier: Frontier
  /** The newest tile of each level, as wide as the tree has it. */
  readonly edge: Map<Tile['level'], Buffer>
  /** Entries of the bundle that is not full yet. */
  entries: Buffer[]
}

/**
 * Reads every batch of a store in order and yields it only after everything in it was proven: each body against its leaf,
 * the leaves against tiles and signed checkpoint, the links against the leaves. What cannot be proven ends it.
 *
 * @throws unproven naming store, object and what is wrong; store_down
 */
export async function* verifiedBatches(
  inventory: Inventory,
  keys: RebuildKeys,
  secrets: Map<string, RebuiltSecret>,
): AsyncGenerator<RebuiltBatch> {
  const links = openLinkCounter(keys.vrfSecretKey, secrets)
  const tree: Tree = { frontier: emptyFrontier, edge: new Map(), entries: [] }
  for (const batch of inventory.batches) {
    const isLast = batch === inventory.batches.at(-1)
    yield await verifyBatch(inventory, keys, { batch, isLast }, tree, links)
  }
}

async function verifyBatch(
  inventory: Inventory,
  keys: RebuildKeys,
  { batch, isLast }: { batch: StoredBatch; isLast: boolean },
  tree: Tree,
  counter: LinkCounter,
): Promise<RebuiltBatch> {
  const { names } = inventory
  const { first, count } = batch
  const size = first + count
  const copies: { object: ObjectVersion; sha256: Buffer; bytes: number }[] = []
  const read = async (key: string): Promise<Buffer> => {
    const bytes = await readObject(inventory, key)
    copies.push({ object: inventory.objects.get(key)!, sha256: sha256(bytes), bytes: bytes.length })
    return bytes
  }
  const place = { logId: names.logId, first, count }
  const keysKey = names.keys(first, count)
  const keysBytes = await read(keysKey)
  const batchKeys = await reading(inventory, keysKey, () => unwrapKeys(place, keysBytes, keys.identity))
  const eventsKey = names.events(first, count)
  const eventsBytes = await read(eventsKey)
  const { leaves, links, at } = await reading(inventory, eventsKey, () => {
    const { head, lines } = readBatch(eventsBytes)
    if (head.logId !== place.logId || head.first !== first || head.count !== count) {
      throw unproven(`it is the batch ${head.first}-${head.count} of ${head.logId}`)
    }
    // Of a batch that overlaps the one before, only what is new.
    const fresh = lines.filter(({ index }) => index >= tree.frontier.size)
    const opened = openLines(fresh, batchKeys, names.logId)
    return { leaves: opened, links: opened.flatMap((leaf) => linksOf(leaf, counter)), at: head.at }
  })
  const contents = appendLeaves(tree, leaves)
  const root = rootOf(tree.frontier)
  const checkpointKey = names.checkpoint(size)
  const note = (await read(checkpointKey)).toString('utf8')
  const signed = await reading(inventory, checkpointKey, () => signedRoot(note, keys, size))
  // Before the tiles: where the checkpoint is signed and the root another, it is the events that were changed.
  await reading(inventory, eventsKey, () => {
    if (!signed.equals(root)) throw unproven(`its leaves lead to another root than checkpoint ${size} signs`)
  })
  const withPartialTiles = await compareTiles(inventory, { batch, contents }, read)
  const rest = isLast ? counter.rest() : []
  const checkpoint = { size, root, note: ownLines(note, keys.log.origin), at }
  return { first, count, leaves, links: [...links, ...rest], keys: batchKeys, checkpoint, withPartialTiles, copies }
}

function openLines(lines: readonly BatchLine[], keys: readonly BatchKey[], logId: string): RebuiltLeaf[] {
  const keyOf = new Map(keys.flatMap(({ key, events }) => events.map((index) => [index, key] as const)))
  return lines.map(({ index, id, leaf, sealed }) => {
    const data = parseLeafData(leaf)
    const key = keyOf.get(index)
    const event = sealed && key ? openEvent({ index, id, sealed, data }, key, logId) : null
    return { index, id, data: leaf, hash: leafHash(leaf), commitment: Buffer.from(data.commitment, 'hex'), event }
  })
}

function openEvent(
  line: { index: number; id: string; sealed: Buffer; data: LeafData },
  key: Buffer,
  logId: string,
): RebuiltEvent {
  const { index, id, sealed, data } = line
  const { body, salt, committedAt } = unsealEvent(sealed, key, { logId, index })
  if (commitmentOf(salt, body).toString('hex') !== data.commitment) {
    throw unproven(`body and salt of leaf ${index} are not what the leaf committed`)
  }
  const { id: ownId, kind, at, subjects } = checkBody(body)
  if (ownId !== undefined && ownId !== id) throw unproven(`leaf ${index} is event ${ownId}, not ${id}`)
  return { kind, at, body, salt, committedAt, subjects: subjects.map((subject) => `${subject.type}:${subject.id}`) }
}

function linksOf({ index, id, data, event }: RebuiltLeaf, counter: LinkCounter): RebuiltLink[] {
  const place = { index, id, data: parseLeafData(data) }
  if (event) return counter.take(place, event.subjects)
  counter.takeErased(place)
  return []
}

/** Holds the tiles that the store got with the batch against the leaves. Answers whether the tree's edge is among them. */
async function compareTiles(
  inventory: Inventory,
  { batch, contents }: { batch: StoredBatch; contents: ReadonlyMap<string, Buffer> },
  read: (key: string) => Promise<Buffer>,
): Promise<boolean> {
  const { names, objects } = inventory
  const withPartialTiles = tilesOfBatch({ ...batch, with_partial_tiles: true }).every((tile) =>
    objects.has(names.tile(tile)),
  )
  for (const tile of tilesOfBatch({ ...batch, with_partial_tiles: withPartialTiles })) {
    const bytes = contents.get(tilePath(tile))
    // Of a batch that overlaps the one before: compared with that one.
    if (!bytes) continue
    const key = names.tile(tile)
    await reading(inventory, key, async () => {
      if (!(await read(key)).equals(bytes)) throw unproven('it is not the tile of the archived events')
    })
  }
  return withPartialTiles
}

/** Grows the tree. Answers the contents of all tiles that are new or at its edge, by their paths. */
function appendLeaves(tree: Tree, leaves: readonly RebuiltLeaf[]): Map<string, Buffer> {
  const oldSize = tree.frontier.size
  const leafHashes = leaves.map(({ hash }) => hash)
  const grown = growTiles({ oldSize, leafHashes, partial: ({ level }) => tree.edge.get(level)! })
  tree.frontier = appendToFrontier(tree.frontier, leafHashes)
  const { size } = tree.frontier
  for (const { tile, bytes } of grown) tree.edge.set(tile.level, bytes)
  const entries = [...tree.entries, ...leaves.map(({ data }) => data)]
  const firstBundle = Math.floor(oldSize / tileWidth)
  const bundleOf = (index: number, width: number) => {
    const start = (index - firstBundle) * tileWidth
    return encodeEntryBundle(entries.slice(start, start + width))
  }
  tree.entries = entries.slice((Math.floor(size / tileWidth) - firstBundle) * tileWidth)
  return new Map([
    ...partialTiles(size).map((tile) => [tilePath(tile), tree.edge.get(tile.level)!] as const),
    ...grown.map(({ tile, bytes }) => [tilePath(tile), bytes] as const),
    ...bundlesForGrowth(oldSize, size).map((tile) => [tilePath(tile), bundleOf(tile.index, tile.width)] as const),
  ])
}

function signedRoot(note: string, keys: RebuildKeys, size: number): Buffer {
  const checkpoint = openCheckpoint(note, keys.log)
  if (checkpoint.size !== size) throw unproven(`it signs a tree of ${checkpoint.size} leaves`)
  return checkpoint.root
}

/** The note with the log's own signatures: cosignatures are kept apart in the database, and witnesses give them again. */
function ownLines(note: string, origin: string): string {
  const split = note.lastIndexOf('\n\n') + 2
  const lines = note.slice(split).split('\n').slice(0, -1)
  const own = lines.filter((line) => line.startsWith(`\u2014 ${origin} `))
  return `${note.slice(0, split)}${own.join('\n')}\n`
}
