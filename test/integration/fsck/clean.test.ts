import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld } from '../../support/world.ts'

t.test('where nothing was tampered with, nothing is found, bytes included', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  await populate(world)
  await world.until(async () => {
    const waiting = await world.db.selectFrom('event').where('leaf_index', 'is', null).select('id').execute()
    const checkpoint = await world.db.selectFrom('checkpoint').select('size').orderBy('size', 'desc').executeTakeFirst()
    const leaves = await world.db.selectFrom('leaf').select('index').execute()
    return waiting.length === 0 && checkpoint?.size === leaves.length
  })
  const deps = { db: world.db, stores: world.stores, verifierKey: log.verifierKey }
  t.same(await fsck({ ...deps, objects: true, vrfPublicKey: log.vrfPublicKey.toString('hex') }), [])
})
