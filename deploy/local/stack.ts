// PostgreSQL, Redis and three MinIO servers of one's own on free loopback ports, below one folder: for the demo, the
// tests and the bench. Servers that run already are never touched. By hand:
//
//   node deploy/local/stack.ts start DIR     prints the path of stack.json; the servers stay up
//   node deploy/local/stack.ts stop DIR      takes them down and removes their data

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../../services/foundation/errors.ts'
import { startTicksOf } from './install/start-ticks.mjs'
import { auditEnvironment } from './stack/audit.ts'
import { environmentFor, type ServiceName } from './stack/environment.ts'
import { freePort } from './stack/free-port.ts'
import {
  adoptPostgres,
  createPostgres,
  leavePostgres,
  postgresUrl,
  removePostgresFolder,
  startPostgres,
  stopPostgres,
} from './stack/postgres.ts'
import { isRunning, serversOf, stopServer } from './stack/processes.ts'
import { createRedis, startRedis, stopRedis } from './stack/redis.ts'
import {
  type BucketNames,
  type CredentialName,
  environmentPrefix,
  type Keys,
  type RoleName,
  readState,
  type StackState,
  type StoreName,
  type StoreState,
  statePath,
  storeNames,
  writeState,
} from './stack/state.ts'
import { adoptStore, createStore, startStore, stopStore, wipeStore } from './stack/stores.ts'

export type { CredentialName, Keys, RoleName, ServiceName, StoreName }
export type Component = 'postgres' | 'redis' | StoreName
export type HowToStop = 'orderly' | 'at-once'

export interface RunningServer {
  /** Stops it; `at-once` as a crash would (default `orderly`). Resolves when the process is gone. */
  stop(how?: HowToStop): Promise<void>
  /** Starts it again on the same port with the same data. Resolves when it answers. */
  start(): Promise<void>
}

export interface PostgresServer extends RunningServer {
  readonly host: string
  readonly port: number
  /** The database of the stack, owned by custody_owner; not migrated. */
  readonly database: string
  readonly superuserUrl: string
  urlFor(role: RoleName | 'superuser', database?: string): string
  restart(how?: HowToStop): Promise<void>
}

export interface RedisServer extends RunningServer {
  readonly url: string
  restart(how?: HowToStop): Promise<void>
}

export interface StoreServer extends RunningServer {
  readonly name: StoreName
  readonly endpoint: string
  readonly hostName: string
  readonly rootAccessKey: string
  readonly rootSecretKey: string
  readonly credentials: Readonly<Record<CredentialName, Keys>>
  /** Throws all its data away and leaves it running and empty, with the same credentials. */
  wipe(): Promise<void>
}

export interface Stack {
  readonly directory: string
  /** Path of stack.json, for attachStack in another process. */
  readonly statePath: string
  readonly detached: boolean
  readonly buckets: BucketNames
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly stores: Readonly<Record<StoreName, StoreServer>>
  /** DATABASE_URL, REDIS_URL, STORE_… for one service, with its own role and keys. */
  environmentFor(service: ServiceName): Record<string, string>
  /** Besides, for who takes the stores' reports and checks the record; null where a store was given by address. */
  auditEnvironment(): Record<string, string> | null
}

export interface StackOptions {
  /** Folder of the stack; emptied first when a stack was there. Best below the checkout's .stack/ or .demo/. */
  readonly directory: string
  /** Servers outlive this process; stopStackAt(directory) takes them down. */
  readonly detached?: boolean
  /** What to start; default all. What is left out throws when it is used. */
  readonly components?: readonly Component[]
  /** Hears one line per step. */
  readonly log?: (line: string) => void
}

/**
 * Starts the servers, all of them durable (what was committed survives a crash), and makes their roles, buckets and credentials. A server whose address is in the environment
 * (DATABASE_URL, REDIS_URL, STORE_PRIMARY_ENDPOINT … with the administrator's keys) is used instead of one of our own.
 * Throws Fault: `conflict` when a stack runs in that folder, `not_ready` with the end of a log when a server fails.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = resolve(options.directory)
  const log = options.log ?? (() => undefined)
  const detached = options.detached ?? false
  await clear(directory)
  mkdirSync(directory, { recursive: true, mode: 0o711 })
  const wanted = new Set<Component>(options.components ?? ['postgres', 'redis', ...storeNames])
  const buckets = bucketNames(process.env)
  const owner = { pid: process.pid, startTicks: startTicksOf(process.pid) }
  const auditPort = await freePort()
  const base: StackState = { directory, owner, detached, stores: [], buckets, auditPort }
  writeState(base) // so that a crash from here on leaves something to clean up by
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const startMs = Date.now()
    const result = await work
    log(`${name} is up (${((Date.now() - startMs) / 1000).toFixed(1)} s)`)
    return result
  }
  const env = process.env
  const postgres = env.DATABASE_URL ? () => adoptPostgres(env.DATABASE_URL!) : () => createPostgres(directory, detached)
  const redis = async () => (env.REDIS_URL ? { url: env.REDIS_URL } : await createRedis(directory, detached))
  const store = (name: StoreName) =>
    env[`${environmentPrefix(name)}_ENDPOINT`]
      ? adoptStore(name, buckets, env)
      : createStore(directory, name, buckets, { survive: detached, auditPort })
  const started = await Promise.allSettled([
    wanted.has('postgres') ? timed('PostgreSQL', postgres()) : undefined,
    wanted.has('redis') ? timed('Redis', redis()) : undefined,
    ...storeNames.filter((name) => wanted.has(name)).map((name) => timed(`store ${name}`, store(name))),
  ] as const)
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await stopServers(directory)
    throw failed.reason
  }
  const [postgresState, redisState, ...stores] = started.map(
    (result) => (result as PromiseFulfilledResult<unknown>).value,
  )
  const state = { ...base, postgres: postgresState, redis: redisState, stores } as StackState
  writeState(state)
  return stackOf(state, detached)
}

/** The stack that another process started in `directory`. Throws Fault('not_found') when there is none. */
export function attachStack(directory: string): Stack {
  const state = readState(resolve(directory))
  if (!state) throw new Fault('not_found', `no stack was started in ${directory}`)
  // What is restarted from here must outlive this process: the one that started the stack still counts on it.
  return stackOf(state, true)
}

/** Takes a stack down and waits until every process is gone; `remove` deletes its folder too. */
export async function stopStack(stack: Stack, options: { remove?: boolean } = {}): Promise<void> {
  await stopStackAt(stack.directory, options)
}

/** stopStack by folder, for a stack that another process started. Nothing there is fine. */
export async function stopStackAt(directory: string, options: { remove?: boolean } = {}): Promise<void> {
  const path = resolve(directory)
  const state = readState(path)
  await stopServers(path)
  if (state?.postgres && !state.postgres.own) await leavePostgres(state.postgres)
  if (options.remove && state) removeFolders(state)
}

/** Stops what a stack in `directory` left running and empties the folder; refuses while its owner lives. */
async function clear(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  const state = readState(directory)
  if (!state) {
    if (readdirSync(directory).length === 0) return
    throw new Fault('conflict', `${directory} is not empty and was not made by a stack`)
  }
  const ownerLives = state.owner.startTicks !== '' && startTicksOf(state.owner.pid) === state.owner.startTicks
  const running = serversOf(directory).some((name) => isRunning(directory, name))
  if (running && (ownerLives || state.detached)) {
    throw new Fault('conflict', `a stack is running in ${directory}: node deploy/local/stack.ts stop ${directory}`)
  }
  await stopStackAt(directory, { remove: true })
}

async function stopServers(directory: string): Promise<void> {
  const signal = (name: string): NodeJS.Signals => (name === 'postgres' ? 'SIGINT' : 'SIGTERM')
  await Promise.all(serversOf(directory).map((name) => stopServer(directory, name, signal(name))))
}

function removeFolders(state: StackState): void {
  removePostgresFolder(state.directory)
  rmSync(state.directory, { recursive: true, force: true, maxRetries: 3 })
}

function stackOf(state: StackState, survive: boolean): Stack {
  return {
    directory: state.directory,
    statePath: statePath(state.directory),
    detached: state.detached,
    buckets: state.buckets,
    get postgres() {
      return postgresOf(state, survive)
    },
    get redis() {
      return redisOf(state, survive)
    },
    stores: Object.defineProperties({} as Record<StoreName, StoreServer>, {
      ...Object.fromEntries(
        storeNames.map((name) => [name, { enumerable: true, get: () => storeOf(state, name, survive) }]),
      ),
    }),
    environmentFor: (service) => environmentFor(state, service),
    auditEnvironment: () => auditEnvironment(state),
  }
}

function postgresOf({ directory, postgres }: StackState, survive: boolean): PostgresServer {
  if (!postgres) throw new Fault('not_ready', 'this stack was started without PostgreSQL')
  const stop = async (how: HowToStop = 'orderly') => stopPostgres(directory, how)
  const start = async () => startPostgres(directory, postgres, survive)
  return {
    host: postgres.host,
    port: postgres.port,
    database: postgres.database,
    superuserUrl: postgres.superuserUrl,
    urlFor: (role, database) => postgresUrl(postgres, role, database),
    stop,
    start,
    restart: async (how) => {
      await stop(how)
      await start()
    },
  }
}

function redisOf({ directory, redis }: StackState, survive: boolean): RedisServer {
  if (!redis) throw new Fault('not_ready', 'this stack was started without Redis')
  const stop = async (how: HowToStop = 'orderly') => stopRedis(directory, how)
  const start = async () => startRedis(directory, redis, survive)
  return {
    url: redis.url,
    stop,
    start,
    restart: async (how) => {
      await stop(how)
      await start()
    },
  }
}

function storeOf({ directory, stores, buckets }: StackState, name: StoreName, survive: boolean): StoreServer {
  const store: StoreState | undefined = stores.find((one) => one.name === name)
  if (!store) throw new Fault('not_ready', `this stack was started without ${name}`)
  return {
    name,
    endpoint: store.endpoint,
    hostName: store.hostName,
    rootAccessKey: store.root.accessKey,
    rootSecretKey: store.root.secretKey,
    credentials: store.credentials,
    stop: (how = 'orderly') => stopStore(directory, name, how),
    start: () => startStore(directory, store, survive),
    wipe: () => wipeStore(directory, store, buckets, survive),
  }
}

/** Stores that were given by address get buckets of this run's own beside what lies there. */
function bucketNames(env: NodeJS.ProcessEnv): BucketNames {
  const given = storeNames.some((name) => env[`${environmentPrefix(name)}_ENDPOINT`])
  const suffix = given ? `-${randomBytes(4).toString('hex')}` : ''
  return { originals: `originals${suffix}`, derived: `derived${suffix}`, tails: `tails${suffix}` }
}

if (import.meta.main) {
  const [command, directory] = process.argv.slice(2)
  if (command === 'start' && directory) {
    const stack = await startStack({ directory, detached: true, log: (line) => process.stderr.write(`${line}\n`) })
    process.stdout.write(`${stack.statePath}\n`)
  } else if (command === 'stop' && directory) {
    await stopStackAt(directory, { remove: true })
  } else {
    process.stderr.write('usage: node deploy/local/stack.ts start|stop DIR\n')
    process.exitCode = 2
  }
}
