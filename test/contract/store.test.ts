import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { makeSecret } from '../../services/foundation/config.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { openLog } from '../../services/foundation/log.ts'
import { openMinioStore } from '../../services/foundation/store/minio.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { storesUnderTest } from '../support/stores.ts'
import { digestOf, inOddChunks, newKey, randomSource } from './content.ts'

const log = openLog({ service: 'test', level: 'silent' })
const mebibyte = 1024 * 1024

for (const { name, open } of await storesUnderTest(t)) {
  t.test(`the Store contract on ${name}`, async (t) => {
    const store = open()
    t.teardown(() => store.close())
    await writingAndReading(t, store)
    await streaming(t, store)
  })
}

type Test = Pick<typeof t, 'test'>

async function writingAndReading(t: Test, store: Store): Promise<void> {
  t.test(
    'promise 1: a second put of equal bytes returns the first version, of other bytes fails and changes nothing',
    async (t) => {
      for (const bucket of ['originals', 'derived', 'tails'] as const) {
        const key = newKey()
        const first = await store.put(bucket, key, Buffer.from('hello'))
        t.same(await store.put(bucket, key, Buffer.from('hello')), first)
        await t.rejects(store.put(bucket, key, Buffer.from('hallo')), { code: 'bytes_differ' })
        await t.rejects(store.put(bucket, key, Buffer.from('hello, world')), { code: 'bytes_differ' })
        t.equal((await store.versions(bucket, key)).versions.length, 1)
        t.equal(await text(await store.get(first)), 'hello')
      }
    },
  )

  t.test('promise 1: of puts at once with different bytes exactly one wins', async (t) => {
    const key = newKey()
    const puts = Array.from({ length: 6 }, (_, n) => store.put('originals', key, Buffer.from(`text ${n}`)))
    const results = await Promise.allSettled(puts)
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    t.equal((await store.versions('originals', key)).versions.length, 1)
  })

  t.test('promise 1: a delete marker hides no original and makes no room for another', async (t) => {
    const key = newKey()
    const version = await store.put('originals', key, Buffer.from('hello'))
    await (store.remove as (bucket: string, key: string) => Promise<void>)('originals', key)
    t.equal(await text(await store.get(version)), 'hello')
    t.match(await store.versions('originals', key), { versions: [{ versionId: version.versionId }], deleteMarkers: 1 })
    t.same(await store.put('originals', key, Buffer.from('hello')), version)
    await t.rejects(store.put('originals', key, Buffer.from('other')), { code: 'bytes_differ' })
  })

  t.test('ranges are read with both ends included, and an original only by its version', async (t) => {
    const object = await store.put('originals', newKey(), Buffer.from('0123456789'))
    t.equal(await text(await store.get(object, { start: 2, end: 4 })), '234')
    t.equal(await text(await store.get(object, { start: 7 })), '789')
    await t.rejects(store.get(object, { start: 10 }), { code: 'bad_request' })
    await t.rejects(store.get({ ...object, versionId: null }), { code: 'bad_request' })
    t.match(await store.stat(object), { bytes: 10, versionId: object.versionId, key: object.key })
  })

  t.test('what is not there is not_found, and removing it succeeds', async (t) => {
    const key = newKey()
    await t.rejects(store.get({ bucket: 'tails', key, versionId: null }), { code: 'not_found' })
    await t.rejects(store.stat({ bucket: 'derived', key, versionId: null }), { code: 'not_found' })
    const object = await store.put('originals', key, Buffer.from('hello'))
    const unknown = { ...object, versionId: '00000000-0000-4000-8000-000000000000' }
    await t.rejects(store.get(unknown), { code: 'not_found' })
    await t.rejects(store.stat(unknown), { code: 'not_found' })
    t.same(await store.versions('derived', key), { versions: [], deleteMarkers: 0 })
    await store.remove('tails', key)
    await store.put('tails', key, Buffer.from('hello'))
    await store.remove('tails', key)
    await t.rejects(store.stat({ bucket: 'tails', key, versionId: null }), { code: 'not_found' })
  })

  t.test('a version of derived that is removed by its id is gone', async (t) => {
    const key = newKey()
    const { versionId } = await store.put('derived', key, Buffer.from('hello'))
    await store.remove('derived', key)
    t.match(await store.versions('derived', key), { versions: [{ versionId }], deleteMarkers: 1 }, 'hidden, not gone')
    await store.remove('derived', key, versionId)
    await t.rejects(store.get({ bucket: 'derived', key, versionId }), { code: 'not_found' })
    t.same((await store.versions('derived', key)).versions, [])
    await store.remove('derived', key, versionId)
  })

  t.test('listing passes the page size, with any character in a key', async (t) => {
    const prefix = newKey()
    const keys = Array.from({ length: 1020 }, (_, n) => `${prefix}/${n} é+&%.ts`)
    const writer = async () => {
      for (let key = keys.pop(); key; key = keys.pop()) await store.put('tails', key, Buffer.from('x'))
    }
    await Promise.all(Array.from({ length: 12 }, writer))
    const found = new Set<string>()
    for await (const { key, bytes } of store.list('tails', prefix)) if (bytes === 1) found.add(key)
    t.equal(found.size, 1020)
    t.ok(found.has(`${prefix}/7 é+&%.ts`))
  })

  t.test('the clock of the server is known to a second', async (t) => {
    // The server says whole seconds, and a busy machine takes some for one request.
    t.ok(Math.abs(await store.clockOffsetMs()) < 10_000)
  })
}

async function streaming(t: Test, store: Store): Promise<void> {
  for (const bytes of [0, 1, 5 * mebibyte + 1, 40 * mebibyte + 3]) {
    t.test(`a stream of ${bytes} bytes arrives whole`, async (t) => {
      const content = randomBytes(bytes)
      const object = await store.putStream('originals', newKey(), inOddChunks(content), { bytes })
      t.equal((await store.stat(object)).bytes, bytes)
      t.equal(await digestOf(store, object), sha256(content).toString('hex'))
    })
  }

  t.test('a source that is shorter or longer than announced stores nothing', async (t) => {
    for (const announced of [1000, 20 * mebibyte]) {
      for (const bytes of [announced - 1, announced + 1]) {
        const key = newKey()
        const source = randomSource(bytes)
        await t.rejects(store.putStream('derived', key, source, { bytes: announced }), { code: 'bad_request' })
        t.equal((await store.versions('derived', key)).versions.length, 0)
        t.ok(source.destroyed)
      }
    }
  })

  t.test('an error of the source, or an aborted signal, comes back as it is', async (t) => {
    const broken = new PassThrough()
    const failing = store.putStream('derived', newKey(), broken, { bytes: 1000 })
    setTimeout(() => broken.destroy(new Error('cable')), 50)
    await t.rejects(failing, { message: 'cable' })

    const controller = new AbortController()
    const silent = new PassThrough()
    const waiting = store.putStream('derived', newKey(), silent, { bytes: 20 * mebibyte, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('stopped')), 50)
    await t.rejects(waiting, { message: 'stopped' })
    t.ok(silent.destroyed)

    const object = await store.putStream('derived', newKey(), randomSource(30 * mebibyte), { bytes: 30 * mebibyte })
    await t.rejects(
      (async () => {
        const reading = await store.get(object, { signal: AbortSignal.timeout(20) })
        for await (const _chunk of reading) await new Promise((resolve) => setTimeout(resolve, 5))
      })(),
      { name: 'TimeoutError' },
    )
  })

  t.test('a signal that aborts before anybody reads waits for the reader, and ends no process', async (t) => {
    const object = await store.putStream('derived', newKey(), randomSource(5 * mebibyte), { bytes: 5 * mebibyte })
    const opened = async () => {
      const controller = new AbortController()
      const reading = await store.get(object, { signal: controller.signal })
      controller.abort(new Error('stopped'))
      await new Promise((resolve) => reading.once('close', resolve))
      return reading
    }
    await t.rejects(text(await opened()), { message: 'stopped' })
    const copying = store.putStream('derived', newKey(), await opened(), { bytes: 5 * mebibyte })
    await t.rejects(copying, { message: 'stopped' })
  })
}

t.test('a store that cannot be reached is store_down at every call', async (t) => {
  const store = openMinioStore({
    name: 'backup-a',
    endpoint: 'http://127.0.0.1:1',
    accessKey: makeSecret('a'),
    secretKey: makeSecret('b'),
    hostName: 'nowhere',
    buckets: { originals: 'originals', derived: 'derived', tails: 'tails' },
    log,
  })
  t.teardown(() => store.close())
  const object = { bucket: 'originals' as const, key: 'k', versionId: '00000000-0000-4000-8000-000000000000' }
  const target = { bucket: 'originals' as const, key: 'k', multipartId: 'm' }
  const calls: Record<string, () => Promise<unknown>> = {
    put: () => store.put('tails', 'k', Buffer.from('x')),
    putStream: () => store.putStream('tails', 'k', randomSource(10), { bytes: 10 }),
    get: () => store.get(object),
    stat: () => store.stat(object),
    versions: () => store.versions('originals', 'k'),
    startMultipart: () => store.startMultipart('originals', 'k'),
    putPart: () => store.putPart({ ...target, number: 1, bytes: 1 }, Buffer.from('x')),
    completeMultipart: () => store.completeMultipart(target, []),
    lock: () => store.lock(object, new Date()),
    hold: () => store.hold(object),
    deleteIsRefused: () => store.deleteIsRefused(object),
    clockOffsetMs: () => store.clockOffsetMs(),
  }
  for (const [name, run] of Object.entries(calls)) await t.rejects(run(), { code: 'store_down' }, name)
})
