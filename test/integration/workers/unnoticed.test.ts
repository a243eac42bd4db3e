import { sql } from 'kysely'
import t from 'tap'
import { noticedTables } from '../../../services/foundation/db/notices.ts'
import { newId } from '../../../services/foundation/id.ts'
import { openProducer } from '../../../services/foundation/queue/producer.ts'
import { runRelay } from '../../../workers/relay.ts'
import type { Teardown } from '../../support/stack.ts'
import { makeWitness } from '../../support/witness.ts'
import { publishedSize, startWitnessLoops, witnessedSize } from '../../support/witness-loop.ts'
import type { World } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld } from '../archive/archive-world.ts'

/** Every loop that waits for a notice, at its usual pace. */
async function startLoops(t: Teardown): Promise<ArchiveWorld> {
  const archive = await openArchiveWorld(t)
  const { world, log } = archive
  const witness = await makeWitness(t, log.verifierKeys)
  const { url } = await witness.start()
  startWitnessLoops(t, world, log, `${witness.policyLines('legal', url)}quorum legal\n`)
  archive.startArchive()
  const stopper = new AbortController()
  const { clock, notices, redisUrl, redisPrefix } = world
  const producer = openProducer({ redisUrl, prefix: redisPrefix, log: world.log })
  const relay = runRelay({ db: world.dbFor('worker'), notices, producer, clock, log: world.log }, stopper.signal)
  t.teardown(async () => {
    stopper.abort()
    await relay
    await producer.close()
  })
  await requireEverythingDone(archive, 1)
  return archive
}

/** New work for each loop; returns when all of it is done. */
async function requireEverythingDone(archive: ArchiveWorld, round: number): Promise<void> {
  const { world } = archive
  const now = world.clock.now()
  const job = { id: newId(now), name: 'checksum', subject_id: newId(now), run_after: now, created_at: now }
  await world.db.insertInto('job').values(job).execute()
  await archive.append(world, `round-${round}`, 1)
  await world.until(async () => {
    const row = await world.db.selectFrom('job').where('id', '=', job.id).select('published_at').executeTakeFirst()
    return row?.published_at
  })
  await world.until(async () => (await publishedSize(world)) === round)
  await world.until(async () => (await witnessedSize(world)) === round)
  await archive.archived()
}

/** The sequencer has nothing to do and has asked to be notified. */
async function asleep(world: World): Promise<void> {
  await world.until(async () => {
    const { rows } = await sql`
      select from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where datname = current_database() and locktype = 'advisory' and mode = 'ExclusiveLock' and granted`.execute(
      world.db,
    )
    return rows.length > 0
  })
}

t.test('whatever notice is lost, the work is found', async (t) => {
  const archive = await startLoops(t)
  const { world } = archive
  for (const table of ['event', ...noticedTables]) {
    await sql.raw(`alter table ${table} disable trigger ${table}_notice`).execute(world.db)
  }
  await asleep(world)
  await requireEverythingDone(archive, 2)
})

t.test('a listening connection that is killed delays nothing beyond the next look', async (t) => {
  const archive = await startLoops(t)
  const { world } = archive
  await asleep(world)
  const killed = await world.asSuperuser((db) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'notices of %'`.execute(db),
  )
  t.equal(killed.rows.length, 1)
  await requireEverythingDone(archive, 2)
  await asleep(world)
  await requireEverythingDone(archive, 3)
})
