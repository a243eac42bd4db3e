import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Store } from '../../foundation/store/store.ts'
import { archiveNames } from '../archive/names.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { secretMacKey } from '../log/sequence/secret-mac.ts'
import { openComparison } from './compare.ts'
import type { RebuiltSecret } from './count-links.ts'
import { type Inventory, reading, readObject, takeInventory } from './inventory.ts'
import { type RebuildKeys, verifiedBatches } from './verified-batches.ts'
import { bindWritersAgain, openEmptyLedger, type Written, writeRebuiltBatch } from './write.ts'

export interface RebuildDeps extends RebuildKeys {
  readonly db: Db
  readonly store: Store
  readonly clock: Clock
  readonly onProgress?: (what: string) => void
}

export interface Rebuilt extends Written {
  /** Leaves that the store gives back. */
  readonly size: number
  /** What the log had signed by the newest checkpoint there: leaves from `size` to here are lost with the database. */
  readonly signedSize: number
  /** Of a check: leaves of the database beyond the archive. */
  readonly beyond: number
  /** Leaves whose event cannot be read: its key was erased, or its body was lost before it was archived. */
  readonly unreadable: readonly number[]
  readonly notices: readonly string[]
}

/**
 * Brings every event, leaf, link and tile of a lost database back from one store and the recovery key, into a database whose
 * ledger is empty. Everything is proven first, then written in one transaction: an attempt that is cut short leaves nothing
 * behind. With `check` nothing is written, and a database that has events is compared with the store.
 *
 * An event that no key opens (its subject was erased) gets a row with its place, id and commitment and nothing else; `custody
 * fsck` names it, and the tree verifies all the same.
 *
 * @throws unproven naming the object of the archive that is wrong or missing; log_forked naming what the database says
 * otherwise; conflict while the sequencer or the archive runs, or when the ledger is not empty. In all these cases nothing was
 * written.
 */
export async function rebuildEvents(deps: RebuildDeps, options: { check: boolean }): Promise<Rebuilt> {
  const { db, store, onProgress } = deps
  if (!options.check) await requireNobodyAtWork(db, deps.clock.now())
  const inventory = await takeInventory(store, archiveNames(deps.log.origin))
  const secrets = new Map<string, RebuiltSecret>()
  const comparison = openComparison(db, secrets)
  const unreadable: number[] = []
  let size = 0
  for await (const batch of verifiedBatches(inventory, deps, secrets)) {
    await comparison.take(batch)
    unreadable.push(...batch.leaves.filter(({ event }) => event === null).map(({ index }) => index))
    size = batch.checkpoint.size
    onProgress?.(`${size} events proven`)
  }
  const signedSize = await newestSigned(inventory, deps)
  const { contradictions } = comparison
  if (contradictions.length > 0) {
    throw new Fault(
      'log_forked',
      `the database is no earlier state of the history on ${store.name}; nothing was written:\n${contradictions.join('\n')}`,
    )
  }
  const beyond = Math.max(0, (await leafCount(db)) - size)
  const written = options.check ? { events: 0, leaves: 0, links: 0 } : await writeAll(deps, inventory, secrets)
  return { ...written, size, signedSize, beyond, unreadable, notices: inventory.notices }
}

async function writeAll(
  deps: RebuildDeps,
  inventory: Inventory,
  secrets: Map<string, RebuiltSecret>,
): Promise<Written> {
  const all: Written = { events: 0, leaves: 0, links: 0 }
  const macKey = secretMacKey(deps.vrfSecretKey)
  let oldSize = 0
  await deps.db.transaction().execute(async (trx) => {
    await openEmptyLedger(trx)
    for await (const batch of verifiedBatches(inventory, deps, secrets)) {
      const written = await writeRebuiltBatch({ trx, store: deps.store, macKey }, batch, secrets, oldSize)
      all.events += written.events
      all.leaves += written.leaves
      all.links += written.links
      oldSize = batch.checkpoint.size
      deps.onProgress?.(`${oldSize} events written`)
    }
    await bindWritersAgain(trx)
  })
  return all
}

/** Their leases are seconds long: one that is not over means that somebody adds to the ledger just now. */
async function requireNobodyAtWork(db: Db, now: Date): Promise<void> {
  const held = await db
    .selectFrom('lease')
    .where('name', 'in', ['sequence', 'archive'])
    .where('until', '>', now)
    .select('name')
    .execute()
  if (held.length === 0) return
  const names = held.map(({ name }) => name).join(' and ')
  throw new Fault('conflict', `a service holds ${names}: stop all services before events are brought back`)
}

/** Beyond the last batch there may be a checkpoint whose events did not reach the store any more. */
async function newestSigned(inventory: Inventory, keys: RebuildKeys): Promise<number> {
  const newest = inventory.checkpoints.at(-1) ?? 0
  const key = inventory.names.checkpoint(newest)
  const note = (await readObject(inventory, key)).toString('utf8')
  return reading(inventory, key, () => openCheckpoint(note, keys.log).size)
}

async function leafCount(db: Db): Promise<number> {
  const last = await db.selectFrom('leaf').select('index').orderBy('index', 'desc').limit(1).executeTakeFirst()
  return last ? last.index + 1 : 0
}
