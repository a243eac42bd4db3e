import type { Db } from '../../foundation/db/database.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'
import { tilePath, tileWidth } from '../../ledger/format/tiles.ts'
import { newestTrusted, trustedCheckpoints } from './checkpoints.ts'
import { checkEventTimes } from './event-times.ts'
import { checkUnplacedEvents, type EventChecker, openEventChecker } from './events.ts'
import type { Report } from './finding.ts'
import { openLeafJudge } from './leaf-judge.ts'
import { leafCount, leafRows, storedTile, tiledLeaves } from './leaf-rows.ts'
import { checkStoredNumbers, checkStoredSecrets, checkStrayLinks } from './links.ts'
import { checkTileList, checkUpperTiles } from './upper-tiles.ts'

export interface TreeTrust {
  readonly log: LogKeys
  /** Without it the subjects' secrets are only compared with the leaves, not checked against the log's VRF key. */
  readonly vrfPublicKey: Uint8Array | null
}

/**
 * The ledger against itself: events, leaves, links, secrets, tiles and checkpoints, in batches of one tile. `db` is a
 * snapshot (repeatable read), so that a log that grows meanwhile does not look torn.
 */
export async function checkTree(db: Db, trust: TreeTrust, report: Report, signal?: AbortSignal): Promise<void> {
  const badSecrets = await checkStoredSecrets(db, trust.vrfPublicKey, report, signal)
  const checker = openEventChecker(db, badSecrets, report)
  const treeSize = await sizeOfTree(db, trust.log, report)
  const corrections = await checkLeaves(db, { treeSize, log: trust.log, signal }, checker, report)
  await checkUpperTiles(db, treeSize, corrections, report)
  await checkTileList(db, treeSize, report)
  await checkUnplacedEvents(db, Math.max(treeSize, await leafCount(db)), report)
  const stray = await checkStrayLinks(db, null, report)
  await checkStoredNumbers(db, null, new Set([...checker.namedSubjects, ...stray.subjects]), report)
  await checkEventTimes(db, report)
}

/** Leaves that tiles and checkpoints must cover. Tiles that go beyond the newest checkpoint mean that it was taken away. */
async function sizeOfTree(db: Db, log: LogKeys, report: Report): Promise<number> {
  const { size, untrusted } = await newestTrusted(db, log)
  const tiled = await tiledLeaves(db)
  if (tiled <= size || tiled > (await leafCount(db))) return size
  if (!untrusted.includes(tiled)) {
    report.error(
      'tree.checkpoint_missing',
      `checkpoint ${tiled}`,
      `tiles hold ${tiled} leaves, the newest signed ${size}`,
    )
  }
  return tiled
}

async function checkLeaves(
  db: Db,
  tree: { treeSize: number; log: LogKeys; signal?: AbortSignal },
  checker: EventChecker,
  report: Report,
): Promise<ReadonlyMap<number, Buffer>> {
  const judge = openLeafJudge(report)
  const checkpoints = trustedCheckpoints(db, tree.log, report)
  let next = await checkpoints.next()
  const passed = async (size: number) => {
    const sound = []
    while (!next.done && next.value.size <= size) {
      if (next.value.size === size) sound.push(...judge.decide(next.value))
      next = await checkpoints.next()
    }
    return sound
  }
  await passed(0)
  const count = Math.max(await leafCount(db), tree.treeSize)
  for (let first = 0; first < count; first += tileWidth) {
    tree.signal?.throwIfAborted()
    const end = Math.min(first + tileWidth, count)
    const rows = await leafRows(db, first, end)
    const tile = await lowestTile(db, first, tree.treeSize, report)
    for (let index = first; index < end; index++) {
      const sound = judge.take(index, rows.get(index), tile.hashAt(index))
      if (sound) await checker.take(sound)
      for (const row of await passed(index + 1)) await checker.take(row)
    }
    await checker.flush()
  }
  // Checkpoints beyond the last leaf are looked at for their signatures.
  await passed(Number.MAX_SAFE_INTEGER)
  return judge.end().corrections
}

async function lowestTile(db: Db, first: number, treeSize: number, report: Report) {
  const index = first / tileWidth
  const width = Math.min(tileWidth, treeSize - first)
  if (width <= 0) return { hashAt: () => undefined }
  const hashes = await storedTile(db, 0, index)
  const path = tilePath({ level: 0, index, width: tileWidth })
  if (!hashes) report.error('tree.tile_missing', path, 'there is no row of it')
  else if (hashes.length < width * 32) {
    report.error('tree.tile_differs', path, `it has ${hashes.length / 32} hashes instead of ${width}`)
  }
  return {
    hashAt(leaf: number): Buffer | undefined {
      const offset = (leaf - first) * 32
      return hashes && leaf < treeSize && offset + 32 <= hashes.length
        ? hashes.subarray(offset, offset + 32)
        : undefined
    },
  }
}
