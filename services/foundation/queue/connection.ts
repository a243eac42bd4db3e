import { Redis, type RedisOptions } from 'ioredis'
import { Fault } from '../errors.ts'
import type { Logger } from '../log.ts'

/** Where BullMQ keeps its queues. `prefix` keeps installations (and tests) on one Redis apart. */
export interface QueueOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly log: Logger
}

const commandTimeoutMs = 5000
const reconnectMsMax = 1000

/**
 * For those who must not wait: a command fails at once while Redis is away, and after 5 s when it does not answer.
 * Reconnects by itself.
 */
export function connectFailingFast({ redisUrl, log }: QueueOptions): Redis {
  return connect(redisUrl, log, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
  })
}

/** For workers: commands wait for Redis as long as it takes, as BullMQ asks for. */
export function connectWaiting({ redisUrl, log }: QueueOptions): Redis {
  return connect(redisUrl, log, { maxRetriesPerRequest: null })
}

function connect(url: string, log: Logger, options: RedisOptions): Redis {
  const redis = new Redis(url, {
    ...options,
    connectTimeout: 5000,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, reconnectMsMax),
  })
  // Each attempt to reconnect is an error of its own; one line an outage is enough.
  let isAway = false
  redis.on('error', (error) => {
    if (!isAway) log.warn({ err: error }, 'Redis cannot be reached')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) log.info('Redis is back')
    isAway = false
  })
  return redis
}

/**
 * Refuses a Redis that may throw jobs away to make room.
 *
 * @throws bad_config for any policy but noeviction
 */
export async function requireNoEviction(redis: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1]
  if (policy === 'noeviction') return
  throw new Fault('bad_config', `Redis has maxmemory-policy ${policy ?? 'unknown'}: only noeviction loses no jobs`)
}

/** The Fault behind an error of Redis or BullMQ. */
export function queueFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault('queue_down', 'Redis cannot be reached: the work waits in the database', { cause: error })
}
