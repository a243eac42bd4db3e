import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { Fault } from '../errors.ts'
import { connectFailingFast, type QueueOptions, queueFault, requireNoEviction } from './connection.ts'
import { type JobName, jobs } from './jobs.ts'

/** A job to publish: its kind and the id of its row in PostgreSQL, which is all that Redis is told. */
export interface PublishedJob {
  readonly name: JobName
  readonly id: string
}

/** Hands jobs to BullMQ. Every call fails fast with `queue_down` while Redis is away: the rows wait in PostgreSQL. */
export interface Producer {
  /** Publishing a job that is still queued does nothing. */
  add(jobs: readonly PublishedJob[]): Promise<void>
  /** The marker that was set last, or null: then Redis lost its data, and everything pending must be published again. */
  generation(): Promise<string | null>
  setGeneration(generation: string): Promise<void>
  close(): Promise<void>
}

const answerTimeoutMs = 5000
// Retries are scheduled by PostgreSQL, where the outcome is written: BullMQ runs a job once and forgets it.
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true }

function bullJob(name: JobName, id: string) {
  return { name, data: { jobId: id }, opts: { ...jobOptions, jobId: `${name}-${id}` } }
}

/**
 * Opens the producer. Does not wait for Redis.
 *
 * @throws bad_config (from each call) when Redis may evict keys
 */
export function openProducer(options: QueueOptions): Producer {
  const redis = connectFailingFast(options)
  const queues = new Map<string, Queue>()
  let isChecked = false
  // Another server may answer after a reconnect.
  redis.on('close', () => {
    isChecked = false
  })
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      requireReady(redis)
      if (!isChecked) await requireNoEviction(redis)
      isChecked = true
      return await withinTime(work())
    } catch (error) {
      throw queueFault(error)
    }
  }
  const generationKey = `${options.prefix}:generation`
  return {
    add: (list) =>
      run(async () => {
        for (const [name, published] of Map.groupBy(list, (job) => job.name)) {
          const queue = queueOf(queues, redis, options, name)
          await queue.addBulk(published.map(({ id }) => bullJob(name, id)))
        }
      }),
    generation: () => run(() => redis.get(generationKey)),
    setGeneration: (generation) => run(async () => void (await redis.set(generationKey, generation))),
    async close() {
      await Promise.all([...queues.values()].map((queue) => withinTime(queue.close()).catch(() => undefined)))
      redis.disconnect()
    },
  }
}

function queueOf(queues: Map<string, Queue>, redis: Redis, options: QueueOptions, name: JobName): Queue {
  const known = queues.get(name)
  if (known) return known
  const queue = new Queue(jobs[name].queue, { connection: redis, prefix: options.prefix })
  queue.on('error', (error) => options.log.debug({ err: error, queue: name }, 'a queue reports an error'))
  queues.set(name, queue)
  return queue
}

function requireReady(redis: Redis): void {
  if (redis.status !== 'ready') throw new Fault('queue_down', 'Redis cannot be reached: the work waits in the database')
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${answerTimeoutMs} ms`)), answerTimeoutMs)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
