import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import type { CredentialName, RoleName, ServiceName, Stack } from '../../deploy/local/stack.ts'
import { type Db, openDatabase } from '../../services/foundation/db/database.ts'
import { migrate } from '../../services/foundation/db/migrate.ts'
import { type Notices, openNotices } from '../../services/foundation/db/notices.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { type Logger, openLog } from '../../services/foundation/log.ts'
import { closeStores } from '../../services/foundation/store/open.ts'
import {
  type BucketKind,
  type Store,
  type StoreName,
  type Stores,
  storeNames,
} from '../../services/foundation/store/store.ts'
import { type FakeClock, fakeClock, steadyClock } from './clock.ts'
import { openStack, type Teardown } from './stack.ts'
import { bucketNames, makeBuckets, openAsRoot } from './stores.ts'

/** Everything one test needs of servers, apart from what other tests use. Closed when the test ends. */
export interface World {
  readonly stack: Stack
  /** The migrated database of this world, as its owner. */
  readonly db: Db
  /** The same database as a service sees it. */
  dbFor(role: RoleName): Db
  /** The notices of that database. */
  readonly notices: Notices
  databaseUrl(role: RoleName | 'superuser'): string
  /** Runs `work` on one connection as one who holds the database: what the tampering tests are about. */
  asSuperuser<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** The three stores by their administrators' credentials. */
  readonly stores: Stores
  /** The same buckets by a service's own credentials. */
  storesFor(credential: CredentialName): Stores
  readonly buckets: Record<BucketKind, string>
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly clock: FakeClock
  readonly log: Logger
  /** Environment of a process of this service, pointed at this world's database, buckets and Redis prefix. */
  environmentFor(service: ServiceName): Record<string, string>
  /** Waits until `condition` returns something that is not false, null or undefined, and returns it. */
  until<T>(condition: () => Promise<T> | T, options?: { timeoutMs?: number }): Promise<NonNullable<T>>
}

export interface WorldOptions {
  /**
   * The test sets its clock: the database takes events of any time. Services that run as processes do not start on such a
   * database. Elsewhere an event's time is that of the database, as in a bureau, and the clock cannot be moved.
   */
  readonly movesClock?: boolean
  /**
   * The owner writes only what its commands write. Otherwise tests may write every kind of event by `world.db`, in anybody's
   * name, and `test.happened`. What services write by their own logins is always bound.
   */
  readonly ownerIsBound?: boolean
}

/** Makes a world: a database cloned from a migrated template, buckets and a Redis prefix of its own. */
export async function openWorld(t: Teardown, options: WorldOptions = {}): Promise<World> {
  const stack = await openStack(t)
  const suffix = randomBytes(5).toString('hex')
  const log = openLog({ service: 'test', level: process.env.CUSTODY_TEST_LOG === '1' ? 'debug' : 'silent' })
  const database = await cloneDatabase(t, stack, `test_${suffix}`, log)
  const buckets = bucketNames(suffix)
  await Promise.all(storeNames.map((name) => makeBuckets(rootOf(stack, name), buckets)))
  const redisPrefix = `test-${suffix}`
  t.teardown(() => forgetKeys(stack.redis.url, redisPrefix))

  const stores = opener(t, (name) => openAsRoot({ name, ...rootOf(stack, name) }, buckets))
  const rolesOpened = new Map<RoleName, Db>()
  const credentialsOpened = new Map<CredentialName, Stores>()
  const notices = openNotices({ url: stack.postgres.urlFor('owner', database.name), applicationName: 'test', log })
  t.teardown(() => notices.close())
  const db = database.open('owner')
  if (options.movesClock) await takeEventsOfAnyTime(db)
  if (!options.ownerIsBound) await letOwnerWriteAnything(db)
  return {
    stack,
    db,
    dbFor: (role) => remember(rolesOpened, role, () => database.open(role)),
    notices,
    databaseUrl: (role) => stack.postgres.urlFor(role, database.name),
    asSuperuser: async (work) => {
      const db = database.open('superuser')
      // One connection, so that what `work` sets for its session holds, and ends with it.
      return await db
        .connection()
        .execute(work)
        .finally(() => db.destroy())
    },
    stores: stores(),
    storesFor: (credential) =>
      remember(
        credentialsOpened,
        credential,
        opener(t, (name) => {
          const keys = stack.stores[name].credentials[credential]
          return openAsRoot({ name, ...rootOf(stack, name), ...keys }, buckets)
        }),
      ),
    buckets,
    redisUrl: stack.redis.url,
    redisPrefix,
    clock: options.movesClock ? fakeClock() : steadyClock(),
    log,
    environmentFor: (service) => {
      const environment = stack.environmentFor(service)
      const role = decodeURIComponent(new URL(environment.DATABASE_URL!).username).replace('custody_', '') as RoleName
      return {
        ...environment,
        DATABASE_URL: stack.postgres.urlFor(role, database.name),
        REDIS_PREFIX: redisPrefix,
        STORE_BUCKET_ORIGINALS: buckets.originals,
        STORE_BUCKET_DERIVED: buckets.derived,
        STORE_BUCKET_TAILS: buckets.tails,
      }
    },
    until,
  }
}

/** Waits for a condition; looks at it every 20 ms. Throws when it does not come true in time (default three minutes: a busy machine is slow, and whoever waits loses nothing by it). */
export async function until<T>(
  condition: () => Promise<T> | T,
  options: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 180_000
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value !== false && value !== null && value !== undefined) return value
    if (performance.now() > deadline) throw new Error(`not true within ${timeoutMs} ms: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function takeEventsOfAnyTime(db: Db): Promise<void> {
  const centuryMs = 100 * 365 * 86_400_000
  await db.updateTable('event_time_rule').set({ tolerance_ms: centuryMs }).execute()
}

async function letOwnerWriteAnything(db: Db): Promise<void> {
  await sql`
    insert into event_writer (kind, alarm, role, actor)
    select distinct kind, alarm, 'custody_owner', 'any' from event_writer
    union values ('test.happened', '', 'custody_owner', 'any')`.execute(db)
}

function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

function opener(t: Teardown, open: (name: StoreName) => Store): () => Stores {
  return () => {
    const stores = { primary: open('primary'), 'backup-a': open('backup-a'), 'backup-b': open('backup-b') }
    t.teardown(() => closeStores(stores))
    return stores
  }
}

function rootOf(stack: Stack, name: StoreName) {
  const { endpoint, hostName, rootAccessKey, rootSecretKey } = stack.stores[name]
  return { endpoint, hostName, accessKey: rootAccessKey, secretKey: rootSecretKey }
}

interface ClonedDatabase {
  readonly name: string
  open(role: RoleName | 'superuser'): Db
}

async function cloneDatabase(t: Teardown, stack: Stack, name: string, log: Logger): Promise<ClonedDatabase> {
  const open = (url: string, connectionsMax: number) =>
    openDatabase({
      url,
      applicationName: 'test',
      connectionsMax,
      // The first of all tests migrates the template while the others wait for it.
      statementTimeoutMs: 5 * 60_000,
      onConnectionError: (error) => log.debug({ err: error }, 'a database connection broke'),
    })
  const administrator = open(stack.postgres.superuserUrl, 1)
  const withAdministrator = async (statement: string) => {
    await sql.raw(statement).execute(administrator)
  }
  const template = await templateDatabase(stack, administrator, (url) => open(url, 2))
  await withAdministrator(`create database ${name} template ${template} owner custody_owner`)
  await withAdministrator(`revoke connect on database ${name} from public`)
  await withAdministrator(
    `grant connect on database ${name} to custody_ingest, custody_access, custody_worker, custody_sequencer`,
  )
  const opened: Db[] = []
  t.teardown(async () => {
    await Promise.all(opened.map((db) => db.destroy()))
    await withAdministrator(`drop database if exists ${name} with (force)`).catch(() => undefined)
    await administrator.destroy()
  })
  return {
    name,
    open: (role) => {
      const db = open(stack.postgres.urlFor(role, name), 10)
      opened.push(db)
      return db
    },
  }
}

const templateLock = 7_202_611

/** One migrated database per state of migrations/, made by whoever comes first. */
async function templateDatabase(stack: Stack, administrator: Db, open: (url: string) => Db): Promise<string> {
  const folder = new URL('../../migrations/', import.meta.url)
  const sources = readdirSync(folder)
    .sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  const name = `template_${sha256(sources.join('\n')).toString('hex').slice(0, 16)}`
  await administrator.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${sql.lit(templateLock)})`.execute(connection)
    try {
      const found = await sql`select from pg_database where datname = ${name} and datallowconn = false`.execute(
        connection,
      )
      if (found.rows.length > 0) return
      await sql.raw(`drop database if exists ${name} with (force)`).execute(connection)
      await sql.raw(`create database ${name} owner custody_owner`).execute(connection)
      const db = open(stack.postgres.urlFor('owner', name))
      await migrate(db).finally(() => db.destroy())
      // Nobody may connect any more: a connection would keep the next clone from being made. It also marks it complete.
      await sql.raw(`alter database ${name} allow_connections false`).execute(connection)
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(templateLock)})`.execute(connection)
    }
  })
  return name
}

async function forgetKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 1 })
  redis.on('error', () => undefined)
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(...keys)
    }
  } catch {
    // The test may have stopped Redis; its keys do no harm to others.
  } finally {
    redis.disconnect()
  }
}
