import { rm } from 'node:fs/promises'
import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import { type Store, storeNames } from '../../../services/foundation/store/store.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { runSequencer } from '../../../services/ledger/log/sequencer.ts'
import { startSequencer } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld, sizeOf } from './archive-world.ts'
import { archivedLedger, errorsIn, putBackDump, rebuild, rebuiltTables, rowsOf } from './rebuild-world.ts'

/** The sequencer on this database, with the head of the lost one: it must go on with the same tree. */
async function goOn(archive: ArchiveWorld, world: World): Promise<void> {
  const { size } = await sizeOf(world)
  const { log } = archive
  const stopper = new AbortController()
  const deps = { db: world.db, head: openHeadFile(log.headPath, log.origin), clock: world.clock, log: world.log }
  const { signer, mlDsaSigner, vrfSecretKey } = log
  const { notices } = world
  await world.db.transaction().execute((trx) =>
    appendEvent(trx, {
      kind: 'test.happened',
      at: archive.world.clock.now(),
      actor: 'test',
      actorRole: 'service',
      subjects: [{ type: 'case', id: 'first' }],
      details: {},
    }),
  )
  const running = runSequencer({ ...deps, notices, signer, mlDsaSigner, vrfSecretKey }, stopper.signal)
  // A sequencer that refuses ends by itself, with why.
  await Promise.race([running, world.until(async () => (await sizeOf(world)).size === size + 1)])
  stopper.abort()
  await running
}

t.test('after the total loss of the database each one store brings back all of it', async (t) => {
  const archive = await archivedLedger(t)
  const before = await rowsOf(archive.world.db)
  const lost = await Promise.all(
    storeNames.map(async (store) => ({ store, world: await openWorld(t, { movesClock: true }) })),
  )
  for (const { store, world } of lost) {
    t.match(await rebuild(archive, world.db, { store, check: true }), {
      events: 0,
      size: 303,
      signedSize: 303,
      beyond: 0,
    })
    t.same(await world.db.selectFrom('event').select('id').execute(), [], 'a check writes nothing')
    const rebuilt = await rebuild(archive, world.db, { store })
    t.match(rebuilt, { events: 303, leaves: 303, unreadable: [], notices: [] })
    t.same(await rowsOf(world.db), before, store)
  }
  const { world } = lost[0]!
  await t.rejects(rebuild(archive, world.db), { code: 'conflict', message: /into an empty ledger only/ })
  t.match(
    await rebuild(archive, world.db, { check: true }),
    { events: 0, size: 303, beyond: 0 },
    'it is what the store has',
  )
  t.same(await errorsIn(archive, world.db), [])
  await goOn(archive, world)
  t.same(await errorsIn(archive, world.db), [])
})

t.test('only events of the past get in: the trigger is on again, and was never off for others', async (t) => {
  const archive = await archivedLedger(t)
  const lost = await openWorld(t)
  const old = () =>
    lost
      .dbFor('worker')
      .insertInto('event')
      .values({
        ...{ id: '00000000-0000-4000-8000-000000000000', kind: 'receipt.issued', at: new Date(0) },
        ...{ body: '{}', salt: Buffer.alloc(32), commitment: Buffer.alloc(32), subjects: ['case:x'] },
      })
  await rebuild(archive, lost.db)
  await t.rejects(old().execute(), { code: '23514' })
})

t.test('an attempt that breaks off while it writes leaves nothing behind', async (t) => {
  const archive = await archivedLedger(t)
  const lost = await openWorld(t)
  const honest = archive.world.storesFor('auditor').primary
  const reads = new Map<string, number>()
  const store: Store = {
    ...honest,
    get(object, options) {
      reads.set(object.key, (reads.get(object.key) ?? 0) + 1)
      // Everything is read twice: to prove it, and to write it.
      if (object.key === archive.names.events(200, 100) && reads.get(object.key) === 2) {
        throw new Fault('store_down', 'away')
      }
      return honest.get(object, options)
    },
  }
  await t.rejects(rebuild(archive, lost.db, { store }), { code: 'store_down' })
  t.same(await lost.db.selectFrom('event').select('id').execute(), [])
  t.match(await rebuild(archive, lost.db), { events: 303 })
})

t.test('beside a database that was put back, a new one gets all events and the rows of the old one', async (t) => {
  const archive = await openArchiveWorld(t)
  const stop = archive.startArchive()
  await archive.write('first', 20)
  await archive.archived()
  await archive.write('unarchived at the time of the dump', 15)
  const earlier = await openWorld(t, { movesClock: true })
  await putBackDump(archive.world, earlier)
  await archive.write('after the dump', 290)
  await archive.archived()
  await stop()
  await archive.stopSequencer()
  const before = await rowsOf(archive.world.db)

  await t.rejects(goOn(archive, earlier), { code: 'log_forked', message: /restored database/ })
  const mine = await earlier.db.selectFrom('event').where('leaf_index', 'is', null).select('id').execute()
  t.equal(mine.length, 1, 'what somebody did before the sequencer refused')
  await t.rejects(rebuild(archive, earlier.db), { code: 'conflict', message: /make a new database/ })
  t.match(await rebuild(archive, earlier.db, { check: true }), { size: 325, beyond: 0 })

  const renewed = await openWorld(t, { movesClock: true })
  await putBackDump(earlier, renewed, rebuiltTables)
  t.match(await rebuild(archive, renewed.db, { store: 'backup-a' }), { events: 325, leaves: 325, beyond: 0 })
  t.same(await rowsOf(renewed.db), before)
  t.same(await errorsIn(archive, renewed.db), [])
  renewed.clock.set(archive.world.clock.now())
  await archive.append(renewed, 'after the loss', 1)
  const behind = startSequencer(renewed, archive.log)
  await renewed.until(async () => (await sizeOf(renewed)).size === 326)
  await behind()
  t.same(await errorsIn(archive, renewed.db), [])
})

t.test('a database with another history is named and not written to', async (t) => {
  const archive = await openArchiveWorld(t)
  const stop = archive.startArchive()
  await archive.write('first', 5)
  const other = await openWorld(t, { movesClock: true })
  await putBackDump(archive.world, other)
  await archive.write('true', 5)
  await archive.archived()
  await stop()
  await archive.stopSequencer()
  // The head was put back with it: so the log signed a second history.
  await rm(archive.log.headPath)
  const last = await other.db.selectFrom('checkpoint').selectAll().orderBy('size', 'desc').executeTakeFirstOrThrow()
  await openHeadFile(archive.log.headPath, archive.log.origin).advance({ size: last.size, root: last.root })
  await goOn(archive, other)
  const forked = await rowsOf(other.db)
  await t.rejects(rebuild(archive, other.db), { code: 'log_forked', message: /leaf 5 of the database .*\n?/s })
  t.same(await rowsOf(other.db), forked)
})
