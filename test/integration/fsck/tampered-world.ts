import { sql } from 'kysely'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import type { Db, Trx } from '../../../services/foundation/db/database.ts'
import { type Populated, populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World } from '../../support/world.ts'

export interface TamperedWorld {
  readonly world: World
  readonly log: TestLog
  readonly populated: Populated
  /**
   * Changes the database as one who holds it, with all triggers and keys off, answers what both checks find
   * (`code subject`, sorted), and takes it back.
   */
  tamper(change: (trx: Trx) => Promise<unknown>): Promise<{ fsck: string[]; chain: string[] }>
  check(db: Db, options?: { stores?: boolean; objects?: boolean }): Promise<{ fsck: string[]; chain: string[] }>
}

/** A populated world whose ledger is long enough for two levels of tiles; its sequencer has done its work and stopped. */
export async function openTamperedWorld(t: Teardown): Promise<TamperedWorld> {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  t.teardown(stop)
  const populated = await populate(world)
  await fillLedger(world)
  await settled(world)
  await stop()

  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const check: TamperedWorld['check'] = async (db, { stores = false, objects = false } = {}) => {
    const found = await fsck({ db, stores: stores ? world.stores : null, objects, ...keys })
    const chain = await chainOfCase({ db, stores: world.stores, ...keys }, populated.caseNumber, {
      objects,
    })
    return {
      fsck: found.map((finding) => `${finding.check} ${finding.subject}`).sort(),
      chain: chain.findings.map((finding) => `${finding.code} ${finding.where}`).sort(),
    }
  }
  return {
    world,
    log,
    populated,
    check,
    tamper: (change) =>
      world.asSuperuser((db) =>
        rolledBack(db, async (trx) => {
          await sql`set local session_replication_role = replica`.execute(trx)
          await change(trx)
          return check(trx)
        }),
      ),
  }
}

/** Waits until every event has its leaf and a checkpoint covers them all. */
export async function settled(world: World): Promise<void> {
  await world.until(async () => {
    const { rows } = await sql<{ done: boolean }>`
      select not exists (select from event where leaf_index is null)
        and coalesce((select max(size) from checkpoint), 0) = (select count(*) from leaf) as done`.execute(world.db)
    return rows[0]?.done
  })
}

async function fillLedger(world: World): Promise<void> {
  for (let batch = 0; batch < 5; batch++) {
    await world.db.transaction().execute(async (trx) => {
      for (let number = 0; number < 60; number++) {
        await recordEvent(trx, 'access.refused', {
          clock: world.clock,
          by: { id: 'nobody', role: 'nobody' },
          subjects: [{ type: 'dock', id: `filler-${batch}` }],
          details: { reason: 'dock_revoked', route: `GET /${number}` },
        })
      }
    })
    await settled(world)
  }
}

async function rolledBack<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  const undo = new Error('undone on purpose')
  let result: { value: T } | undefined
  await db
    .transaction()
    .execute(async (trx) => {
      result = { value: await work(trx) }
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return result!.value
}
