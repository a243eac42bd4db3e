import { Redis } from 'ioredis'
import t from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import { openProducer, type Producer } from '../../../services/foundation/queue/producer.ts'
import { startWorkers } from '../../../services/foundation/queue/worker.ts'
import { runRelay } from '../../../workers/relay.ts'
import { finishJob, jobHandler } from '../../../workers/run.ts'
import type { Teardown } from '../../support/stack.ts'
import { openWorld, type World } from '../../support/world.ts'

// A stack of its own: these tests empty and stop Redis and PostgreSQL.
delete process.env.CUSTODY_STACK
t.setTimeout(480_000)
const world = await openWorld(t, { movesClock: true })

function startRelay(t: Teardown, world: World, producer?: Producer): () => Promise<void> {
  const { clock, log, notices, redisUrl, redisPrefix } = world
  const stopper = new AbortController()
  const own = producer ?? openProducer({ redisUrl, prefix: redisPrefix, log })
  const ended = runRelay({ db: world.dbFor('worker'), notices, producer: own, clock, log }, stopper.signal)
  const stop = async (): Promise<void> => {
    stopper.abort()
    await ended
    await own.close()
  }
  t.teardown(stop)
  return stop
}

async function enqueueMany(count: number): Promise<string[]> {
  const now = world.clock.now()
  const rows = Array.from({ length: count }, () => ({
    id: newId(now),
    name: 'checksum',
    subject_id: newId(now),
    run_after: now,
    created_at: now,
  }))
  await world.db.insertInto('job').values(rows).execute()
  return rows.map(({ id }) => id)
}

/** Ends each job in PostgreSQL, as a real handler does, and counts how often each was run. */
function startWork(t: Teardown): Map<string, number> {
  const { clock, log, redisUrl, redisPrefix } = world
  const db = world.dbFor('worker')
  const runs = new Map<string, number>()
  const handler = jobHandler({ db, clock, log }, 'checksum', async (job) => {
    runs.set(job.id, (runs.get(job.id) ?? 0) + 1)
    await db.transaction().execute((trx) => finishJob(trx, job.id, clock.now()))
  })
  const workers = startWorkers({ redisUrl, prefix: redisPrefix, log, handlers: { checksum: handler } })
  t.teardown(() => workers.close())
  return runs
}

async function pending(): Promise<number> {
  const row = await world.db
    .selectFrom('job')
    .select((eb) => eb.fn.countAll<number>().as('jobs'))
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  return Number(row.jobs)
}

const published = async (ids: readonly string[]): Promise<boolean> => {
  const rows = await world.db.selectFrom('job').select('published_at').where('id', 'in', ids).execute()
  return rows.every((row) => row.published_at !== null)
}

t.test('promise 6: after FLUSHALL with jobs pending, every one of them is published again at once', async (t) => {
  // What is merely published late is looked at again after a minute, which does not come.
  const goOn = world.clock.stop()
  startRelay(t, world)
  const ids = await enqueueMany(1200)
  await world.until(() => published(ids))
  const redis = new Redis(world.redisUrl)
  t.teardown(() => redis.disconnect())
  t.ok(Number(await redis.llen(`${world.redisPrefix}:checksum:wait`)) > 0, 'Redis holds them')
  await redis.flushall()
  t.equal(await redis.dbsize(), 0)
  await world.until(async () => (await redis.llen(`${world.redisPrefix}:checksum:wait`)) === 1200)
  goOn()
  const runs = startWork(t)
  await world.until(async () => (await pending()) === 0)
  t.same([...runs.keys()].sort(), [...ids].sort(), 'each was run')
})

t.test('a job is not published before its time, and published again when nobody did it', async (t) => {
  startRelay(t, world)
  const redis = new Redis(world.redisUrl)
  t.teardown(() => redis.disconnect())
  const waiting = (): Promise<number> => redis.llen(`${world.redisPrefix}:checksum:wait`)
  await redis.flushall()
  const [id] = await enqueueMany(1)
  const [later] = await enqueueMany(1)
  await world.db
    .updateTable('job')
    .set({ run_after: new Date(world.clock.now().getTime() + 3_600_000), published_at: null })
    .where('id', '=', later!)
    .execute()
  await world.until(async () => (await waiting()) >= 1)
  await redis.del(`${world.redisPrefix}:checksum:wait`, `${world.redisPrefix}:checksum:checksum-${id}`)
  world.clock.advance(61_000)
  await world.until(async () => (await waiting()) >= 1)
  world.clock.advance(3_600_000)
  await world.until(() => published([later!]))
  startWork(t)
  await world.until(async () => (await pending()) === 0)
})

t.test('while Redis is away the relay waits, and goes on by itself', async (t) => {
  const { redisUrl, redisPrefix, log } = world
  const producer = openProducer({ redisUrl, prefix: redisPrefix, log })
  let failures = 0
  const generation = () =>
    producer.generation().catch((error) => {
      failures += 1
      throw error
    })
  startRelay(t, world, { ...producer, generation })
  startWork(t)
  await world.stack.redis.stop('at-once')
  const ids = await enqueueMany(20)
  await world.until(() => failures > 1)
  t.notOk(await published(ids))
  await world.stack.redis.start()
  await world.until(async () => (await pending()) === 0)
  t.pass('all were done')
})

t.test('a restart of PostgreSQL stops neither relay nor workers', async (t) => {
  startRelay(t, world)
  startWork(t)
  await enqueueMany(50)
  await world.stack.postgres.restart('at-once')
  const ids = await world.until(() => enqueueMany(50).catch(() => null))
  t.ok(ids.length)
  await world.until(() =>
    pending().then(
      (jobs) => jobs === 0,
      () => false,
    ),
  )
})
