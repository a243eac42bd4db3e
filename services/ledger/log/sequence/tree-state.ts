import type { Db } from '../../../foundation/db/database.ts'
import { Fault } from '../../../foundation/errors.ts'
import {
  appendToFrontier,
  consistencyProof,
  type Frontier,
  frontierOf,
  rootOf,
  verifyConsistency,
} from '../../format/merkle.ts'
import type { Head, HeadFile } from '../head.ts'
import { newestCheckpoint } from '../newest-checkpoint.ts'
import { consistencyReader, rightEdgeReader } from './stored-tiles.ts'

/** Where the tree stands: what is signed and published, and the leaves staged beyond it. */
export interface TreeState {
  /** Size of the newest published checkpoint. */
  readonly publishedSize: number
  /** The tree over every staged leaf; its size is at least `publishedSize`. */
  readonly frontier: Frontier
  /** Hashes of the leaves from `publishedSize` on: not yet in the tiles. */
  readonly unpublished: readonly Buffer[]
}

/**
 * Reads the state back from the database and holds it against the head in the second place. Start and recovery are the
 * same: whatever step a crash left undone is simply the next one to do.
 *
 * @throws log_forked when the database holds an earlier or another history than the one that was signed.
 */
export async function loadTreeState(db: Db, head: HeadFile): Promise<TreeState> {
  const { published, state } = await readTree(db)
  await requireSameHistory(db, published, state, await head.read())
  return state
}

/**
 * Whether the database holds the tree `signed`: what it has published or staged is that tree, or grew from it. It may be
 * asked while the sequencer works.
 *
 * @throws log_forked when the database does not fit itself
 */
export async function holdsTree(db: Db, signed: Head): Promise<{ holds: boolean; size: number }> {
  const { published, state } = await readTree(db)
  return { holds: await isPartOf(db, published, state, signed), size: state.frontier.size }
}

async function readTree(db: Db): Promise<{ published: Frontier; state: TreeState }> {
  const last = await newestCheckpoint(db)
  const published = last
    ? frontierOf(last.size, await rightEdgeReader(db, last.size))
    : frontierOf(0, () => Buffer.alloc(0))
  if (last && !rootOf(published).equals(last.root)) {
    throw new Fault(
      'log_forked',
      `the stored tiles do not lead to the root of checkpoint ${last.size}: run \`custody fsck\``,
    )
  }
  const rows = await db
    .selectFrom('leaf')
    .select(['index', 'hash'])
    .where('index', '>=', published.size)
    .orderBy('index')
    .execute()
  rows.forEach((row, offset) => {
    if (row.index !== published.size + offset) {
      throw new Fault(
        'log_forked',
        `leaf ${published.size + offset} is missing from the database: run \`custody fsck\``,
      )
    }
  })
  const unpublished = rows.map((row) => row.hash)
  const state = { publishedSize: published.size, frontier: appendToFrontier(published, unpublished), unpublished }
  return { published, state }
}

async function requireSameHistory(db: Db, published: Frontier, state: TreeState, head: Head | null): Promise<void> {
  if (head === null) {
    if (published.size === 0) return
    throw new Fault(
      'log_forked',
      `the ledger head is gone although checkpoint ${published.size} was published: see "ledger head" in deploy/RUNBOOK.md`,
    )
  }
  if (!(await isPartOf(db, published, state, head))) throw restored(head, state.frontier.size)
}

async function isPartOf(db: Db, published: Frontier, state: TreeState, tree: Head): Promise<boolean> {
  if (tree.size > state.frontier.size) return false
  // "the empty tree is consistent with any tree", c2sp.org/tlog-witness
  if (tree.size === 0) return true
  const sameRoot = rootOfPrefix(published, state, tree.size) ?? (await rootByProof(db, published, tree))
  return sameRoot.equals(tree.root)
}

/** The root at `size` when it lies in the staged part: the published tree and the first staged leaves. */
function rootOfPrefix(published: Frontier, state: TreeState, size: number): Buffer | null {
  if (size < published.size) return null
  return rootOf(appendToFrontier(published, state.unpublished.slice(0, size - published.size)))
}

/** A head older than the newest checkpoint (an old backup of the sequencer's disk) is fine when the tree only grew since. */
async function rootByProof(db: Db, published: Frontier, head: Head): Promise<Buffer> {
  const read = await consistencyReader(db, head.size, published.size)
  const grown = verifyConsistency({
    oldSize: head.size,
    oldRoot: head.root,
    newSize: published.size,
    newRoot: rootOf(published),
    proof: consistencyProof(head.size, published.size, read),
  })
  return grown ? head.root : Buffer.alloc(32)
}

function restored(head: Head, size: number): Fault {
  return new Fault(
    'log_forked',
    `this log has signed a tree of ${head.size} events with root ${head.root.toString('hex')}, but the database (${size} events) does not hold it: it was put back to an earlier state or changed. Nothing is signed; see "restored database" in deploy/RUNBOOK.md`,
  )
}
