import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { registerDock } from '../../../services/custody/devices/dock.ts'
import { newId } from '../../../services/foundation/id.ts'
import { openIngestWorld } from '../../support/ingest.ts'
import { signInAs } from '../access/accounts.ts'
import { openBureau } from '../access/bureau.ts'

interface Enrolled {
  readonly token: string
  readonly error?: { readonly message: string }
}

const refusal = /enrols no dock: it is wrong, was used, or is too old/

function newKey() {
  const { publicKey } = generateKeyPairSync('ed25519')
  return Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
}

async function openPlace(t: Parameters<typeof openBureau>[0], options: { movesClock?: boolean } = {}) {
  const bureau = await openBureau(t, options)
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const by = await signInAs(bureau, 'administrator', 'supervisor', 'officer')
  const enrol = async (code: string, publicKey = newKey()) => {
    const body = JSON.stringify({ code, publicKey: publicKey.toString('base64'), version: '1.0.0' })
    const headers = { 'content-type': 'application/json' }
    const response = await ingest.call('POST', '/docks/enrol', { token: null, headers, body })
    return { status: response.status, body: (await response.json()) as Enrolled }
  }
  return { bureau, ingest, by, enrol }
}

t.test('a dock enrols itself with a code, and counts when a second person has released it', async (t) => {
  const { bureau, ingest, by, enrol } = await openPlace(t)
  const { administrator, supervisor, officer } = by
  t.equal((await officer.call('POST', '/docks/enrolments', { name: '二大队' })).status, 403)
  const made = await administrator.call('POST', '/docks/enrolments', { name: '二大队采集站' })
  t.equal(made.status, 201)
  t.match(made.body, { code: /^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/ })
  const listed = async () => (await administrator.call('GET', '/docks/enrolments')).body.enrolments
  t.match(await listed(), [{ id: made.body.id, name: '二大队采集站', usedAt: null }])
  t.notMatch(JSON.stringify(await listed()), new RegExp(made.body.code))

  const publicKey = newKey()
  const enrolled = await enrol(` ${String(made.body.code).toLowerCase().replaceAll('-', ' ')}`, publicKey)
  t.match(enrolled, { status: 201, body: { dockId: made.body.id, name: '二大队采集站' } })
  t.match(await listed(), [{ usedAt: /Z$/ }])
  const { token } = enrolled.body
  const ask = async () => (await ingest.call('GET', '/docks/me/register', { token })).status
  t.equal(await ask(), 403, 'its token opens nothing yet')
  const [registered] = await bureau.eventsOf('dock.registered')
  t.match(registered, {
    actor: bureau.people.administrator.id,
    actorRole: 'administrator',
    details: { name: '二大队采集站', publicKey: publicKey.toString('hex'), version: '1.0.0' },
  })
  t.equal((await administrator.call('POST', `/docks/${made.body.id}/release`)).status, 403)
  t.equal((await supervisor.call('POST', `/docks/${made.body.id}/release`)).status, 204)
  t.equal(await ask(), 200)
})

t.test(
  'codes that are used, made up, or of somebody whose account was shut are refused in the same words',
  async (t) => {
    const { bureau, by, enrol } = await openPlace(t)
    const { code } = (await by.administrator.call('POST', '/docks/enrolments', { name: '甲' })).body
    t.equal((await enrol(code)).status, 201)
    const used = await enrol(code)
    const wrong = await enrol('AAAA-BBBB-CCCC-DDDD')
    const { code: second } = (await by.administrator.call('POST', '/docks/enrolments', { name: '乙' })).body
    const { db, clock } = bureau.world
    await db
      .updateTable('person')
      .set({ disabled_at: clock.now() })
      .where('id', '=', bureau.people.administrator.id)
      .execute()
    const shut = await enrol(second)
    for (const answer of [used, wrong, shut]) {
      t.match(answer, { status: 401, body: { error: { code: 'not_signed_in', message: refusal } } })
      t.equal(answer.body.error?.message, used.body.error?.message)
    }
    t.same(
      (await bureau.eventsOf('station.enrolment_refused')).map(({ actorRole, details }) => [actorRole, details.tries]),
      [
        ['nobody', 1],
        ['nobody', 2],
        ['nobody', 3],
      ],
    )
    t.equal((await db.selectFrom('dock').select('id').where('name', '=', '乙').execute()).length, 0)
  },
)

t.test(
  'after five wrong codes from one address none is taken from there, until a quarter of an hour is over',
  async (t) => {
    const { bureau, by, enrol } = await openPlace(t, { movesClock: true })
    const { code } = (await by.administrator.call('POST', '/docks/enrolments', { name: '甲' })).body
    const together = await Promise.all(['1', '2', '3', '4', '5', '6', '7', '8'].map((one) => enrol(one)))
    t.same(together.map(({ status }) => status).sort(), [401, 401, 401, 401, 401, 429, 429, 429])
    t.match(
      await enrol(code),
      { status: 429, body: { error: { code: 'too_many_requests' } } },
      'not the right one either',
    )
    t.equal((await bureau.eventsOf('station.enrolment_refused')).length, 5)
    bureau.world.clock.advance(15 * 60_000)
    t.equal((await enrol(code)).status, 201)
  },
)

t.test('a code is too old after a day', async (t) => {
  const { bureau, by, enrol } = await openPlace(t, { movesClock: true })
  const { code, expiresAt } = (await by.administrator.call('POST', '/docks/enrolments', { name: '甲' })).body
  const { db } = bureau.world
  const { made_at } = await db.selectFrom('dock_enrolment').select('made_at').executeTakeFirstOrThrow()
  t.ok(Math.abs(Date.parse(expiresAt) - made_at.getTime() - 24 * 60 * 60_000) < 5_000, 'what the answer says')
  bureau.world.clock.advance(24 * 60 * 60_000)
  t.match(await enrol(code), { status: 401, body: { error: { message: refusal } } })
})

t.test('the login of ingest registers no dock but by an enrolment, in no other name, and releases none', async (t) => {
  const { bureau, by } = await openPlace(t)
  const { id } = (await by.administrator.call('POST', '/docks/enrolments', { name: '甲' })).body
  const db = bureau.world.dbFor('ingest')
  const register = (actor: { id: string; role: string }, name: string, dockId: string) =>
    db.transaction().execute((trx) =>
      registerDock(trx, bureau.world.clock, actor, {
        name,
        publicKey: newKey(),
        enrolled: { id: dockId, version: '1' },
      }),
    )
  const maker = { id: bureau.people.administrator.id, role: 'administrator' }
  const refused = { code: '42501', message: /registers docks by an enrolment that waits/ }
  await t.rejects(register(maker, '甲', newId()), refused, 'an id that no code was made for')
  await t.rejects(register({ ...maker, id: bureau.people.supervisor.id }, '甲', id), refused, 'another person')
  await t.rejects(register({ ...maker, role: 'supervisor' }, '甲', id), refused, 'another role')
  await t.rejects(register(maker, '乙', id), refused, 'another name')
  await register(maker, '甲', id)
  const row = {
    id: newId(),
    name: '丙',
    token_hash: Buffer.alloc(32, 1),
    public_key: newKey(),
    registered_at: new Date(),
  }
  const released = db.insertInto('dock').values({ ...row, released_at: new Date() })
  await t.rejects(released.execute(), { code: '42501' }, 'a release is not its to write')
})

t.test('who made the code and who releases the dock from one seat soon after are marked', async (t) => {
  const { bureau, by, enrol } = await openPlace(t)
  const { db } = bureau.world
  const { id, code } = (await by.administrator.call('POST', '/docks/enrolments', { name: '甲' })).body
  await enrol(code)
  // The tests sign in from the loopback address, which says nothing about people.
  await db.updateTable('act_seat').set({ address: '192.0.2.7' }).execute()
  await db.updateTable('session').set({ address: '192.0.2.7' }).execute()
  t.equal((await by.supervisor.call('POST', `/docks/${id}/release`)).status, 204)
  const [released] = await bureau.eventsOf('dock.released')
  t.match(released!.details, { sameSeat: { with: bureau.people.administrator.id, by: 'address' } })
})
