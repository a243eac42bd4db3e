import t from 'tap'
import { expireUploads } from '../../../services/custody/intake/upload-expiry.ts'
import { newId } from '../../../services/foundation/id.ts'
import { originalKey } from '../../../services/foundation/store/keys.ts'
import { openWorld } from '../../support/world.ts'

const world = await openWorld(t, { movesClock: true })
const deps = { db: world.dbFor('worker'), clock: world.clock, primary: world.storesFor('worker').primary }
const dayMs = 24 * 60 * 60_000

async function beginUpload(changes: { state?: 'receiving' | 'complete'; leaseUntil?: Date } = {}) {
  const now = world.clock.now()
  const id = newId(now)
  const key = originalKey(id, now)
  const { multipartId } = await world.stores.primary.startMultipart('originals', key)
  await world.stores.primary.put('tails', `${id}/0`, Buffer.from('a tail'))
  await world.stores.primary.put('tails', `${id}/6-left-by-a-crash`, Buffer.from('more'))
  await world.db
    .insertInto('upload')
    .values({
      id,
      device_serial: 'ZJ00001',
      name: Buffer.from('a.mp4'),
      bytes: 1000,
      received_bytes: 6,
      mark: false,
      state: changes.state ?? 'receiving',
      object_key: key,
      multipart_id: multipartId,
      part_bytes: 5 * 1024 * 1024,
      lease_until: changes.leaseUntil ?? null,
      created_at: now,
      expires_at: new Date(now.getTime() + 30 * dayMs),
    })
    .execute()
  await world.db
    .insertInto('upload_tail')
    .values({ upload_id: id, starts_at: 0, bytes: 6, object_key: `${id}/0` })
    .execute()
  return { id, key, multipartId }
}

const stateOf = async (id: string) =>
  world.db.selectFrom('upload').select(['state', 'multipart_id']).where('id', '=', id).executeTakeFirstOrThrow()

async function tailsOf(id: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of world.stores.primary.list('tails', `${id}/`)) keys.push(key)
  return keys
}

t.test('an unfinished upload expires after 30 idle days, with its event, and its parts and tail go', async (t) => {
  const idle = await beginUpload()
  const whole = await beginUpload({ state: 'complete' })
  const busy = await beginUpload({ leaseUntil: new Date(world.clock.now().getTime() + 31 * dayMs) })
  t.equal(await expireUploads(deps), 0)
  world.clock.advance(30 * dayMs + 1000)
  t.same(
    (await Promise.all([expireUploads(deps), expireUploads(deps)])).reduce((a, b) => a + b),
    1,
  )
  t.equal(await expireUploads(deps), 0)
  t.match(await stateOf(idle.id), { state: 'expired', multipart_id: null })
  t.same(
    (await world.db.selectFrom('upload_tail').select('upload_id').execute()).map((row) => row.upload_id).sort(),
    [whole.id, busy.id].sort(),
  )
  t.match(await stateOf(whole.id), { state: 'complete' }, 'what arrived whole never expires')
  t.match(await stateOf(busy.id), { state: 'receiving' }, 'a PATCH is under way')
  const events = await world.db.selectFrom('event').select('body').where('kind', '=', 'upload.expired').execute()
  t.equal(events.length, 1)
  t.match(JSON.parse(events[0]!.body), {
    subjects: [{ type: 'upload', id: idle.id }, {}],
    details: { receivedBytes: 6 },
  })
  const part = { bucket: 'originals', ...idle, number: 1, bytes: 5 } as const
  await t.rejects(world.stores.primary.putPart(part, Buffer.from('bytes')), { code: 'not_found' })
  t.same(await tailsOf(idle.id), [], 'no tail stays behind, named by a row or not')
})

t.test('a crash between the event and the store is taken up by the next round', async (t) => {
  const idle = await beginUpload()
  world.clock.advance(31 * dayMs)
  const abortMultipart = () => Promise.reject(new Error('killed here'))
  await t.rejects(expireUploads({ ...deps, primary: { ...deps.primary, abortMultipart } }))
  t.match(await stateOf(idle.id), { state: 'expired', multipart_id: idle.multipartId })
  t.equal(await expireUploads(deps), 0)
  t.match(await stateOf(idle.id), { state: 'expired', multipart_id: null })
})
