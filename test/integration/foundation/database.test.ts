import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { releaseLease, renewLease, takeLease, withLeaseLoop } from '../../../services/foundation/db/lease.ts'
import { migrate, migrationNames, requireSchemaVersion } from '../../../services/foundation/db/migrate.ts'
import { openWorld } from '../../support/world.ts'

t.test('migrations run once, and services refuse a schema that is older or newer than theirs', async (t) => {
  const world = await openWorld(t)
  const names = await migrationNames()
  t.ok(names.length >= 6)
  t.same(await migrate(world.db), [], 'the template had them all')
  await requireSchemaVersion(world.dbFor('ingest'))

  await sql`insert into kysely_migration (name, timestamp) values ('9999_future', now()::text)`.execute(world.db)
  await t.rejects(requireSchemaVersion(world.dbFor('access')), { code: 'conflict', message: /9999_future/ })
  await t.rejects(migrate(world.db), { code: 'conflict', message: /9999_future/ })

  await sql`delete from kysely_migration where name in ('9999_future', ${names.at(-1)})`.execute(world.db)
  await t.rejects(requireSchemaVersion(world.dbFor('worker')), { code: 'not_ready', message: /custody migrate/ })
})

t.test('a service role cannot change or delete an event', async (t) => {
  const world = await openWorld(t)
  for (const role of ['ingest', 'access', 'worker', 'sequencer'] as const) {
    await t.rejects(sql`delete from event`.execute(world.dbFor(role)), { code: '42501' }, role)
    await t.rejects(sql`update event set body = ''`.execute(world.dbFor(role)), { code: '42501' }, role)
  }
})

t.test('a lease has one holder until it is over or given back', async (t) => {
  const world = await openWorld(t)
  const db = world.dbFor('worker')
  const [first, second] = [randomUUID(), randomUUID()]
  t.equal(await takeLease(db, 'relay', first, 5000, world.clock), true)
  t.equal(await takeLease(db, 'relay', second, 5000, world.clock), false)
  t.equal(await takeLease(db, 'relay', first, 5000, world.clock), true, 'the holder may take it again')
  t.equal(await renewLease(db, 'relay', second, 5000, world.clock), false)
  world.clock.advance(6000)
  t.equal(await renewLease(db, 'relay', first, 5000, world.clock), false, 'what is over is not renewed')
  t.equal(await takeLease(db, 'relay', second, 5000, world.clock), true)
  await releaseLease(db, 'relay', second)
  t.equal(await takeLease(db, 'relay', first, 5000, world.clock), true)
})

t.test('of two loops under one lease only one works, and the other takes over', async (t) => {
  const world = await openWorld(t)
  const active = new Set<string>()
  let overlap = false
  const start = (name: string) => {
    const stop = new AbortController()
    const options = { db: world.db, name: 'loop', holder: randomUUID(), clock: world.clock, log: world.log, forMs: 300 }
    const ended = withLeaseLoop({ ...options, signal: stop.signal }, async (signal) => {
      active.add(name)
      overlap ||= active.size > 1
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      active.delete(name)
    })
    t.teardown(() => stop.abort())
    return { stop, ended }
  }
  const a = start('a')
  await world.until(() => active.has('a'))
  const b = start('b')
  a.stop.abort()
  await a.ended
  await world.until(() => active.has('b'))
  t.equal(overlap, false)

  await world.db.updateTable('lease').set({ holder: randomUUID() }).execute()
  await world.until(() => !active.has('b'))
  b.stop.abort()
  await b.ended
})
