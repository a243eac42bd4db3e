import { randomBytes } from 'node:crypto'
import { Client } from 'minio'
import t from 'tap'
import { checkCopy } from '../../../services/custody/fsck/copy-check.ts'
import type { StoreName } from '../../../services/foundation/store/store.ts'
import type { World } from '../../support/world.ts'
import { openTamperedWorld } from './tampered-world.ts'

t.test('what is done to objects behind the service is named, each on its store', async (t) => {
  const { world, populated, check } = await openTamperedWorld(t)
  const [recordingId, otherId] = populated.recordingIds as [string, string]
  const keyOf = async (id: string, store: StoreName) => {
    const query = world.db.selectFrom('copy').where('recording_id', '=', id).where('store', '=', store).selectAll()
    return query.executeTakeFirstOrThrow()
  }

  const hidden = await keyOf(recordingId, 'backup-a')
  await root(world, 'backup-a').removeObject(world.buckets.originals, hidden.object_key)
  const covered = await keyOf(otherId, 'backup-b')
  await root(world, 'backup-b').putObject(world.buckets.originals, covered.object_key, Buffer.from('forged'))
  const file = await world.db.selectFrom('rendition_file').where('number', '=', 0).selectAll().executeTakeFirstOrThrow()
  await root(world, 'primary').removeObject(world.buckets.derived, file.object_key, { versionId: file.version_id })
  await world.stores['backup-a'].put('originals', '2026/01/stranger', randomBytes(10))

  const inventory = await world.db.selectFrom('recording_inventory').selectAll().executeTakeFirstOrThrow()
  await root(world, 'primary').putObject(world.buckets.originals, inventory.object_key, Buffer.from('{}'))
  const strange = `inventory/${otherId}/${'0'.repeat(64)}`
  await world.stores.primary.put('originals', strange, randomBytes(10))

  const found = await check(world.db, { stores: true, objects: true })
  t.same(found.fsck, [
    `stores.delete_marker copy ${recordingId}/backup-a`,
    'stores.unknown_object backup-a 2026/01/stranger',
    `stores.unknown_object primary ${strange}`,
    `stores.unknown_version copy ${otherId}/backup-b`,
    `stores.unknown_version recording_inventory ${inventory.recording_id}/${inventory.event_id}`,
    `stores.version_missing rendition_file ${file.rendition_id}/${file.track}/${file.kind}/${file.number}`,
  ])
  t.same(found.chain, [
    `stores.delete_marker copy ${recordingId}/backup-a`,
    `stores.unknown_version copy ${otherId}/backup-b`,
  ])
})

t.test('a copy is compared with its size, lock and digest', async (t) => {
  const { world, populated } = await openTamperedWorld(t)
  const [recordingId] = populated.recordingIds as [string]
  const store = world.stores['backup-a']
  const copy = await world.db
    .selectFrom('copy')
    .where('recording_id', '=', recordingId)
    .where('store', '=', 'backup-a')
    .selectAll()
    .executeTakeFirstOrThrow()
  const recording = await world.db
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select(['bytes', 'sha256'])
    .executeTakeFirstOrThrow()
  const named = async (...args: Parameters<typeof checkCopy>) =>
    (await checkCopy(...args)).problems.map(({ check }) => check)
  t.same(await named(store, copy, recording, { objects: true }), [])
  t.same(await named(store, copy, { ...recording, sha256: randomBytes(32) }, { objects: true }), [
    'stores.bytes_differ',
  ])
  t.same(await named(store, copy, { ...recording, sha256: randomBytes(32) }, { objects: false }), [])
  t.same(await named(store, copy, { ...recording, bytes: 1 }, { objects: false }), ['stores.size_differs'])
  const later = new Date(copy.retain_until.getTime() + 1000)
  t.same(await named(store, { ...copy, retain_until: later }, recording, { objects: false }), ['stores.lock_differs'])
  const unlocked = await store.put('originals', '2026/01/unlocked', randomBytes(recording.bytes))
  const bare = { ...copy, object_key: unlocked.key, version_id: unlocked.versionId }
  t.same(await named(store, bare, recording, { objects: false }), ['stores.hold_missing', 'stores.lock_missing'])
  const gone = await named(store, { ...bare, version_id: copy.version_id }, recording, { objects: false })
  t.same(gone, ['stores.version_missing', 'stores.unknown_version'])
})

function root(world: World, name: StoreName): Client {
  const { endpoint, rootAccessKey, rootSecretKey } = world.stack.stores[name]
  const url = new URL(endpoint)
  return new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: false,
    accessKey: rootAccessKey,
    secretKey: rootSecretKey,
    region: 'us-east-1',
  })
}
