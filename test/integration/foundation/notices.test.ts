import { sql } from 'kysely'
import t from 'tap'
import type { Db } from '../../../services/foundation/db/database.ts'
import { noticedTables, openNotices, type Subscription } from '../../../services/foundation/db/notices.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World } from '../../support/world.ts'

/** Longer than any test may take: whoever returns earlier was woken. */
const neverMs = 10 * 60_000

/** Ends with the test. */
function signalOf(t: Teardown): AbortSignal {
  const stopper = new AbortController()
  t.teardown(() => stopper.abort())
  return stopper.signal
}

/** The notices of a process of its own, connected. */
async function openConnected(t: Teardown, world: World) {
  const notices = openNotices({ url: world.databaseUrl('sequencer'), applicationName: 'notices.test', log: world.log })
  t.teardown(() => notices.close())
  const signal = signalOf(t)
  await notices.subscribe('job', signal).wait(neverMs, signal)
  return notices
}

async function append(db: Db): Promise<void> {
  await db.transaction().execute((trx) => appendEvent(trx, event))
}

const event = {
  kind: 'alarm.raised',
  at: new Date(),
  actor: 'test',
  actorRole: 'service',
  subjects: [{ type: 'test', id: 'a' }],
  details: {},
}

/** Whether a wait that began now ends before the database has answered a few times more. */
async function isWoken(world: World, subscription: Subscription): Promise<boolean> {
  const stopper = new AbortController()
  let isEnded = false
  const waiting = subscription.wait(neverMs, stopper.signal).then(() => {
    isEnded = true
  })
  for (let n = 0; n < 5; n++) await sql`select pg_sleep(0.02)`.execute(world.db)
  const result = isEnded
  stopper.abort()
  await waiting
  return result
}

t.test('each statement that adds rows to a noticed table wakes its readers, and no others', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const signal = signalOf(t)
  const statements = [
    ...noticedTables.map((table) => [table, `insert into ${table} select * from ${table} where false`] as const),
    ['job', 'update job set run_after = run_after'] as const,
    ['archive_progress', 'update archive_progress set archived_to = archived_to'] as const,
  ]
  for (const [table, statement] of statements) {
    const subscription = notices.subscribe(table, signal)
    const others = noticedTables.filter((other) => other !== table).map((other) => notices.subscribe(other, signal))
    await sql.raw(statement).execute(world.db)
    await subscription.wait(neverMs, signal)
    for (const other of others) t.notOk(await isWoken(world, other), `${statement} is no concern of another table`)
  }
  await sql`update job set published_at = now()`.execute(world.db)
  t.notOk(await isWoken(world, notices.subscribe('job', signal)), 'the relay does not wake itself')
})

t.test('a notice that comes between a look and the wait is not lost, and wakes once', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const signal = signalOf(t)
  const early = notices.subscribe('job', signal)
  const other = notices.subscribe('job', signal)
  await sql`update job set run_after = run_after`.execute(world.db)
  await other.wait(neverMs, signal)
  await early.wait(neverMs, signal)
  t.notOk(await isWoken(world, early))
})

t.test('a wait ends by its time and by its signal', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const stopper = new AbortController()
  const subscription = notices.subscribe('job', stopper.signal)
  await subscription.wait(1, stopper.signal)
  const waiting = subscription.wait(neverMs, stopper.signal)
  stopper.abort()
  await waiting
  await subscription.wait(neverMs, stopper.signal)
})

t.test('events are notified only on request, and none slips through between request and notice', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const signal = signalOf(t)
  const events = notices.subscribeToEvents(signal)
  for (const role of ['ingest', 'access', 'worker', 'sequencer'] as const) await append(world.dbFor(role))
  t.notOk(await isWoken(world, events), 'nobody asked')

  await world
    .dbFor('access')
    .transaction()
    .execute(async (trx) => {
      await appendEvent(trx, event)
      t.equal(await events.request(), false, 'this writer will not notify, so it must be waited for')
    })
  t.equal(await events.request(), true)
  t.equal(events.isRequested(), true)
  const competing = (await openConnected(t, world)).subscribeToEvents(signal)
  t.equal(await competing.request(), false, 'one process at a time')

  for (const role of ['ingest', 'access', 'worker', 'sequencer'] as const) {
    await append(world.dbFor(role))
    await events.wait(neverMs, signal)
  }
  await events.withdraw()
  t.equal(events.isRequested(), false)
  await append(world.db)
  t.notOk(await isWoken(world, events))
  t.equal(await competing.request(), true, 'the request is free again')
})

t.test('a connection that is killed wakes everybody, frees the request and is opened again', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const signal = signalOf(t)
  const events = notices.subscribeToEvents(signal)
  const jobs = notices.subscribe('job', signal)
  t.equal(await events.request(), true)
  await killListeners(world)
  await jobs.wait(neverMs, signal)
  await world.until(() => !events.isRequested())
  await world.until(() => events.request())
  await append(world.db)
  await events.wait(neverMs, signal)
  await world.until(async () => {
    await sql`update job set run_after = run_after`.execute(world.db)
    return isWoken(world, jobs)
  })
})

async function killListeners(world: World): Promise<void> {
  const { rows } = await world.asSuperuser((db) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'notices of %'`.execute(db),
  )
  if (rows.length === 0) throw new Error('nobody listens')
}
