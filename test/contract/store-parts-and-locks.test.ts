import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { sha256 } from '../../services/foundation/hash.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { storesUnderTest } from '../support/stores.ts'
import { digestOf, newKey, randomSource } from './content.ts'

const mebibyte = 1024 * 1024

for (const { name, open } of await storesUnderTest(t)) {
  t.test(`the Store contract on ${name}: parts and locks`, async (t) => {
    const store = open()
    t.teardown(() => store.close())
    await multipart(t, store)
    await locking(t, store)
  })
}

type Test = Pick<typeof t, 'test'>

async function multipart(t: Test, store: Store): Promise<void> {
  t.test('parts come from buffers or streams, and completing again finds the version', async (t) => {
    const key = newKey()
    const target = { bucket: 'originals' as const, key, ...(await store.startMultipart('originals', key)) }
    const [first, last] = [randomBytes(5 * mebibyte), randomBytes(1000)]
    const parts = [
      await store.putPart({ ...target, number: 2, bytes: last.length }, last),
      await store.putPart({ ...target, number: 1, bytes: first.length }, Readable.from([first], { objectMode: false })),
    ]
    const version = await store.completeMultipart(target, parts)
    t.same(await store.completeMultipart(target, parts), version)
    t.equal(await digestOf(store, version), sha256(Buffer.concat([first, last])).toString('hex'))
    await store.abortMultipart(target)
    t.equal((await store.versions('originals', key)).versions.length, 1)
  })

  t.test('one source feeds several parts, and no byte is seen twice', async (t) => {
    const key = newKey()
    const target = { bucket: 'originals' as const, key, ...(await store.startMultipart('originals', key)) }
    const source = randomSource(11 * mebibyte)
    const seen: Uint8Array[] = []
    const sending = { keepSource: true, onBytes: (chunk: Uint8Array) => void seen.push(chunk) }
    const parts = []
    for (const [number, bytes] of [
      [1, 5 * mebibyte],
      [2, 6 * mebibyte],
    ] as const) {
      parts.push(await store.putPart({ ...target, number, bytes }, source, undefined, sending))
    }
    const version = await store.completeMultipart(target, parts)
    t.equal(await digestOf(store, version), sha256(Buffer.concat(seen)).toString('hex'))
  })

  t.test(
    'a part sent again replaces the first; a part of an upload that is gone is refused before a byte is read',
    async (t) => {
      const key = newKey()
      const target = { bucket: 'originals' as const, key, ...(await store.startMultipart('originals', key)) }
      const part = { ...target, number: 1, bytes: 5 }
      await store.putPart(part, Buffer.from('wrong'))
      const right = await store.putPart(part, Buffer.from('right'))
      t.equal(await text(await store.get(await store.completeMultipart(target, [right]))), 'right')

      const bytes = 6 * mebibyte
      const source = randomSource(bytes)
      const sent: Uint8Array[] = []
      const sending = { keepSource: true, onBytes: (chunk: Uint8Array) => void sent.push(chunk) }
      await t.rejects(store.putPart({ ...part, bytes }, source, undefined, sending), { code: 'not_found' })
      t.equal(source.destroyed, false)
      t.equal(sent.length, 0)
    },
  )

  t.test('aborting twice succeeds, and completing what was aborted is not_found', async (t) => {
    const key = newKey()
    const target = { bucket: 'originals' as const, key, ...(await store.startMultipart('originals', key)) }
    const part = await store.putPart({ ...target, number: 1, bytes: 5 }, Buffer.from('hello'))
    await store.abortMultipart(target)
    await store.abortMultipart(target)
    await t.rejects(store.completeMultipart(target, [part]), { code: 'not_found' })
  })
}

async function locking(t: Test, store: Store): Promise<void> {
  t.test('promise 1: a locked version can be neither deleted nor its lock shortened, only extended', async (t) => {
    const object = await store.put('originals', newKey(), Buffer.from('evidence'))
    t.same(await store.lockState(object), { retainUntil: null, mode: null, legalHold: false })
    // The stack is thrown away afterwards; on a server that stays, a minute is soon over.
    const until = new Date(Date.now() + 60_000)
    await store.lock(object, until)
    await store.lock(object, until)
    t.same(await store.lockState(object), { retainUntil: until, mode: 'COMPLIANCE', legalHold: true })
    t.equal(await store.deleteIsRefused(object), true)
    t.equal(await store.shorteningIsRefused(object, new Date(until.getTime() - 30_000)), true)
    await t.rejects(store.lock(object, new Date(until.getTime() - 1000)), { code: 'not_locked' })
    const later = new Date(until.getTime() + 5000)
    await store.lock(object, later)
    t.same((await store.lockState(object)).retainUntil, later)
    t.equal(await text(await store.get(object)), 'evidence')
  })

  t.test('a legal hold alone keeps a version, without a retention', async (t) => {
    const object = await store.put('originals', newKey(), Buffer.from('keys'))
    t.same(await store.hold(object), { retainUntil: null, mode: null, legalHold: true })
    t.same(await store.hold(object), { retainUntil: null, mode: null, legalHold: true })
    t.equal(await store.deleteIsRefused(object), true)
  })

  t.test('the canary sees a version that is not locked go', async (t) => {
    const object = await store.put('originals', newKey(), Buffer.from('not locked'))
    t.equal(await store.deleteIsRefused(object), false)
    await t.rejects(store.shorteningIsRefused(object, new Date()), { code: 'not_found' })
  })

  t.test('a bucket without lock cannot pretend', async (t) => {
    const object = await store.put('derived', newKey(), Buffer.from('derived'))
    t.equal((await store.lockState(object)).legalHold, false)
    await t.rejects(store.lock(object, new Date(Date.now() + 60_000)), { code: /not_locked|internal/ })
  })
}
