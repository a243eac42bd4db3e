import { once } from 'node:events'
import { Redis } from 'ioredis'
import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { jobHandler } from '../../../workers/run.ts'
import { firstTry, PutAside, requireShortEncoding } from '../../../workers/transcode/places.ts'
import { transcode } from '../../../workers/transcode.ts'
import { openWorld } from '../../support/world.ts'
import { clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { startPlaces, startRelay } from './queue.ts'
import { eventsOf, jobRow, type Sealed, sealRecording } from './sealed.ts'

// A stack of its own: a test empties Redis.
delete process.env.CUSTODY_STACK
t.setTimeout(480_000)
const world = await openWorld(t)
const clip = await clipMaker(t)
const run = { db: world.dbFor('worker'), clock: world.clock, log: world.log }

/** Ends with its signal only, as ffmpeg does on footage that is made to take for ever. */
async function endless(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}

function firstTryOf(work: (signal: AbortSignal) => Promise<void>, afterMs: number) {
  return jobHandler(run, 'transcode', (job, signal) => firstTry(run, { job, afterMs, signal }, work))
}

async function jobsOf(sealed: Sealed): Promise<string[]> {
  const rows = await world.db
    .selectFrom('job')
    .selectAll()
    .where('subject_id', '=', sealed.id)
    .orderBy('name')
    .execute()
  return rows.filter(({ name }) => name.startsWith('transcode')).map(({ name, state }) => `${name} ${state}`)
}

const isReady = async (sealed: Sealed): Promise<boolean> => (await eventsOf(world, sealed.id))['rendition.ready'] === 1

t.test('what is not done after its first try waits in PostgreSQL for the long place, once', async (t) => {
  const sealed = await sealRecording(world, await clip('silent.mp4'))
  const handler = firstTryOf(endless, 100)
  await Promise.all([handler(sealed.jobs.transcode, never), handler(sealed.jobs.transcode, never)])
  await handler(sealed.jobs.transcode, never)
  t.same(await jobsOf(sealed), ['transcode done', 'transcode_long pending'])
  const long = await world.db
    .selectFrom('job')
    .select('id')
    .where('subject_id', '=', sealed.id)
    .where('name', '=', 'transcode_long')
    .executeTakeFirstOrThrow()
  const { scratchDirectory } = await worldHandlers(t, world)
  const primary = world.storesFor('transcode').primary
  const deps = { ...run, primary, scratchDirectory, requireSandbox: () => 'ffmpeg of the test' }
  const longHandler = jobHandler(run, 'transcode_long', (job, signal) => transcode(deps, job, 'long', signal))
  await longHandler(long.id, never)
  await longHandler(long.id, never)
  t.ok(await isReady(sealed))
  t.same(await jobsOf(sealed), ['transcode done', 'transcode_long done'])
})

t.test('only time puts aside: not a failure, not the end of the process', async (t) => {
  const sealed = await sealRecording(world, await clip('silent.mp4'))
  const fails = firstTryOf(async () => {
    throw new Fault('store_down', 'the store is away')
  }, 60_000)
  await t.rejects(fails(sealed.jobs.transcode, never), { code: 'store_down' })
  t.same(await jobsOf(sealed), ['transcode pending'])
  const stop = new AbortController()
  const stopped = firstTryOf(endless, 60_000)(sealed.jobs.transcode, stop.signal)
  stop.abort(new Error('the worker is shutting down'))
  await t.rejects(stopped, { message: 'the worker is shutting down' })
  t.same(await jobsOf(sealed), ['transcode pending'])
  t.match(await jobRow(world, sealed.jobs.transcode), { attempts: 1 }, 'the end of a process is no failed attempt')
})

t.test('film that cannot be encoded in a first try is put aside before it is begun', async (t) => {
  t.throws(() => requireShortEncoding('short', 11 * 60_000), PutAside)
  t.doesNotThrow(() => requireShortEncoding('short', 9 * 60_000))
  t.doesNotThrow(() => requireShortEncoding('long', 24 * 3_600_000))
  const sealed = await sealRecording(world, await clip('silent.mp4'))
  await firstTryOf(async () => requireShortEncoding('short', 11 * 60_000), 60_000)(sealed.jobs.transcode, never)
  t.same(await jobsOf(sealed), ['transcode done', 'transcode_long pending'])
})

t.test('files that take for ever hold up none that is docked after them, even when Redis forgets all', async (t) => {
  const bytes = await clip('silent.mp4')
  const endlessOnes = [await sealRecording(world, bytes), await sealRecording(world, bytes)]
  const keys = new Set(endlessOnes.map(({ object }) => object.key))
  const released = new AbortController()
  const { primary } = world.storesFor('transcode')
  const tried = new Set<string>()
  // Their first tries end at once, as if the time were over: no limit of time decides here, so that none is too short.
  const get: Store['get'] = async (object, options) => {
    if (keys.has(object.key) && !released.signal.aborted) {
      if (!tried.has(object.key)) throw tried.add(object.key) && new PutAside('it takes for ever')
      await endless(AbortSignal.any([options!.signal!, released.signal])).catch(() => undefined)
    }
    return primary.get(object, options)
  }
  await startPlaces(t, world, { firstTryMs: 3_600_000, get })
  startRelay(t, world)
  const areAside = async (): Promise<boolean> => {
    const jobs = await Promise.all(endlessOnes.map(jobsOf))
    return jobs.every((names) => names.includes('transcode_long pending'))
  }
  await world.until(areAside)
  const ordinary = await sealRecording(world, bytes)
  await world.until(() => isReady(ordinary))
  const redis = new Redis(world.redisUrl)
  t.teardown(() => redis.disconnect())
  await redis.flushall()
  const later = await sealRecording(world, bytes)
  await world.until(() => isReady(later))
  t.ok(await areAside(), 'they are still tried')
  released.abort()
  for (const sealed of endlessOnes) await world.until(() => isReady(sealed))
})
