import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { copy } from '../../../workers/copy.ts'
import { jobHandler } from '../../../workers/run.ts'
import { openWorld } from '../../support/world.ts'
import { never, worldHandlers } from './handlers.ts'
import { copiesOf, detailsOf, eventsOf, jobRow, recordingRow, sealRecording } from './sealed.ts'

const world = await openWorld(t)
const backups = ['backup-a', 'backup-b'] as const

/** A store that counts its calls and may be made to fail. */
function watched(store: Store, broken: Partial<Store> = {}): { store: Store; calls: Record<string, number> } {
  const calls: Record<string, number> = {}
  const counted = Object.fromEntries(
    Object.entries(store).map(([name, value]) => [
      name,
      typeof value !== 'function'
        ? value
        : (...args: unknown[]) => {
            calls[name] = (calls[name] ?? 0) + 1
            return (value as (...args: unknown[]) => unknown)(...args)
          },
    ]),
  )
  return { store: { ...(counted as unknown as Store), ...broken }, calls }
}

t.test(
  'promise 4: secured means three copies, each locked, held and read back equal to the sealed digest',
  async (t) => {
    const bytes = randomBytes(40 * 1024 * 1024)
    const sealed = await sealRecording(world, bytes)
    const primary = watched(world.storesFor('worker').primary)
    const { checksum, copy } = await worldHandlers(t, world, { primary: primary.store })
    await copy(sealed.jobs.copy, never)
    t.equal(primary.calls.get, 1, 'the primary is read once for both')
    t.equal((await recordingRow(world, sealed.id)).state, 'sealed', 'not before the primary was read again')
    await checksum(sealed.jobs.checksum, never)
    t.equal((await recordingRow(world, sealed.id)).state, 'secured')
    for (const name of backups) {
      const row = (await copiesOf(world, sealed.id)).find(({ store }) => store === name)!
      t.match(row, { state: 'verified', object_key: sealed.object.key, legal_hold: true })
      const object = { bucket: 'originals', key: row.object_key, versionId: row.version_id } as const
      const lock = await world.stores[name].lockState(object)
      t.match(lock, { mode: 'COMPLIANCE', legalHold: true })
      t.same(lock.retainUntil, row.retain_until)
      const stored = Buffer.concat(await (await world.stores[name].get(object)).toArray())
      t.ok(stored.equals(bytes), `${name} holds the same bytes`)
    }
    t.match(await detailsOf(world, sealed.id, 'recording.secured'), [
      { sha256: sealed.sha256.toString('hex'), hosts: 1, copies: { length: 3 } },
    ])
    t.same(await eventsOf(world, sealed.id), {
      'recording.sealed': 1,
      'recording.copied': 2,
      'recording.verified': 1,
      'recording.secured': 1,
    })
  },
)

t.test('promise 7: run twice and in parallel, each backup has one version and one event', async (t) => {
  const sealed = await sealRecording(world, randomBytes(200_000))
  const { copy, checksum } = await worldHandlers(t, world)
  const runs = await Promise.allSettled([
    copy(sealed.jobs.copy, never),
    copy(sealed.jobs.copy, never),
    checksum(sealed.jobs.checksum, never),
    checksum(sealed.jobs.checksum, never),
  ])
  t.ok(runs.some(({ status }) => status === 'fulfilled'))
  await copy(sealed.jobs.copy, never)
  for (const name of backups) {
    t.equal((await world.stores[name].versions('originals', sealed.object.key)).versions.length, 1)
  }
  t.same(await eventsOf(world, sealed.id), {
    'recording.sealed': 1,
    'recording.copied': 2,
    'recording.verified': 1,
    'recording.secured': 1,
  })
})

t.test('a zero-byte original gets its copies', async (t) => {
  const sealed = await sealRecording(world, Buffer.alloc(0))
  const { copy, checksum } = await worldHandlers(t, world)
  await copy(sealed.jobs.copy, never)
  await checksum(sealed.jobs.checksum, never)
  t.equal((await recordingRow(world, sealed.id)).state, 'secured')
})

t.test('quarantined bytes get their three copies too', async (t) => {
  const sealed = await sealRecording(world, randomBytes(1000), { quarantineReason: 'unknown_device' })
  const { copy, checksum } = await worldHandlers(t, world)
  await copy(sealed.jobs.copy, never)
  await checksum(sealed.jobs.checksum, never)
  t.equal((await copiesOf(world, sealed.id)).length, 3)
})

const failures: { name: string; broken: (store: Store) => Partial<Store> }[] = [
  { name: 'cannot be asked', broken: () => ({ versions: () => Promise.reject(new Fault('store_down', 'away')) }) },
  {
    name: 'breaks off in the middle of the bytes',
    broken: () => ({
      putStream: async (_bucket, _key, source: Readable) => {
        for await (const _chunk of source) break
        throw new Fault('store_down', 'broke off')
      },
    }),
  },
  { name: 'is full', broken: () => ({ putStream: () => Promise.reject(new Fault('store_full', 'no space')) }) },
  {
    name: 'takes the lock but does not hold it',
    broken: () => ({ lock: () => Promise.resolve({ mode: null, legalHold: false, retainUntil: null }) }),
  },
  { name: 'cannot be read back', broken: () => ({ get: () => Promise.reject(new Fault('store_down', 'away')) }) },
]
for (const { name, broken } of failures) {
  t.test(`a backup that ${name} does not stop the other; the copy is not done and catches up unaided`, async (t) => {
    const sealed = await sealRecording(world, randomBytes(3 * 1024 * 1024))
    const real = world.storesFor('worker')['backup-b']
    const { copy } = await worldHandlers(t, world, { 'backup-b': { ...real, ...broken(real) } })
    await t.rejects(copy(sealed.jobs.copy, never))
    t.same(
      (await copiesOf(world, sealed.id)).map(({ store }) => store),
      ['backup-a', 'primary'],
    )
    t.match(await jobRow(world, sealed.jobs.copy), { state: 'pending', attempts: 1 })

    const healed = await worldHandlers(t, world)
    await healed.copy(sealed.jobs.copy, never)
    await healed.checksum(sealed.jobs.checksum, never)
    t.equal((await recordingRow(world, sealed.id)).state, 'secured')
    t.equal((await world.stores['backup-b'].versions('originals', sealed.object.key)).versions.length, 1)
  })
}

t.test('what lies under the key on a backup already and differs is damage, and nothing is put beside it', async (t) => {
  const sealed = await sealRecording(world, randomBytes(5000))
  await world.stores['backup-a'].put('originals', sealed.object.key, randomBytes(5000))
  const { copy, checksum } = await worldHandlers(t, world)
  await copy(sealed.jobs.copy, never)
  await checksum(sealed.jobs.checksum, never)
  const copies = await copiesOf(world, sealed.id)
  t.match(copies, [
    { store: 'backup-a', state: 'damaged' },
    { store: 'backup-b', state: 'verified' },
    { store: 'primary', state: 'verified' },
  ])
  t.equal((await recordingRow(world, sealed.id)).state, 'damaged', 'never secured')
  t.equal((await world.stores['backup-a'].versions('originals', sealed.object.key)).versions.length, 1)
  t.match(await eventsOf(world, sealed.id), {
    'recording.damaged': 1,
    'alarm.raised': 1,
    'recording.secured': undefined,
  })
})

t.test(
  'a primary that does not hold what was sealed is never copied: no backup completes a wrong version',
  async (t) => {
    const cases = [
      { stored: randomBytes(20 * 1024 * 1024), sealedAs: randomBytes(20 * 1024 * 1024) },
      { stored: randomBytes(2000), sealedAs: randomBytes(1999) },
      { stored: randomBytes(2000), sealedAs: randomBytes(2001) },
    ]
    for (const { stored, sealedAs } of cases) {
      const sealed = await sealRecording(world, stored, { sealedAs })
      const { copy } = await worldHandlers(t, world)
      await copy(sealed.jobs.copy, never)
      t.equal((await recordingRow(world, sealed.id)).state, 'damaged')
      for (const name of backups) {
        t.same((await world.stores[name].versions('originals', sealed.object.key)).versions, [])
      }
    }
  },
)

t.test('nothing is copied onto a store whose locks are not proven; the other gets its copy', async (t) => {
  const sealed = await sealRecording(world, randomBytes(1000))
  const { clock, log } = world
  const run = { db: world.dbFor('worker'), clock, log }
  const requireLocksProven = (name: string): void => {
    if (name === 'backup-a') throw new Fault('not_locked', 'its canary was deleted')
  }
  const handler = jobHandler(run, 'copy', (job, signal) =>
    copy({ ...run, stores: world.storesFor('worker'), requireLocksProven }, job, signal),
  )
  await t.rejects(handler(sealed.jobs.copy, never), { code: 'not_locked' })
  t.same(
    (await copiesOf(world, sealed.id)).map(({ store }) => store),
    ['backup-b', 'primary'],
  )
  t.match(await jobRow(world, sealed.jobs.copy), { last_error: 'not_locked: its canary was deleted' })
})
