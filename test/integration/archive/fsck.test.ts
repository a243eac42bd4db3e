import { Client } from 'minio'
import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store, StoreName, Stores } from '../../../services/foundation/store/store.ts'
import type { World } from '../../support/world.ts'
import { type ArchiveWorld, openArchiveWorld } from './archive-world.ts'

function root(world: World, name: StoreName): Client {
  const { endpoint, rootAccessKey: accessKey, rootSecretKey: secretKey } = world.stack.stores[name]
  const { hostname: endPoint, port } = new URL(endpoint)
  return new Client({ endPoint, port: Number(port), useSSL: false, accessKey, secretKey, region: 'us-east-1' })
}

async function found(
  archive: ArchiveWorld,
  objects: boolean,
  stores: Stores = archive.world.storesFor('auditor'),
): Promise<string[]> {
  const { world, log } = archive
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const findings = await fsck({ db: world.db, stores, objects, ...keys })
  return findings.map(({ check, subject }) => `${check} ${subject.replace(archive.names.prefix, '')}`).toSorted()
}

t.test('the ledger on the stores is compared with rows and tree, object by object', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, names, log } = archive
  const stop = archive.startArchive()
  for (const count of [260, 5]) {
    await archive.write('first', count)
    await archive.archived()
  }
  t.same(await found(archive, true), [], 'clean, while the archive runs')
  await stop()
  await archive.stopSequencer()

  const tile = names.tile({ level: 0, index: 0, width: 256 })
  await root(world, 'primary').removeObject(world.buckets.originals, tile)
  await root(world, 'primary').putObject(world.buckets.originals, names.events(260, 5), Buffer.from('another batch'))
  const forked = log.sign({ size: 100, root: Buffer.alloc(32, 7) })
  await world.stores['backup-a'].put('originals', names.checkpoint(100), Buffer.from(forked))
  const ahead = log.sign({ size: 999, root: Buffer.alloc(32, 7) })
  await world.stores['backup-a'].put('originals', names.checkpoint(999), Buffer.from(ahead))
  await world.stores['backup-a'].put('originals', names.events(265, 9), Buffer.from('made before it was put back'))
  await world.stores['backup-b'].put('originals', `${names.prefix}stranger`, Buffer.from('x'))
  await world.asSuperuser(async (db) => {
    await db
      .updateTable('ledger_copy')
      .set({ version_id: '00000000-0000-4000-8000-000000000000' })
      .where('store', '=', 'backup-b')
      .where('object_key', '=', names.checkpoint(265))
      .execute()
    await db
      .deleteFrom('ledger_copy')
      .where('store', '=', 'backup-b')
      .where('object_key', '=', names.keys(0, 260))
      .execute()
    await db
      .updateTable('ledger_copy')
      .set({ sha256: Buffer.alloc(32, 1) })
      .where('store', '=', 'primary')
      .where('object_key', '=', names.tile({ level: 'entries', index: 0, width: 256 }))
      .execute()
  })
  const quick = [
    'archive.bytes_differ primary tile/entries/000',
    'archive.database_older backup-a checkpoint/0000000000000999',
    'archive.database_older backup-a events/0000000000000265-9',
    'archive.delete_marker primary tile/0/000',
    'archive.foreign_checkpoint backup-a checkpoint/0000000000000100',
    'archive.row_missing backup-b keys/0000000000000000-260.age',
    'archive.unknown_object backup-a checkpoint/0000000000000100',
    'archive.unknown_object backup-a checkpoint/0000000000000999',
    'archive.unknown_object backup-b keys/0000000000000000-260.age',
    'archive.unknown_object backup-b stranger',
    'archive.unknown_version backup-b checkpoint/0000000000000265',
    'archive.unknown_version primary events/0000000000000260-5',
    'archive.version_missing backup-b checkpoint/0000000000000265',
  ]
  t.same(await found(archive, false), quick)
  t.same(
    await found(archive, true),
    [quick[0]!, ...quick].toSorted(),
    'read again, the row’s digest is wrong once more',
  )
})

t.test('a store that lost its newest objects is named object by object', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world } = archive
  const stop = archive.startArchive()
  await archive.write('first', 5)
  await archive.archived()
  await archive.write('second', 5)
  await archive.archived()
  await stop()
  await archive.stopSequencer()
  // Nobody can delete what is locked: a store that was rolled back is one without what the rows name.
  const whole = world.storesFor('auditor')
  const isLate = (key: string) => key.includes('0000000000000005-') || key.endsWith('0000000000000010')
  const rolledBack: Store = {
    ...whole.primary,
    stat: async (object) => {
      if (isLate(object.key)) throw new Fault('not_found', 'rolled back')
      return whole.primary.stat(object)
    },
    async *list(bucket, prefix) {
      for await (const object of whole.primary.list(bucket, prefix)) if (!isLate(object.key)) yield object
    },
  }
  t.same(await found(archive, false, { ...whole, primary: rolledBack }), [
    'archive.version_missing primary checkpoint/0000000000000010',
    'archive.version_missing primary events/0000000000000005-5',
    'archive.version_missing primary keys/0000000000000005-5.age',
  ])
})
