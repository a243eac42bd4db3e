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

t.test('no service writes an event with a leaf of its own, or one that the sequencer cannot place', async (t) => {
  const world = await openWorld(t)
  const own = {
    ingest: { kind: 'recording.sealed', actor: 'ingest', actorRole: 'service' },
    access: { kind: 'case.opened', actor: 'a', actorRole: 'officer' },
    worker: { kind: 'receipt.issued', actor: 'receipt', actorRole: 'service' },
  } as const
  for (const role of ['ingest', 'access', 'worker'] as const) {
    const insert = (more: Record<string, unknown>) => {
      const [id, at] = [randomUUID(), world.clock.now()]
      const row = {
        ...{ id, kind: own[role].kind, at, body: JSON.stringify({ id, at, ...own[role] }) },
        ...{ salt: Buffer.alloc(32), commitment: Buffer.alloc(32), subjects: ['person:a'] },
      }
      return world
        .dbFor(role)
        .insertInto('event')
        .values({ ...row, ...more })
        .execute()
    }
    await t.rejects(insert({ leaf_index: 0 }), { code: '42501' }, `${role}: a leaf of its own`)
    await t.rejects(insert({ committed_at: new Date(0) }), { code: '42501' }, `${role}: a time of its own`)
    const subjects = {
      null: ['person:a', null],
      nested: [['person:a'], ['person:b']],
      long: ['x'.repeat(2001)],
      none: [],
    }
    for (const [name, wrong] of Object.entries(subjects)) {
      await t.rejects(insert({ subjects: wrong }), { code: '23514' }, `${role}: ${name}`)
    }
    await insert({})
  }
  t.equal((await world.db.selectFrom('event').select('id').execute()).length, 3)
})

t.test('a service changes rows of people only in the columns that acts change', async (t) => {
  const world = await openWorld(t)
  const refused = {
    access: [
      `update person set role = 'custodian'`,
      `update viewing set purpose = ''`,
      `update case_recording set stage = 'review'`,
      `update recording set sha256 = sha256`,
      `update custodian_term set person_id = person_id`,
      `update party set name = ''`,
      `delete from lease`,
    ],
    worker: [`update viewing set lease_until = now()`, `update recording set officer_id = null`],
    ingest: [`update lease set until = now()`],
  } as const
  for (const [role, statements] of Object.entries(refused)) {
    for (const statement of statements) {
      const db = world.dbFor(role as keyof typeof refused)
      await t.rejects(sql.raw(statement).execute(db), { code: '42501' }, `${role}: ${statement}`)
    }
  }
})

t.test('not even the owner empties a table of the ledger by truncate', async (t) => {
  const world = await openWorld(t)
  for (const table of ['event', 'leaf', 'link', 'tile', 'checkpoint']) {
    await t.rejects(sql.raw(`truncate ${table} cascade`).execute(world.db), /history is append-only/, table)
  }
})

t.test('a lease has one holder until it is over or given back', async (t) => {
  const world = await openWorld(t, { movesClock: true })
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
  const world = await openWorld(t, { movesClock: true })
  world.clock.stop() // a lease that is renewed late would be taken over while its holder still works
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
