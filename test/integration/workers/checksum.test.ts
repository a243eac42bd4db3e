import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import t from 'tap'
import type { Store } from '../../../services/foundation/store/store.ts'
import { openWorld } from '../../support/world.ts'
import { never, worldHandlers } from './handlers.ts'
import { copiesOf, detailsOf, eventsOf, jobRow, recordingRow, sealRecording } from './sealed.ts'

const world = await openWorld(t)

t.test('checksum re-reads the stored version, sets SM3 and says so in one event, however often it runs', async (t) => {
  const bytes = randomBytes(300_000)
  const sealed = await sealRecording(world, bytes)
  const { checksum } = await worldHandlers(t, world)
  await Promise.all([checksum(sealed.jobs.checksum, never), checksum(sealed.jobs.checksum, never)])
  await checksum(sealed.jobs.checksum, never)

  const row = await recordingRow(world, sealed.id)
  t.same(row.sm3, createHash('sm3').update(bytes).digest())
  t.equal(row.state, 'sealed', 'one verified copy is not three')
  t.equal((await copiesOf(world, sealed.id))[0]?.state, 'verified')
  t.same(await eventsOf(world, sealed.id), { 'recording.sealed': 1, 'recording.verified': 1 })
  const [details] = await detailsOf(world, sealed.id, 'recording.verified')
  t.match(details, { sha256: sealed.sha256.toString('hex'), bytes: 300_000, versionId: sealed.object.versionId })
  t.equal((await jobRow(world, sealed.jobs.checksum)).state, 'done')
})

t.test(
  'stored bytes that differ from the sealed digest are damage, with both digests and an alarm, once',
  async (t) => {
    const stored = randomBytes(1000)
    const sealed = await sealRecording(world, stored, { sealedAs: randomBytes(1000) })
    const { checksum } = await worldHandlers(t, world)
    await Promise.all([checksum(sealed.jobs.checksum, never), checksum(sealed.jobs.checksum, never)])

    t.equal((await recordingRow(world, sealed.id)).state, 'damaged')
    t.equal((await copiesOf(world, sealed.id))[0]?.state, 'damaged')
    t.same(await eventsOf(world, sealed.id), { 'recording.sealed': 1, 'recording.damaged': 1, 'alarm.raised': 1 })
    const [details] = await detailsOf(world, sealed.id, 'recording.damaged')
    t.match(details, {
      sealed: { sha256: sealed.sha256.toString('hex') },
      found: { sha256: createHash('sha256').update(stored).digest('hex'), bytes: 1000 },
    })
  },
)

t.test('a version that is gone is damage', async (t) => {
  const sealed = await sealRecording(world)
  await world.db
    .updateTable('copy')
    .set({ version_id: '00000000-0000-4000-8000-000000000000' })
    .where('recording_id', '=', sealed.id)
    .execute()
  const { checksum } = await worldHandlers(t, world)
  await checksum(sealed.jobs.checksum, never)
  t.match(await detailsOf(world, sealed.id, 'recording.damaged'), [{ found: null }])
})

t.test('a bit that flips on the way once is not damage', async (t) => {
  const sealed = await sealRecording(world)
  const primary = world.storesFor('worker').primary
  let reads = 0
  const flipping: Store = {
    ...primary,
    get: async (object, options) =>
      ++reads === 1 ? Readable.from([randomBytes(sealed.bytes)]) : primary.get(object, options),
  }
  const { checksum } = await worldHandlers(t, world, { primary: flipping })
  await checksum(sealed.jobs.checksum, never)
  t.equal(reads, 2)
  t.match(await eventsOf(world, sealed.id), { 'recording.verified': 1, 'recording.damaged': undefined })
})

t.test('a store that is away is a failure that comes back later, never a result', async (t) => {
  const sealed = await sealRecording(world)
  const primary: Store = {
    ...world.storesFor('worker').primary,
    get: () => Promise.reject(new Error('socket hang up with secret token=abc')),
  }
  const { checksum } = await worldHandlers(t, world, { primary })
  const before = world.clock.now()
  await t.rejects(checksum(sealed.jobs.checksum, never))
  await t.rejects(checksum(sealed.jobs.checksum, never))
  const job = await jobRow(world, sealed.jobs.checksum)
  t.match(job, { state: 'pending', attempts: 2, published_at: null, last_error: 'internal: Error' })
  t.ok(job.run_after > before, 'it waits')
  t.same(await eventsOf(world, sealed.id), { 'recording.sealed': 1 })
})
