import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { sql } from 'kysely'
import type { Stores } from '../../../services/foundation/store/store.ts'
import { type ArchiveNames, archiveNames } from '../../../services/ledger/archive/names.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { runArchive } from '../../../workers/archive.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World } from '../../support/world.ts'

/** A world whose sequencer runs and whose ledger can be archived for a recovery key of its own. */
export interface ArchiveWorld {
  readonly world: World
  readonly log: TestLog
  readonly names: ArchiveNames
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string
  readonly recipient: string
  readonly stopSequencer: () => Promise<void>
  /** Writes events about `case:<name>` and a device, and waits until a checkpoint covers them. */
  write(name: string, count: number): Promise<void>
  /** The same into another world's database, without waiting. */
  append(world: World, name: string, count: number): Promise<void>
  /** Runs the archive's loop until the returned function is called (or the test ends). */
  startArchive(stores?: Stores): () => Promise<void>
  /** Waits until every signed leaf lies on these stores (default: all); moves the clock, so that no batch rests. */
  archived(stores?: readonly string[]): Promise<void>
}

export async function openArchiveWorld(t: Teardown, options = { movesClock: true }): Promise<ArchiveWorld> {
  const world = await openWorld(t, options)
  const log = await makeTestLog(t)
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const stopSequencer = startSequencer(world, log)
  t.teardown(stopSequencer)
  return {
    world,
    log,
    names: archiveNames(log.origin),
    identity,
    recipient,
    stopSequencer,
    append,
    async write(name, count) {
      await append(world, name, count)
      await covered(world)
    },
    startArchive(stores = world.storesFor('archive')) {
      const stopper = new AbortController()
      const { clock, notices } = world
      const deps = { db: world.dbFor('worker'), notices, stores, clock, log: world.log, lockFirstDays: 1 }
      const ended = runArchive(
        { ...deps, origin: log.origin, verifierKey: log.verifierKeys, recoveryRecipient: recipient },
        stopper.signal,
      )
      ended.catch(() => undefined)
      const stop = async () => {
        stopper.abort()
        await ended
      }
      t.teardown(stop)
      return stop
    },
    async archived(stores = ['primary', 'backup-a', 'backup-b']) {
      world.clock.advance(30_000)
      await world.until(async () => {
        // What an alarm adds meanwhile must not rest either.
        world.clock.advance(500)
        const { size } = await sizeOf(world)
        const rows = await world.db.selectFrom('archive_progress').selectAll().execute()
        return stores.every((name) => rows.some((row) => row.store === name && row.archived_to === size))
      })
    },
  }
}

async function append(world: World, name: string, count: number): Promise<void> {
  for (let written = 0; written < count; written += 100) {
    await world.db.transaction().execute(async (trx) => {
      for (let n = written; n < Math.min(count, written + 100); n++) {
        const subjects = [
          { type: 'case', id: name },
          { type: 'device', id: `d${n % 3}` },
        ]
        const who = { actor: 'test', actorRole: 'service' }
        await appendEvent(trx, { kind: 'test.happened', at: world.clock.now(), ...who, subjects, details: { n } })
      }
    })
  }
}

export async function sizeOf(world: World): Promise<{ size: number }> {
  const { rows } = await sql<{ size: number }>`select coalesce(max(size), 0) as size from checkpoint`.execute(world.db)
  return rows[0]!
}

async function covered(world: World): Promise<void> {
  await world.until(async () => {
    const { rows } = await sql<{ done: boolean }>`
        select not exists (select from event where leaf_index is null)
          and coalesce((select max(size) from checkpoint), 0) = (select count(*) from leaf) as done`.execute(world.db)
    return rows[0]?.done
  })
}
