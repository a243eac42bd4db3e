import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { generateX25519Identity } from 'age-encryption'
import t from 'tap'
import type { Store } from '../../../services/foundation/store/store.ts'
import { unwrapKeys, wrapKeys } from '../../../services/ledger/archive/keys-file.ts'
import { vrfGenerateKey } from '../../../services/ledger/format/vrf.ts'
import { startSequencer } from '../../support/sequencer.ts'
import { openWorld } from '../../support/world.ts'
import { sizeOf } from './archive-world.ts'
import { archivedLedger, errorsIn, rebuild, rowsOf } from './rebuild-world.ts'

/** The store as somebody left it who could change what lies on its disks. */
function changed(store: Store, change: { replace?: Map<string, (bytes: Buffer) => Buffer>; without?: string }): Store {
  return {
    ...store,
    async get(object, options) {
      const stream = await store.get(object, options)
      const replace = change.replace?.get(object.key)
      return replace ? Readable.from([replace(await buffer(stream))]) : stream
    },
    async *list(bucket, prefix) {
      for await (const object of store.list(bucket, prefix)) if (object.key !== change.without) yield object
    },
  }
}

/** Changes one byte in the middle. */
function flip(bytes: Buffer): Buffer {
  const place = Math.floor(bytes.length / 2)
  bytes[place] = bytes[place]! ^ 1
  return bytes
}

t.test('what is wrong in the archive is named, and nothing is written', async (t) => {
  const archive = await archivedLedger(t)
  const { world, names } = archive
  const lost = await openWorld(t)
  const store = world.storesFor('auditor').primary
  const all = (
    await world.db.selectFrom('ledger_copy').where('store', '=', 'primary').select('object_key').execute()
  ).map(({ object_key }) => object_key)
  t.ok(all.length >= 13, 'three batches, one of them with its tiles')
  for (const key of all) {
    const flipped = changed(store, { replace: new Map([[key, flip]]) })
    await t.rejects(rebuild(archive, lost.db, { store: flipped }), { code: 'unproven', message: key }, `flipped ${key}`)
  }
  for (const key of [
    names.events(200, 100),
    names.keys(200, 100),
    names.checkpoint(300),
    names.tile({ level: 0, index: 0, width: 256 }),
  ]) {
    const message = key === names.events(200, 100) ? /no batch .* leaves 200 to 299/ : key
    await t.rejects(rebuild(archive, lost.db, { store: changed(store, { without: key }) }), {
      code: 'unproven',
      message,
    })
  }
  const identity = await generateX25519Identity()
  await t.rejects(rebuild(archive, lost.db, { identity }), { code: 'unproven', message: /recovery key is another/ })
  const vrfSecretKey = vrfGenerateKey()
  await t.rejects(rebuild(archive, lost.db, { vrfSecretKey }), { code: 'unproven', message: /VRF key is another/ })
  await lost.db
    .insertInto('lease')
    .values({
      name: 'sequence',
      holder: '00000000-0000-4000-8000-000000000000',
      until: new Date(world.clock.now().getTime() + 60_000),
    })
    .execute()
  await t.rejects(rebuild(archive, lost.db), { code: 'conflict', message: /holds sequence/ })
  t.same(await lost.db.selectFrom('leaf').select('index').execute(), [])
})

t.test('a signed end that never reached the store is said to be lost', async (t) => {
  const archive = await archivedLedger(t)
  const { names, world } = archive
  const lost = await openWorld(t)
  const without = names.events(300, 3)
  const store = changed(world.storesFor('auditor').primary, { without })
  t.match(await rebuild(archive, lost.db, { store }), { size: 300, signedSize: 303, events: 300 })
})

t.test("with a subject's key erased the others come back, the tree verifies, and numbers go on", async (t) => {
  const archive = await archivedLedger(t)
  const { world, names, recipient, identity } = archive
  const before = await rowsOf(world.db)
  const place = { logId: names.logId, first: 200, count: 100 }
  const store = world.storesFor('auditor').primary
  const versions = await store.versions('originals', names.keys(200, 100))
  const keys = await unwrapKeys(place, await buffer(await store.get(versions.versions[0]!)), identity)
  const kept = await wrapKeys(
    place,
    keys.filter(({ subject }) => subject !== 'case:second'),
    recipient,
  )
  const erased = changed(store, { replace: new Map([[names.keys(200, 100), () => kept]]) })
  const lost = await openWorld(t, { movesClock: true })
  lost.clock.set(world.clock.now())
  const rebuilt = await rebuild(archive, lost.db, { store: erased })
  t.same(
    rebuilt.unreadable,
    Array.from({ length: 100 }, (_, n) => 200 + n),
  )
  const after = await rowsOf(lost.db)
  t.same(after.leaf, before.leaf)
  t.same(after.tile, before.tile)
  t.same(
    after.link,
    before.link!.filter((row) => !row.startsWith('(case:second')),
    'also the numbers that erased events carry of subjects that others name',
  )
  t.notMatch(JSON.stringify(after), /case:second/)
  const unreadable = await lost.db.selectFrom('event').where('kind', '=', 'event.erased').select('id').execute()
  t.equal(unreadable.length, 100)
  const errors = await errorsIn(archive, lost.db)
  t.same(
    errors.toSorted(),
    unreadable.map(({ id }) => `tree.body_differs event ${id}`).toSorted(),
    'each is named, and nothing else',
  )
  const stop = startSequencer(lost, archive.log)
  await archive.append(lost, 'third', 3)
  await lost.until(async () => (await sizeOf(lost)).size === 306)
  await stop()
  t.equal((await errorsIn(archive, lost.db)).length, 100)
})
