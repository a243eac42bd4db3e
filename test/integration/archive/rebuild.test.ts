import { rm } from 'node:fs/promises'
import t from 'tap'
import { storeNames } from '../../../services/foundation/store/store.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { runSequencer } from '../../../services/ledger/log/sequencer.ts'
import { startSequencer } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld, sizeOf } from './archive-world.ts'
import { archivedLedger, errorsIn, putBackDump, rebuild, rowsOf } from './rebuild-world.ts'

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
      at: world.clock.now(),
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
  const lost = await Promise.all(storeNames.map(async (store) => ({ store, world: await openWorld(t) })))
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
  t.match(await rebuild(archive, world.db), { events: 0, leaves: 0, links: 0 }, 'again adds nothing')
  t.same(await errorsIn(archive, world.db), [])
  await goOn(archive, world)
  t.same(await errorsIn(archive, world.db), [])
})

t.test('in a database that was put back, what is missing is added and the sequencer goes on', async (t) => {
  const archive = await openArchiveWorld(t)
  const stop = archive.startArchive()
  await archive.write('first', 20)
  await archive.archived()
  await archive.write('unarchived at the time of the dump', 15)
  const earlier = await openWorld(t)
  await putBackDump(archive.world, earlier)
  await archive.write('after the dump', 290)
  await archive.archived()
  await stop()
  await archive.stopSequencer()
  const before = await rowsOf(archive.world.db)

  await t.rejects(goOn(archive, earlier), { code: 'log_forked', message: /restored database/ })
  const mine = await earlier.db.selectFrom('event').where('leaf_index', 'is', null).select('id').execute()
  t.equal(mine.length, 1, 'what somebody did before the sequencer refused')
  t.match(await rebuild(archive, earlier.db, { store: 'backup-a' }), { events: 290, leaves: 290, beyond: 0 })
  const after = await rowsOf(earlier.db)
  after.event = after.event!.filter((row) => !row.includes(mine[0]!.id))
  t.same(after, before)
  t.same(await errorsIn(archive, earlier.db), [])
  const behind = startSequencer(earlier, archive.log)
  await earlier.until(async () => (await sizeOf(earlier)).size === 326)
  await behind()
  t.same(await errorsIn(archive, earlier.db), [])
})

t.test('a database with another history is named and not written to', async (t) => {
  const archive = await openArchiveWorld(t)
  const stop = archive.startArchive()
  await archive.write('first', 5)
  const other = await openWorld(t)
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
