import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import t from 'tap'
import { storeNames } from '../../../services/foundation/store/store.ts'
import { archivedOn } from '../../../services/ledger/archive/archived.ts'
import { readBatch } from '../../../services/ledger/archive/batch-file.ts'
import { closeBatch } from '../../../services/ledger/archive/close-batch.ts'
import { unwrapKeys } from '../../../services/ledger/archive/keys-file.ts'
import { archiveLagMs } from '../../../services/ledger/archive/lag.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { openProxy } from '../../support/proxy.ts'
import { openAsRoot } from '../../support/stores.ts'
import { openArchiveWorld } from './archive-world.ts'

t.test('every event, its keys, the full tiles and a checkpoint lie locked on all three stores', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, names } = archive
  await archive.write('first', 300)
  archive.startArchive()
  t.same(await archivedOn(world.db, 0), [])
  t.ok((await archiveLagMs(world.db, new Date(Date.now() + 90_000))).primary > 60_000)
  await archive.archived()
  t.same([...(await archivedOn(world.db, 299))].sort(), [...storeNames].sort())
  t.same(await archivedOn(world.db, 300), [])
  t.same(await archiveLagMs(world.db, world.clock.now()), { primary: 0, 'backup-a': 0, 'backup-b': 0 })

  const expected = [
    'checkpoint/0000000000000300',
    'events/0000000000000000-300',
    'keys/0000000000000000-300.age',
    'tile/0/000',
    'tile/0/001.p/44',
    'tile/1/000.p/1',
    'tile/entries/000',
    'tile/entries/001.p/44',
  ]
  for (const name of storeNames) {
    const objects = await listed(world.stores[name].list('originals', names.prefix))
    t.same(
      objects.map(({ key }) => key.slice(names.prefix.length)),
      expected,
      name,
    )
    for (const object of objects) {
      const lock = await world.stores[name].lockState(object)
      const mode = object.key.endsWith('.age') ? null : 'COMPLIANCE'
      t.match(lock, { legalHold: true, mode }, object.key)
    }
    const keysObject = objects.find(({ key }) => key.endsWith('.age'))!
    const bytes = await buffer(await world.stores[name].get(keysObject))
    const keys = await unwrapKeys({ logId: names.logId, first: 0, count: 300 }, bytes, archive.identity)
    t.match(keys, [{ subject: 'case:first' }])
    t.equal(keys[0]!.events.length, 300)
    const events = await buffer(await world.stores[name].get(objects.find(({ key }) => key.includes('events/'))!))
    t.notMatch(events.toString('utf8'), /case:first|alarm/, 'nothing of a body stands there in clear')
    t.equal(readBatch(events).lines.length, 300)
  }
  t.same(await world.db.selectFrom('archive_object').select('object_key').execute(), [], 'nothing is kept twice')
})

t.test('a store that is away delays no other, and catches up', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world } = archive
  const server = world.stack.stores['backup-a']
  const proxy = await openProxy(t, server.endpoint)
  const { name, hostName } = server
  const away = openAsRoot({ name, hostName, endpoint: proxy.origin, ...server.credentials.archive }, world.buckets)
  t.teardown(() => away.close())
  proxy.down()
  archive.startArchive({ ...world.storesFor('archive'), 'backup-a': away })
  await archive.write('one', 10)
  await archive.archived(['primary', 'backup-b'])
  await archive.write('two', 10)
  await archive.archived(['primary', 'backup-b'])
  t.same((await archivedOn(world.db, 19)).toSorted(), ['backup-b', 'primary'])
  t.ok((await archiveLagMs(world.db, world.clock.now()))['backup-a'] >= 30_000)
  t.equal((await world.db.selectFrom('archive_object').select('object_key').execute()).length, 6)
  proxy.up()
  await archive.archived()
  // Forgotten in a step of its own, after the last store has it.
  const kept = () => world.db.selectFrom('archive_object').select('object_key').execute()
  await world.until(async () => (await kept()).length === 0)
})

t.test(
  'what a crash left on a store is adopted; other bytes there are an alarm, and stop that store alone',
  async (t) => {
    const archive = await openArchiveWorld(t)
    const { world, names } = archive
    await archive.write('crash', 5)
    const logKeys = parseLogKeys(archive.log.verifierKeys)
    const deps = { db: world.dbFor('worker'), names, logKeys, recoveryRecipient: archive.recipient }
    world.clock.advance(30_000)
    t.match(await closeBatch(deps, world.clock.now()), { first: 0, count: 5, damaged: [] })
    t.equal(await closeBatch(deps, world.clock.now()), null, 'the same leaves make no second batch')
    const kept = await world.db.selectFrom('archive_object').selectAll().execute()
    const events = kept.find(({ object_key }) => object_key === names.events(0, 5))!
    const orphan = await world.stores.primary.put('originals', events.object_key, events.bytes)
    await world.stores['backup-b'].put('originals', events.object_key, Buffer.from('forged'))
    archive.startArchive()
    await archive.archived(['primary', 'backup-a'])
    const row = await world.db
      .selectFrom('ledger_copy')
      .where('store', '=', 'primary')
      .where('object_key', '=', events.object_key)
      .selectAll()
      .executeTakeFirstOrThrow()
    t.equal(row.version_id, orphan.versionId)
    t.match(await world.stores.primary.lockState(orphan), { legalHold: true, mode: 'COMPLIANCE' })
    const alarm = await world.until(async () => {
      const query = world.db.selectFrom('event').where('kind', '=', 'alarm.raised').select('body')
      return (await query.execute()).find(({ body }) => body.includes('ledger_copy_differs'))
    })
    t.match(alarm.body, names.events(0, 5))
    t.match(alarm.body, 'backup-b')
    t.notOk((await archivedOn(world.db, 0)).includes('backup-b'))
  },
)

t.test('two at once archive every leaf once', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, names } = archive
  const stops = [archive.startArchive(), archive.startArchive(), archive.startArchive()]
  for (const name of ['a', 'b', 'c']) {
    await archive.write(name, 20)
    await archive.archived()
  }
  await Promise.all(stops.map((stop) => stop()))
  const batches = await world.db.selectFrom('event_archive_batch').selectAll().orderBy('first').execute()
  let next = 0
  for (const { first, count } of batches) {
    t.equal(first, next)
    next = first + count
  }
  t.ok(next >= 60)
  for (const name of storeNames) {
    const objects = await listed(world.stores[name].list('originals', names.prefix))
    t.equal(new Set(objects.map(({ key }) => key)).size, objects.length, 'each object has one version')
    const rows = await world.db.selectFrom('ledger_copy').where('store', '=', name).selectAll().execute()
    t.same(
      rows.map((row) => `${row.object_key} ${row.version_id}`).toSorted(),
      objects.map((object) => `${object.key} ${object.versionId}`).toSorted(),
    )
  }
  const alarms = await world.db.selectFrom('event').where('body', 'like', '%ledger_%').select('id').execute()
  t.same(alarms, [])
})

t.test('a database that is older than a store archives nothing, and says so in the ledger', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, names } = archive
  await archive.write('before', 5)
  const stop = archive.startArchive()
  await archive.archived()
  await stop()
  await world.stores['backup-a'].put(
    'originals',
    names.events(5, 7),
    Buffer.from('made before the database was restored'),
  )
  await archive.write('after', 5)
  archive.startArchive()
  world.clock.advance(30_000)
  const alarm = await world.until(async () => {
    const query = world.db.selectFrom('event').where('body', 'like', '%ledger_older_than_store%').select('body')
    return query.executeTakeFirst()
  })
  t.match(alarm.body, names.events(5, 7))
  t.equal((await world.db.selectFrom('event_archive_batch').selectAll().execute()).length, 1)
})

t.test('an event that was changed in the database is archived without what was changed, and named', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, names } = archive
  await archive.write('changed', 3)
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await sql`update event set body = replace(body, '"n":1', '"n":7') where leaf_index = 1`.execute(db)
  })
  archive.startArchive()
  await archive.archived()
  const object = await world.db
    .selectFrom('ledger_copy')
    .where('object_key', '=', names.events(0, 3))
    .where('store', '=', 'primary')
    .select(['object_key as key', 'version_id as versionId'])
    .executeTakeFirstOrThrow()
  const { lines } = readBatch(await buffer(await world.stores.primary.get({ bucket: 'originals', ...object })))
  t.same(
    lines.map(({ sealed }) => sealed !== null),
    [true, false, true],
  )
  const alarms = await world.db.selectFrom('event').where('body', 'like', '%event_differs%').select('body').execute()
  t.equal(alarms.length, 1)
})

t.test('what does not lead to a checkpoint of the log is not archived, and an alarm says so, once', async (t) => {
  for (const change of [
    null,
    `update leaf set data = (select data from leaf where index = 2) where index = 1`,
    `update checkpoint set note = (select note from checkpoint order by size limit 1) where size = 3`,
    `update checkpoint set note = replace(note, E'\n3\n', E'\n3\nx\n') where size = 3`,
  ]) {
    const archive = await openArchiveWorld(t)
    const { world } = archive
    await archive.write('one', 1)
    await archive.write('changed', 2)
    await archive.stopSequencer()
    await world.asSuperuser(async (db) => {
      await sql`set session_replication_role = replica`.execute(db)
      if (change !== null) await sql.raw(change).execute(db)
      const line = { size: 3, name: 'w', key_id: 1, line: 'no line', signed_at: new Date(), received_at: new Date() }
      await db.insertInto('cosignature').values(line).execute()
    })
    world.clock.advance(30_000)
    const stop = archive.startArchive()
    if (change === null) {
      // The line alone, which is none, hinders nothing.
      await archive.archived()
      await stop()
      continue
    }
    const alarms = () => world.db.selectFrom('event').where('body', 'like', '%event_differs%').select('body').execute()
    await world.until(async () => (await alarms()).length > 0)
    await stop()
    t.match(await alarms(), [{ body: /checkpoint 3/ }], change)
    t.same(await world.db.selectFrom('event_archive_batch').selectAll().execute(), [])
  }
})

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
