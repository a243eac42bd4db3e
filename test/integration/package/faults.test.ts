import t from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { expirePackages } from '../../../workers/package/expiry.ts'
import {
  fileOf,
  kindsOf,
  linesOf,
  lyingStore,
  never,
  objectsOf,
  orderPackage,
  packageHandler,
  populatedWorld,
  rowFindings,
  rowOf,
  unzipped,
} from './making.ts'
import { findingsOfPackage } from './verdict.ts'

t.setTimeout(480_000)
const dayMs = 24 * 60 * 60_000

t.test('what goes wrong with a package', async (t) => {
  const { world, populated, trust } = await populatedWorld(t, { movesClock: true })

  t.test('two workers at once and a second run change nothing more', async (t) => {
    const { id, jobId } = await orderPackage(world, populated)
    const handler = packageHandler(world)
    const outcomes = await Promise.allSettled([handler(jobId, never), handler(jobId, never)])
    t.ok(outcomes.some(({ status }) => status === 'fulfilled'))
    await world.until(async () => (await rowOf(world, id)).state === 'ready')
    await handler(jobId, never)
    t.same(await kindsOf(world, id), ['package.requested', 'package.signed', 'package.contents', 'package.built'])
    t.equal((await objectsOf(world, id)).length, 1)
  })

  t.test('a package whose time is over is deleted, every version of it, and says so', async (t) => {
    const { id, jobId } = await orderPackage(world, populated)
    await packageHandler(world, { keepDays: 3 })(jobId, never)
    const expire = () =>
      expirePackages({ db: world.dbFor('worker'), clock: world.clock, primary: world.storesFor('package').primary })
    world.clock.advance(3 * dayMs - 60_000)
    t.equal(await expire(), 0)
    world.clock.advance(120_000)
    t.equal(await expire(), 1)
    t.equal(await expire(), 0)
    t.match(await rowOf(world, id), { state: 'expired' })
    t.same(await objectsOf(world, id), [])
    t.equal((await kindsOf(world, id)).at(-1), 'package.expired')
    t.same(await rowFindings(world), [])
  })

  t.test(
    'a playable form that is not the committed one is left out, with an alarm, and the verifiers know why',
    async (t) => {
      const id = populated.recordingIds[0]!
      const { primary } = world.storesFor('package')
      const order = await orderPackage(world, populated)
      await packageHandler(
        world,
        {},
        { primary: lyingStore(primary, (key) => key.startsWith(`${id}/`)) },
      )(order.jobId, never)
      const zip = await fileOf(world, order.id)
      const files = await unzipped(zip)
      const line = linesOf(files, 'data/recordings.jsonl').find((one) => one.id === id)
      t.match(line, { original: { path: String } })
      t.same(line.playable, [])
      t.ok(linesOf(files, 'data/ledger/events.jsonl').some((line) => line.body.includes('rendition_bytes_differ')))
      t.same(await findingsOfPackage(zip, trust), { accepted: true, codes: [] })
    },
  )

  t.test(
    'a damaged primary is entered as such, and the backup is read; with no copy left the package fails and says which',
    async (t) => {
      const recording = await sealedRecording(world.db, populated.recordingIds[0]!)
      const { key } = recording.copies.get('primary')!.object
      const stores = world.storesFor('package')
      const wrong = (one: string) => one === key
      const first = await orderPackage(world, populated)
      await packageHandler(world, {}, { primary: lyingStore(stores.primary, wrong) })(first.jobId, never)
      t.match(await rowOf(world, first.id), { state: 'ready' })
      t.match(await findingsOfPackage(await fileOf(world, first.id), trust), { accepted: true })
      const damaged = await world.db.selectFrom('copy').where('state', '=', 'damaged').select('store').execute()
      t.same(damaged, [{ store: 'primary' }])

      const second = await orderPackage(world, populated)
      const all = {
        'backup-a': lyingStore(stores['backup-a'], wrong),
        'backup-b': lyingStore(stores['backup-b'], wrong),
      }
      await packageHandler(world, {}, all)(second.jobId, never)
      const row = await rowOf(world, second.id)
      t.match(row, { state: 'failed', failure: new RegExp(recording.id), object_key: null })
      t.match(await kindsOf(world, second.id), { length: 3, 2: 'package.failed' })
      t.same(await objectsOf(world, second.id), [])
      t.same(await rowFindings(world), [])
    },
  )

  t.test('a row that was changed is compared with its events', async (t) => {
    const { id, jobId } = await orderPackage(world, populated)
    await packageHandler(world)(jobId, never)
    await world.asSuperuser((db) => db.updateTable('package').set({ purpose: '别的' }).where('id', '=', id).execute())
    t.match(await rowFindings(world), [{ check: 'rows.row_differs', subject: `package ${id}` }])
  })
})
