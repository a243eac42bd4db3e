import { sql } from 'kysely'
import t from 'tap'
import type { Db, Trx } from '../../../services/foundation/db/database.ts'
import {
  type NoticesOptions,
  noticedTables,
  openNotices,
  type Subscription,
} from '../../../services/foundation/db/notices.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { openProxy } from '../../support/proxy.ts'
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

/** The notices of a process of its own, connected. A busy machine may take its time for an answer. */
async function openConnected(t: Teardown, world: World, options: Partial<NoticesOptions> = {}) {
  const url = world.databaseUrl('sequencer')
  const usual = { url, applicationName: 'notices.test', log: world.log, requestMsMax: 120_000 }
  const notices = openNotices({ ...usual, ...options })
  t.teardown(() => notices.close())
  const signal = signalOf(t)
  await notices.subscribe('job', signal).wait(neverMs, signal)
  return notices
}

/** An event that each of these logins may write. */
const ownEvents = {
  ingest: { kind: 'recording.sealed', actor: 'ingest', actorRole: 'service' },
  access: { kind: 'case.opened', actor: 'a', actorRole: 'officer' },
  worker: { kind: 'receipt.issued', actor: 'receipt', actorRole: 'service' },
  owner: { kind: 'test.happened', actor: 'test', actorRole: 'service' },
} as const

async function append(db: Db, writer: keyof typeof ownEvents = 'owner'): Promise<void> {
  await db.transaction().execute((trx) => appendOwn(trx, writer))
}

async function appendOwn(trx: Trx, writer: keyof typeof ownEvents): Promise<void> {
  await appendEvent(trx, { ...ownEvents[writer], at: new Date(), subjects: [{ type: 'test', id: 'a' }], details: {} })
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
  for (const role of ['ingest', 'access', 'worker'] as const) await append(world.dbFor(role), role)
  t.notOk(await isWoken(world, events), 'nobody asked')

  await world
    .dbFor('access')
    .transaction()
    .execute(async (trx) => {
      await appendOwn(trx, 'access')
      t.equal(await events.request(), false, 'this writer will not notify, so it must be waited for')
    })
  t.equal(await events.request(), true)
  t.equal(events.isRequested(), true)
  const competing = (await openConnected(t, world)).subscribeToEvents(signal)
  t.equal(await competing.request(), false, 'one process at a time')

  for (const role of ['ingest', 'access', 'worker'] as const) {
    await append(world.dbFor(role), role)
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

t.test('a connection that hangs delays its reader by the limit of a request, and is opened again', async (t) => {
  const world = await openWorld(t)
  const url = new URL(world.databaseUrl('sequencer'))
  const proxy = await openProxy(t, url.href)
  url.host = new URL(proxy.origin).host
  const signal = signalOf(t)
  const openEvents = async (requestMsMax: number) =>
    (await openConnected(t, world, { url: url.href, requestMsMax })).subscribeToEvents(signal)
  const patient = await openEvents(4_000)
  const events = await openEvents(200)
  await world.until(() => events.request())
  proxy.stall()
  // Of two timers that start together the shorter one ends first, however busy the machine is.
  const slow = patient.request().then(() => 'patient')
  const withdrawn = events.withdraw()
  t.equal(events.isRequested(), false, 'at once')
  const quick = events.request().then((isGranted) => `granted: ${isGranted}`)
  t.equal(await Promise.race([slow, quick]), 'granted: false')
  await withdrawn
  t.equal(await events.request(), false, 'nothing is asked of a connection that is lost')
  proxy.resume()
  // The sessions behind the stalled link still hold the lock, until PostgreSQL misses their readers.
  await killListeners(world)
  await world.until(() => events.request())
})

t.test('requests that are refused again and again are warned of once, until one is granted', async (t) => {
  const world = await openWorld(t)
  const warnings: unknown[] = []
  const log = { ...world.log, warn: (...said: unknown[]) => warnings.push(said) } as World['log']
  const signal = signalOf(t)
  const events = (await openConnected(t, world, { log, refusalsMax: 3 })).subscribeToEvents(signal)
  const competing = (await openConnected(t, world)).subscribeToEvents(signal)
  for (let round = 1; round <= 2; round++) {
    t.equal(await competing.request(), true)
    for (let n = 0; n < 5; n++) t.equal(await events.request(), false)
    t.equal(warnings.length, round)
    await competing.withdraw()
    t.equal(await events.request(), true)
    await events.withdraw()
  }
})

t.test('a flood of notices wakes a reader at most every 5 ms', async (t) => {
  const world = await openWorld(t)
  const notices = await openConnected(t, world)
  const stopper = new AbortController()
  const jobs = notices.subscribe('job', stopper.signal)
  const startMs = performance.now()
  let returns = 0
  const reading = (async () => {
    while (!stopper.signal.aborted) {
      await jobs.wait(neverMs, stopper.signal)
      returns += 1
    }
  })()
  for (let n = 0; n < 200; n++) await sql`notify job`.execute(world.db)
  const returnsMax = (performance.now() - startMs) / 4 + 2
  stopper.abort()
  await reading
  t.ok(returns > 1)
  t.ok(returns <= returnsMax, `${returns} returns, at most ${returnsMax}`)
})

async function killListeners(world: World): Promise<void> {
  const { rows } = await world.asSuperuser((db) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'notices of %'`.execute(db),
  )
  if (rows.length === 0) throw new Error('nobody listens')
}
