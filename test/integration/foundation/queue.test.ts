import { Redis } from 'ioredis'
import t from 'tap'
import { startStack, stopStack } from '../../../deploy/local/stack.ts'
import { newId } from '../../../services/foundation/id.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { openProducer, type Producer } from '../../../services/foundation/queue/producer.ts'
import { type JobHandler, startWorkers } from '../../../services/foundation/queue/worker.ts'
import { until } from '../../support/world.ts'

const log = openLog({ service: 'test', level: 'silent' })
// A Redis of its own: these tests stop it, empty it and change its settings.
const stack = await startStack({ directory: `.stack/queue-${process.pid}`, components: ['redis'] })
t.teardown(() => stopStack(stack, { remove: true }))
const redisUrl = stack.redis.url
let worlds = 0

function open(t: { teardown(end: () => unknown): unknown }) {
  const prefix = `queue-${++worlds}`
  const producer = openProducer({ redisUrl, prefix, log })
  t.teardown(() => producer.close())
  const work = (handler: JobHandler) => {
    const workers = startWorkers({ redisUrl, prefix, log, handlers: { checksum: handler }, withoutProgressMs: 500 })
    t.teardown(() => workers.close())
    return workers
  }
  return { prefix, producer, work }
}

function added(producer: Producer, ids: readonly string[]): Promise<true> {
  const jobs = ids.map((id) => ({ name: 'checksum' as const, id }))
  return until(() =>
    producer.add(jobs).then(
      () => true as const,
      (error) => (error.code === 'queue_down' ? null : Promise.reject(error)),
    ),
  )
}

t.test('a job reaches its handler once by its id alone, also when published twice', async (t) => {
  const { producer, work, prefix } = open(t)
  const ids = [newId(), newId(), newId()]
  await added(producer, ids)
  await added(producer, ids)
  const redis = new Redis(redisUrl)
  t.teardown(() => redis.disconnect())
  const stored = await redis.hgetall(`${prefix}:checksum:checksum-${ids[0]}`)
  t.same(JSON.parse(stored.data!), { jobId: ids[0] })

  const seen: string[] = []
  work(async (jobId) => void seen.push(jobId))
  await until(() => seen.length >= 3)
  t.same(seen.toSorted(), ids.toSorted())
  await until(async () => (await redis.keys(`${prefix}:checksum:checksum-*`)).length === 0)
})

t.test('a job that failed can be published again at once', async (t) => {
  const { producer, work } = open(t)
  const id = newId()
  let runs = 0
  work(async () => {
    runs += 1
    if (runs === 1) throw new Error('first time')
  })
  await added(producer, [id])
  await until(() => runs === 1)
  await until(async () => {
    await producer.add([{ name: 'checksum', id }])
    return runs >= 2
  })
  t.ok(runs >= 2)
})

t.test('closing aborts what runs and waits for it', async (t) => {
  const { producer, work } = open(t)
  let ended = false
  let begun = false
  const workers = work(async (_jobId, signal) => {
    begun = true
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    ended = true
  })
  await added(producer, [newId()])
  await until(() => begun)
  await workers.close()
  t.equal(ended, true)
})

t.test('after FLUSHALL the generation is gone, and what is published again is done', async (t) => {
  const { producer, work } = open(t)
  await added(producer, [])
  t.equal(await producer.generation(), null)
  await producer.setGeneration('g1')
  t.equal(await producer.generation(), 'g1')
  const seen: string[] = []
  work(async (jobId) => void seen.push(jobId))
  const redis = new Redis(redisUrl)
  t.teardown(() => redis.disconnect())
  await redis.flushall()
  t.equal(await producer.generation(), null)
  const id = newId()
  await added(producer, [id])
  await until(() => seen.includes(id))
})

t.test('while Redis is away the producer fails fast, and workers wait and go on', async (t) => {
  const { producer, work } = open(t)
  await added(producer, [])
  const seen: string[] = []
  work(async (jobId) => void seen.push(jobId))
  const first = newId()
  await added(producer, [first])
  await until(() => seen.includes(first))

  await stack.redis.stop()
  await t.rejects(
    producer.add([{ name: 'checksum', id: newId() }]),
    { code: 'queue_down' },
    'it does not wait until Redis is back, which is below',
  )
  const { producer: late, work: lateWork } = open(t)
  await t.rejects(late.add([{ name: 'checksum', id: newId() }]), { code: 'queue_down' })
  const lateSeen: string[] = []
  lateWork(async (jobId) => void lateSeen.push(jobId))

  await stack.redis.start()
  const second = newId()
  await added(producer, [second])
  await added(late, [second])
  await until(() => seen.includes(second) && lateSeen.includes(second))
})

t.test('a Redis that may evict keys is refused', async (t) => {
  const { producer } = open(t)
  const redis = new Redis(redisUrl)
  t.teardown(async () => {
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    redis.disconnect()
  })
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await t.rejects(added(producer, [newId()]), { code: 'bad_config', message: /allkeys-lru/ })
})
