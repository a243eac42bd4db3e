import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { decideResolution, proposeResolution } from '../../../services/custody/intake/quarantine.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  offsetOf,
  openIngestWorld,
  patch,
  sayDigest,
  stateOf,
} from '../../support/ingest.ts'
import { openWorld } from '../../support/world.ts'

const mebibyte = 1024 * 1024

t.test(
  'a part of a former holder that lands late over one that counts: the upload begins again, and ends',
  async (t) => {
    const world = await openIngestWorld(t)
    const bytes = footage(12 * mebibyte, 'late part')
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    t.equal((await patch(world, path, 0, bytes.subarray(0, 6 * mebibyte))).status, 204)
    const row = await world.db.selectFrom('upload').selectAll().executeTakeFirstOrThrow()
    // What a process that was stopped for a while had still in its socket: the same number, other bytes.
    const late = { bucket: 'originals', key: row.object_key, multipartId: row.multipart_id!, number: 1 } as const
    await world.stores.primary.putPart({ ...late, bytes: 5 * mebibyte }, randomBytes(5 * mebibyte))
    t.equal((await patch(world, path, 6 * mebibyte, bytes.subarray(6 * mebibyte))).status, 204)
    await world.until(async () => (await stateOf(world, path)).state === 'receiving')
    t.equal(await offsetOf(world, path), 0, 'the dock is told to send it again')
    const alarms = await world.db.selectFrom('event').select('body').where('kind', '=', 'alarm.raised').execute()
    t.equal(alarms.length, 1)
    t.match(alarms[0]?.body, /parts_lost/)
    t.equal((await patch(world, path, 0, bytes)).status, 204)
    await world.until(async () => (await stateOf(world, path)).state === 'sealed')
    t.match(await stateOf(world, path), { sha256: hex(bytes) })
  },
)

t.test('a digest that the dock says while its upload is being sealed without one still counts', async (t) => {
  let say: (() => Promise<unknown>) | null = null
  const wrapStore = (store: Store): Store => ({
    ...store,
    async lock(object, until) {
      await say?.()
      say = null
      return store.lock(object, until)
    },
  })
  const world = await openIngestWorld(t, { digestWaitMs: 0 }, { wrapStore })
  const bytes = footage(6 * mebibyte, 'crossing digest')
  const path = await createUpload(world, bytes.length)
  const wrong = hex(Buffer.from('other bytes'))
  let status = 0
  say = async () => {
    status = (await sayDigest(world, path, { sha256: wrong })).status
  }
  await patch(world, path, 0, bytes)
  await world.until(async () => ['sealed', 'quarantined'].includes(String((await stateOf(world, path)).state)))
  t.equal(status, 204, 'the digest was taken')
  t.match(await stateOf(world, path), { state: 'quarantined', reason: 'digest_differs', declaredSha256: wrong })
})

t.test('a lock that is there already and ends later than ours would is kept', async (t) => {
  let isFirst = true
  const wrapStore = (store: Store): Store => ({
    ...store,
    async lock(object, until) {
      // An attempt before, by a process whose setting or clock was ahead; it died right after.
      if (isFirst) await store.lock(object, new Date(until.getTime() + 60_000))
      isFirst = false
      return store.lock(object, until)
    },
  })
  const world = await openIngestWorld(t, {}, { wrapStore })
  const bytes = footage(6 * mebibyte, 'longer lock')
  const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
  await patch(world, path, 0, bytes)
  await world.until(async () => {
    await world.db
      .updateTable('upload')
      .set({ lease_until: new Date(0) })
      .where('state', '=', 'complete')
      .execute()
    return (await stateOf(world, path)).state === 'sealed'
  })
  const copy = await world.db.selectFrom('copy').selectAll().executeTakeFirstOrThrow()
  const lock = await world.stores.primary.lockState({
    bucket: 'originals',
    key: copy.object_key,
    versionId: copy.version_id,
  })
  t.same(copy.retain_until, lock.retainUntil)
})

t.test('times at the edge of what is taken, and names of any bytes, are sealed', async (t) => {
  const world = await openIngestWorld(t)
  const edges = [
    {
      deviceTime: '0000-01-01T00:00:00Z',
      clockOffsetMs: '100000000000000',
      filename: Buffer.from([0, 1, 0xff, 0xed, 0xa0, 0x80]),
    },
    {
      deviceTime: '9999-12-31T23:59:59.999Z',
      clockOffsetMs: '-100000000000000',
      filename: Buffer.from('a\u0000b\\u0000"\n'),
    },
  ]
  for (const [number, edge] of edges.entries()) {
    const bytes = footage(1000, `edge ${number}`)
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes), ...edge })
    await patch(world, path, 0, bytes)
    await world.until(async () => (await stateOf(world, path)).state === 'sealed')
  }
  t.pass()
})

t.test('one upload whose version is read again for long does not hold up the seals of others', async (t) => {
  const large = footage(6 * mebibyte, 'large')
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let heldKey = ''
  const wrapStore = (store: Store): Store => ({
    ...store,
    async completeMultipart(target, parts) {
      if (target.key === heldKey) await held
      return store.completeMultipart(target, parts)
    },
  })
  const world = await openIngestWorld(t, {}, { wrapStore })
  t.teardown(release)
  const slow = await createUpload(world, large.length, { sha256: hex(large) })
  heldKey = (await world.db.selectFrom('upload').select('object_key').executeTakeFirstOrThrow()).object_key
  await patch(world, slow, 0, large)
  for (const seed of ['one', 'two']) {
    const bytes = footage(1000, seed)
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes) })
    await patch(world, path, 0, bytes)
    await world.until(async () => (await stateOf(world, path)).state === 'sealed')
  }
  t.equal((await stateOf(world, slow)).state, 'complete')
  release()
  await world.until(async () => (await stateOf(world, slow)).state === 'sealed')
})

t.test(
  'a quarantined file that is accepted while the same file is being sealed is a conflict, not a failure',
  async (t) => {
    const world = await openIngestWorld(t)
    const bytes = footage(1000, 'accepted')
    const path = await createUpload(world, bytes.length, { sha256: hex(bytes), serial: 'UNKNOWN1' })
    await patch(world, path, 0, bytes)
    await world.until(async () => (await stateOf(world, path)).state === 'quarantined')
    const recordingId = String((await stateOf(world, path)).recordingId)
    const [custodian, supervisor] = await Promise.all(['custodian', 'supervisor'].map((role) => addPerson(world, role)))
    const reason = 'registered late'
    await proposeResolution(world.db, world.clock, custodian!, { recordingId, outcome: 'accept', reason })
    const row = await world.db
      .selectFrom('recording')
      .selectAll()
      .where('id', '=', recordingId)
      .executeTakeFirstOrThrow()
    let decided: Promise<unknown> = Promise.resolve()
    await world.db.transaction().execute(async (trx) => {
      const twin = { ...row, id: newId(), quarantine_reason: null, name_parsed: null }
      await trx.insertInto('recording').values(twin).execute()
      decided = decideResolution(world.db, world.clock, supervisor!, { recordingId, confirmed: true })
      decided.catch(() => undefined)
      await world.until(() => somebodyWaitsForALock(world))
    })
    await t.rejects(decided, { code: 'conflict' })
  },
)

t.test('whoever goes on with a revoked token is refused, and that is an event', async (t) => {
  const world = await openIngestWorld(t)
  await world.db.updateTable('dock').set({ revoked_at: world.clock.now() }).execute()
  t.equal((await world.call('GET', `/uploads/${newId()}`)).status, 401)
  t.equal((await world.call('GET', `/uploads/${newId()}`, { token: 'nobody-ever-had-this-one' })).status, 401)
  const events = await world.db.selectFrom('event').select('body').where('kind', '=', 'access.refused').execute()
  t.equal(events.length, 1)
  t.match(JSON.parse(events[0]!.body), {
    actor: world.dock.id,
    details: { reason: 'dock_revoked', route: 'GET /uploads/:id' },
  })
})

t.test('promise 8: ingest seals, and cannot afterwards say otherwise of a recording, a copy or a list', async (t) => {
  const world = await openWorld(t)
  const ingest = world.dbFor('ingest')
  const denied = { code: '42501' }
  await t.rejects(ingest.updateTable('copy').set({ state: 'verified' }).execute(), denied)
  await t.rejects(ingest.updateTable('recording').set({ state: 'secured' }).execute(), denied)
  await t.rejects(ingest.updateTable('hand_in_file').set({ bytes: 1 }).execute(), denied)
})

async function somebodyWaitsForALock(world: IngestWorld): Promise<boolean> {
  const { rows } = await world.asSuperuser((db) =>
    sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db),
  )
  return rows.length > 0
}

async function addPerson(world: IngestWorld, role: string) {
  const person = { id: newId(), name: role, role: role as 'custodian' | 'supervisor', account: role }
  const created = { password_hash: sha256(role).toString('hex'), created_at: world.clock.now() }
  await world.db
    .insertInto('person')
    .values({ ...person, ...created })
    .execute()
  return { id: person.id, role: person.role }
}
