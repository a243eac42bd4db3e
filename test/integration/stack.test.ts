import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'minio'
import pg from 'pg'
import t from 'tap'
import {
  attachStack,
  type Keys,
  type StoreServer,
  startStack,
  stopStack,
  stopStackAt,
} from '../../deploy/local/stack.ts'

// Below the checkout, as the demo and the tests do it; the folder is git-ignored.
const refused = { code: /^(AccessDenied|InvalidAccessKeyId)$/ }
const root = join(import.meta.dirname, '../../.stack')
const directory = join(root, `stack-test-${process.pid}`)
const stack = await startStack({ directory })
t.teardown(async () => {
  await stopStack(stack, { remove: true })
})

function clientOf(store: StoreServer, keys: Keys): Client {
  const { hostname, port } = new URL(store.endpoint)
  return new Client({ endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1', ...keys })
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Pids whose command line names the folder or a port of the stack. */
function processesNaming(words: readonly string[]): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return words.some((word) => line.includes(word))
    } catch {
      return false // ended while we looked
    }
  })
}

t.test('each service role logs in and none is more than a login', async (t) => {
  for (const role of ['owner', 'ingest', 'access', 'worker', 'sequencer'] as const) {
    const rows = await query(stack.postgres.urlFor(role), 'select current_user as name, current_database() as database')
    t.same(rows, [{ name: `custody_${role}`, database: 'custody' }])
  }
  const powers = await query(
    stack.postgres.superuserUrl,
    `select rolname from pg_roles where rolname like 'custody%' and (rolsuper or rolcreatedb or rolcreaterole or rolbypassrls)`,
  )
  t.same(powers, [])
})

t.test('a wrong password is refused and only the owner may create tables', async (t) => {
  const wrong = new URL(stack.postgres.urlFor('ingest'))
  wrong.password = 'wrong'
  await t.rejects(query(wrong.href, 'select 1'), { code: '28P01' })
  await t.rejects(query(stack.postgres.urlFor('worker'), 'create table mine (a int)'), { code: '42501' })
  await query(stack.postgres.urlFor('owner'), 'create table theirs (a int)')
  await query(stack.postgres.urlFor('owner'), 'drop table theirs')
})

t.test('PostgreSQL keeps what it has committed: the three settings the sequencer looks at are on', async (t) => {
  const rows = await query(
    stack.postgres.superuserUrl,
    "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name",
  )
  t.same(
    rows.map((row) => row.setting),
    ['on', 'on', 'on'],
  )
})

t.test('Redis never evicts, appends to a file, and wants its password', async (t) => {
  const redis = new Redis(stack.redis.url)
  t.teardown(() => redis.disconnect())
  t.same(await redis.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction'])
  t.same(await redis.config('GET', 'appendonly'), ['appendonly', 'yes'])
  const open = new Redis(stack.redis.url.replace(/:[^:@]+@/, ''), { lazyConnect: true, maxRetriesPerRequest: 0 })
  open.on('error', () => undefined) // it also says what the promise says
  t.teardown(() => open.disconnect())
  await t.rejects(open.ping(), { message: /NOAUTH/ })
})

t.test('originals are versioned and lockable on all three stores, without a default retention', async (t) => {
  for (const store of Object.values(stack.stores)) {
    const client = clientOf(store, { accessKey: store.rootAccessKey, secretKey: store.rootSecretKey })
    t.same(await client.getObjectLockConfig('originals'), { objectLockEnabled: 'Enabled' }, store.name)
    t.match(await client.getBucketVersioning('originals'), { Status: 'Enabled' })
    t.match(await client.getBucketVersioning('derived'), { Status: 'Enabled' })
    t.equal(await client.bucketExists('tails'), true)
  }
})

t.test('no service may delete a version of an original; disposal may, but not a locked one', async (t) => {
  for (const store of Object.values(stack.stores)) {
    const worker = clientOf(store, store.credentials.worker)
    const disposal = clientOf(store, store.credentials.disposal)
    const { versionId } = await worker.putObject('originals', 'a/1', Buffer.from('footage'))
    const version = { versionId: versionId ?? '' }
    const retainUntilDate = new Date(Date.now() + 60_000).toISOString()
    await worker.putObjectRetention('originals', 'a/1', { mode: 'COMPLIANCE', retainUntilDate, ...version })
    for (const name of [
      'ingest',
      'access',
      'worker',
      'transcode',
      'sequencer',
      'archive',
      'package',
      'canary',
      'auditor',
    ] as const) {
      const client = clientOf(store, store.credentials[name])
      await t.rejects(client.removeObject('originals', 'a/1', version), refused, `${name} on ${store.name}`)
      await t.rejects(client.removeObject('originals', 'a/1'), refused, `${name} on ${store.name}, delete marker`)
    }
    await t.rejects(disposal.removeObject('originals', 'a/1', version), { code: 'InvalidRequest' })
    const free = await worker.putObject('originals', 'a/2', Buffer.from('unlocked'))
    await disposal.removeObject('originals', 'a/2', { versionId: free.versionId ?? '' })
  }
})

t.test('each credential does its own work and no other', async (t) => {
  const { primary } = stack.stores
  const may = (name: keyof typeof primary.credentials) => clientOf(primary, primary.credentials[name])
  const denied = { code: 'AccessDenied' }
  const bytes = Buffer.from('x')
  const upload = await may('ingest').initiateNewMultipartUpload('originals', 'b/1', {})
  await may('worker').abortMultipartUpload('originals', 'b/1', upload)
  await may('ingest').putObject('tails', 'b/1', bytes)
  await may('ingest').removeObject('tails', 'b/1')
  await may('transcode').putObject('derived', 'b/1', bytes)
  await may('access').statObject('derived', 'b/1')
  await may('archive').putObject('originals', 'ledger/checkpoint', bytes)
  await may('sequencer').getObject('originals', 'ledger/checkpoint')
  await may('canary').putObject('originals', 'canary/1', bytes)
  await t.rejects(may('ingest').putObject('derived', 'b/1', bytes), denied)
  await t.rejects(may('transcode').putObject('originals', 'b/1', bytes), denied)
  await t.rejects(may('access').putObject('derived', 'b/2', bytes), denied)
  await t.rejects(may('sequencer').putObject('originals', 'ledger/checkpoint', bytes), denied)
  await t.rejects(may('sequencer').putObject('originals', 'b/1', bytes), denied)
  await t.rejects(may('sequencer').getObject('originals', 'b/1'), denied)
  await t.rejects(may('canary').putObject('originals', 'b/1', bytes), denied)
  await may('archive').putObject('originals', 'ledger/log/tile/0/000', bytes)
  await t.rejects(may('archive').putObject('originals', 'b/1', bytes), denied)
  await t.rejects(may('archive').getObject('originals', 'b/1'), denied)
  await t.rejects(may('archive').removeObject('originals', 'ledger/log/tile/0/000'), denied)
  await may('package').putObject('derived', 'packages/1/a.zip', bytes)
  await may('package').statObject('originals', 'ledger/checkpoint')
  await may('package').removeObject('derived', 'packages/1/a.zip')
  await t.rejects(may('package').putObject('derived', 'b/1', bytes), denied)
  await t.rejects(may('package').removeObject('derived', 'b/1'), denied)
  await t.rejects(may('package').putObject('originals', 'packages/1/a.zip', bytes), denied)
  await t.rejects(may('auditor').putObject('originals', 'b/1', bytes), denied)
  await t.rejects(may('disposal').getObject('originals', 'ledger/checkpoint'), denied)
  await t.rejects(may('worker').makeBucket('originals-mine'), denied)
  const backup = stack.stores['backup-a']
  await t.rejects(clientOf(backup, backup.credentials.ingest).putObject('originals', 'b/1', bytes), denied)
  await t.rejects(clientOf(backup, primary.credentials.worker).listObjectsV2('originals').toArray(), {
    code: 'InvalidAccessKeyId',
  })
})

t.test('each server stops and comes back with its data, also from a process that attached', async (t) => {
  const attached = attachStack(directory)
  await query(stack.postgres.urlFor('owner'), 'create table kept (a int); insert into kept values (7)')
  await stack.postgres.restart('at-once')
  t.same(await query(stack.postgres.urlFor('owner'), 'select a from kept'), [{ a: 7 }])
  await attached.redis.restart()
  const redis = new Redis(attached.redis.url)
  t.equal(await redis.ping(), 'PONG')
  redis.disconnect()
  const store = stack.stores['backup-b']
  const client = clientOf(store, store.credentials.worker)
  await client.putObject('originals', 'c/1', Buffer.from('kept'))
  await store.stop('at-once')
  await t.rejects(fetch(store.endpoint))
  await store.start()
  t.equal((await client.statObject('originals', 'c/1')).size, 4)
  await store.wipe()
  await t.rejects(client.statObject('originals', 'c/1'), { code: 'NotFound' })
  await client.putObject('originals', 'c/1', Buffer.from('again'))
})

t.test('secrets lie in files that others cannot read, and in no command line', async (t) => {
  t.equal(statSync(join(directory, 'stack.json')).mode & 0o777, 0o600)
  const environment = stack.environmentFor('ingest')
  const secrets = [
    stack.stores.primary.rootSecretKey,
    environment.STORE_PRIMARY_SECRET_KEY!,
    new URL(stack.redis.url).password,
    new URL(stack.postgres.superuserUrl).password,
  ]
  t.same(processesNaming(secrets), [])
})

t.test('a second stack in the same folder is refused, and stopping leaves no process', async (t) => {
  await t.rejects(startStack({ directory }), { code: 'conflict' })
  const ports = [stack.postgres.superuserUrl, stack.redis.url, ...Object.values(stack.stores).map((s) => s.endpoint)]
  // Where its user cannot enter the checkout, PostgreSQL's data lie elsewhere.
  const data = realpathSync(join(directory, 'postgres'))
  const words = [directory, data, ...ports.map((url) => `127.0.0.1:${new URL(url).port}`)]
  t.ok(processesNaming(words).length >= 5)
  await stopStack(stack)
  t.same(processesNaming(words), [])
})

t.test('servers do not outlive a killed owner, and the next start cleans up behind it', async (t) => {
  const place = join(root, `stack-test-${process.pid}-killed`)
  t.teardown(() => rmSync(place, { recursive: true, force: true }))
  const source = `
    import { startStack } from ${JSON.stringify(new URL('../../deploy/local/stack.ts', import.meta.url).href)}
    await startStack({ directory: ${JSON.stringify(place)}, components: ['postgres', 'redis'] })
    console.log('up')
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => owner.stdout.once('data', resolve))
  const gone = new Promise((resolve) => owner.once('exit', resolve))
  owner.kill('SIGKILL')
  await gone
  const next = await startStack({ directory: place, components: ['redis'] })
  t.throws(() => next.postgres, { code: 'not_ready' })
  await stopStack(next, { remove: true })
  t.equal(existsSync(place), false)
  t.same(processesNaming([place]), [])
})

t.test(
  'below a folder that only its owner can enter PostgreSQL runs too, and leaves nothing, even after a crash',
  async (t) => {
    const closed = mkdtempSync(join(root, 'closed-'))
    t.teardown(() => rmSync(closed, { recursive: true, force: true }))
    const place = join(closed, '证据 "1"')
    const inside = await startStack({ directory: place, components: ['postgres', 'redis'] })
    t.same(await query(inside.postgres.superuserUrl, 'select 1 as one'), [{ one: 1 }])
    const data = realpathSync(join(place, 'postgres'))
    t.equal(data.startsWith(closed), process.getuid?.() !== 0, 'for root it lies elsewhere')
    t.equal(statSync(data).mode & 0o777, 0o700)
    await stopStack(inside)
    // As a crash leaves it that comes before the state is complete.
    writeFileSync(join(place, 'stack.json'), JSON.stringify({ ...readStack(place), postgres: undefined }))
    await stopStackAt(place, { remove: true })
    t.same([existsSync(data), existsSync(place)], [false, false])
  },
)

function readStack(place: string): object {
  return JSON.parse(readFileSync(join(place, 'stack.json'), 'utf8'))
}
