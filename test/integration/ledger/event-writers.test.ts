import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import type { RoleName } from '../../../deploy/local/stack.ts'
import { writerRows } from '../../../services/custody/events/writers.ts'
import { databaseFault } from '../../../services/foundation/db/failures.ts'
import { requireSchemaVersion } from '../../../services/foundation/db/migrate.ts'
import { openWorld } from '../../support/world.ts'
import { everyActor, everyKind, insertForged, lineOf, refusalOf } from './forged.ts'

// Finding 6: with the password of one service's login whoever took it over testifies as anybody, at any date.

const logins = ['ingest', 'access', 'worker', 'sequencer', 'owner'] as const satisfies RoleName[]
t.test('the table of the database says what the typed kinds declare, and nothing else', async (t) => {
  const world = await openWorld(t, { ownerIsBound: true })
  const stored = new Set((await world.db.selectFrom('event_writer').selectAll().execute()).map(lineOf))
  const declared = new Set(writerRows().map(lineOf))
  t.same(
    [...declared].filter((line) => !stored.has(line)),
    [],
    'lines that a migration must insert',
  )
  t.same(
    [...stored].filter((line) => !declared.has(line)),
    [],
    'lines that a migration must delete',
  )
})

for (const login of logins) {
  t.test(`${login} writes the kinds of events that are its own, in the names that are declared`, async (t) => {
    const world = await openWorld(t, { ownerIsBound: true })
    const db = login === 'owner' ? world.db : world.dbFor(login)
    const declared = new Set(writerRows().map(lineOf))
    const wrong: string[] = []
    let accepted = 0
    await db.transaction().execute(async (trx) => {
      for (const one of everyKind) {
        for (const actor of everyActor) {
          const line = lineOf({ ...one, role: `custody_${login}`, actor })
          const refusal = await refusalOf(trx, () => insertForged(trx, { ...one, actor }))
          if (refusal === null) accepted += 1
          // Ingest registers a dock by an enrolment only: enrolment.test.ts.
          const isDeclared = declared.has(line) && !(login === 'ingest' && one.kind === 'dock.registered')
          if (refusal !== (isDeclared ? null : '42501')) wrong.push(`${line}: ${refusal ?? 'accepted'}`)
        }
      }
    })
    t.same(wrong, [])
    const own = [...declared].filter((line) => line.includes(`'custody_${login}'`)).length
    t.equal(accepted, login === 'ingest' ? own - 1 : own)
  })
}

t.test('a back-dated package signature by the login of ingest is refused for three reasons', async (t) => {
  const world = await openWorld(t)
  const yearAgo = new Date(Date.now() - 365 * 86_400_000)
  const db = world.dbFor('ingest')
  const signature = { kind: 'package.signed', at: yearAgo }
  await t.rejects(insertForged(db, signature), {
    code: '42501',
    message: /custody_ingest may not write package\.signed/,
  })
  // Its own kinds are of the time at which they are written.
  const own = insertForged(db, { kind: 'recording.sealed', actor: 'service:ingest', at: yearAgo })
  await t.rejects(own, { code: 'CT001', message: /its time lies -\d+ ms from the clock of the database/ })
  const body = { kind: 'package.signed' }
  const otherBody = insertForged(db, { kind: 'recording.sealed', actor: 'service:ingest', body })
  await t.rejects(otherBody, { code: '23514', message: /its body does not say/ })
  t.same(await world.db.selectFrom('event').select('id').execute(), [])
})

t.test('the body says what the row says, and who acted', async (t) => {
  const world = await openWorld(t)
  const db = world.dbFor('access')
  const at = new Date()
  const wrong = [
    { kind: 'package.refused' },
    { id: randomUUID() },
    { at: new Date(at.getTime() - 1000).toISOString() },
    { actor: '' },
    { actorRole: '' },
  ]
  for (const body of wrong) {
    await t.rejects(insertForged(db, { kind: 'package.signed', at, body }), { code: '23514' }, JSON.stringify(body))
  }
  await t.rejects(insertForged(db, { kind: 'package.signed', body: { actorRole: 'service', actor: 'package' } }), {
    code: '42501',
    message: /in the name of service:package/,
  })
  await insertForged(db, { kind: 'package.signed', at })
})

t.test('a table of its own name does not stand in for the one that is meant', async (t) => {
  const world = await openWorld(t)
  const forged = world
    .dbFor('ingest')
    .connection()
    .execute(async (db) => {
      await sql`create temporary table event_writer (kind text, alarm text, role text, actor text)`.execute(db)
      await sql`insert into event_writer values ('package.signed', '', 'custody_ingest', 'any')`.execute(db)
      await insertForged(db, { kind: 'package.signed' })
    })
  await t.rejects(forged, { code: '42501' })
})

t.test('an event is of the time of the database, five seconds before or after', async (t) => {
  const world = await openWorld(t)
  const insert = (offMs: number) =>
    insertForged(world.dbFor('worker'), {
      kind: 'receipt.issued',
      actor: 'service:receipt',
      at: new Date(Date.now() + offMs),
    })
  await insert(0)
  // Far enough from the limit that a busy machine changes nothing.
  for (const offMs of [-6_000, 60_000, -86_400_000]) {
    const refused = await insert(offMs).catch((error: unknown) => error)
    t.match(refused, { code: 'CT001' }, `${offMs} ms`)
    t.match(databaseFault(refused), { code: 'not_ready', message: /clocks .* differ by more than 5 s/ })
  }
})

t.test('services change neither table, and start under the rule alone', async (t) => {
  const world = await openWorld(t)
  for (const login of ['ingest', 'access', 'worker', 'sequencer'] as const) {
    const db = world.dbFor(login)
    for (const statement of [
      'update event_time_rule set tolerance_ms = 1000000',
      'delete from event_time_rule',
      `insert into event_writer values ('package.signed', '', 'custody_${login}', 'person')`,
      'delete from event_writer',
      'alter table event disable trigger event_writer_rule',
    ]) {
      await t.rejects(sql.raw(statement).execute(db), { code: '42501' }, `${login}: ${statement}`)
    }
    await requireSchemaVersion(db)
  }
  await world.db.updateTable('event_time_rule').set({ tolerance_ms: 5001 }).execute()
  await t.rejects(requireSchemaVersion(world.dbFor('access')), { code: 'conflict', message: /found 5001 ms/ })
  await world.db.deleteFrom('event_time_rule').execute()
  await t.rejects(requireSchemaVersion(world.dbFor('access')), { code: 'conflict', message: /found no rule/ })
  await t.rejects(
    insertForged(world.db, { kind: 'case.opened' }),
    { code: 'CT001' },
    'without a rule nothing is written',
  )
})
