import t from 'tap'
import { proveLocks } from '../../../services/custody/copies/lock-canary.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { startCanaries } from '../../../workers/canary.ts'
import { openWorld } from '../../support/world.ts'

const world = await openWorld(t)

t.test('promise 1: the canary proves on each store that a locked version cannot be deleted or shortened', async (t) => {
  for (const store of Object.values(world.storesFor('canary'))) {
    await proveLocks(store, world.clock)
    const left: string[] = []
    for await (const { key } of store.list('originals', 'canary/')) left.push(key)
    t.equal(left.length, 1, `${store.name}: the locked object stays, the control is gone`)
  }
})

const liars: [string, Partial<Store>, RegExp][] = [
  ['deletes a locked version', { deleteIsRefused: () => Promise.resolve(false) }, /deleted a locked version/],
  ['shortens a retention', { shorteningIsRefused: () => Promise.resolve(false) }, /shortened/],
  [
    'takes the lock but does not hold it',
    { lock: () => Promise.resolve({ mode: null, legalHold: false, retainUntil: null }) },
    /does not hold/,
  ],
  ['has a clock two minutes ahead', { clockOffsetMs: () => Promise.resolve(120_000) }, /clock/],
  [
    'lets its key delete nothing, so that nothing is proven',
    { deleteIsRefused: () => Promise.resolve(true) },
    /prove nothing/,
  ],
]
for (const [name, broken, message] of liars) {
  t.test(`a store that ${name} is found out`, async (t) => {
    await t.rejects(proveLocks({ ...world.storesFor('canary')['backup-a'], ...broken }, world.clock), {
      code: 'not_locked',
      message,
    })
  })
}

t.test(
  'nothing is copied before the canary; a broken store alarms once, one that is away is tried again',
  async (t) => {
    const stores = world.storesFor('canary')
    const stopper = new AbortController()
    t.teardown(() => stopper.abort())
    const away: Store = {
      ...stores['backup-b'],
      put: () => Promise.reject(new Fault('store_down', 'backup-b is away')),
    }
    const broken: Store = { ...stores['backup-a'], shorteningIsRefused: () => Promise.resolve(false) }
    const deps = { db: world.dbFor('worker'), clock: world.clock, log: world.log }
    const proof = startCanaries(
      { ...deps, stores: { ...stores, 'backup-a': broken, 'backup-b': away } },
      stopper.signal,
    )
    t.throws(() => proof.requireProven('primary'), { code: 'not_ready' }, 'not tried yet')
    await world.until(() => Object.keys(proof.unproven()).length === 2)
    proof.requireProven('primary')
    await world.until(() => /shortened/.test(proof.unproven()['locks of backup-a'] ?? ''))
    t.throws(() => proof.requireProven('backup-a'), { code: 'not_locked' })
    await world.until(() => /away/.test(proof.unproven()['locks of backup-b'] ?? ''))
    t.throws(() => proof.requireProven('backup-b'), { code: 'store_down' })
    const alarms = await world.until(async () => {
      const rows = await world.db.selectFrom('event').select('body').where('kind', '=', 'alarm.raised').execute()
      return rows.length > 0 ? rows : null
    })
    t.equal(alarms.length, 1)
    t.match(JSON.parse(alarms[0]!.body), { details: { alarm: 'locks_do_not_hold', store: 'backup-a' } })
  },
)
