import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { createUpload, footage, hex, openIngestWorld, patch, stateOf } from '../../support/ingest.ts'

const mebibyte = 1024 * 1024

t.test('a seal that fails at any step is taken up again: one version, one recording', async (t) => {
  const steps = ['completeMultipart', 'lock', 'get'] as const
  for (const step of steps) {
    for (const effect of ['lost', 'kept'] as const) {
      await t.test(`${step} fails, its effect ${effect}`, async (t) => {
        let broken = true
        let failures = 0
        const isBroken = () => {
          if (broken) failures++
          return broken
        }
        const world = await openIngestWorld(t, {}, { wrapStore: (store) => failing(store, step, effect, isBroken) })
        const bytes = footage(6 * mebibyte, `${step} ${effect}`)
        const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
        await patch(world, path, 0, bytes)
        await world.until(async () => failures > 0)
        await world.until(() => world.deps.finisher.finishNow(path.slice(9)).then((result) => result === 'busy'))
        t.equal((await stateOf(world, path)).state, 'complete')
        broken = false
        // As if the lease of the process that died had run out.
        await world.db.updateTable('upload').set({ lease_holder: null, lease_until: null }).execute()
        await world.until(async () => (await stateOf(world, path)).state === 'sealed')
        const recordings = await world.db.selectFrom('recording').select('id').execute()
        t.equal(recordings.length, 1)
        const copy = await world.db.selectFrom('copy').select(['object_key']).executeTakeFirstOrThrow()
        const { versions } = await world.stores.primary.versions('originals', copy.object_key)
        t.equal(versions.length, 1, 'one version')
      })
    }
  }
})

/** The store with one call that fails while `isBroken`: before it did anything, or after it was done. */
function failing(
  store: Store,
  step: 'completeMultipart' | 'lock' | 'get',
  effect: 'lost' | 'kept',
  isBroken: () => boolean,
): Store {
  const call = store[step] as (...values: unknown[]) => Promise<unknown>
  const broken = async (...values: unknown[]) => {
    if (!isBroken()) return call(...values)
    if (effect === 'kept') await call(...values)
    throw new Fault('store_down', `${step} fails in this test`)
  }
  return { ...store, [step]: broken }
}
