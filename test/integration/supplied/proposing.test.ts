import { once } from 'node:events'
import http from 'node:http'
import t from 'tap'
import { suppliedBytesMax } from '../../../services/custody/viewing/supplied-film.ts'
import { decideSupply } from '../../../services/custody/viewing/supply.ts'
import { openBureau } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'
import { eventsOf, sealRecording } from '../workers/sealed.ts'
import { decide, encryptedFootage, facts, renditionsOf, sealUnplayable, supply, supplyOf } from './supplying.ts'

t.setTimeout(240_000)
const bureau = await openBureau(t)
const { world, people } = bureau
const custodian = await bureau.signIn(people.custodian)
const supervisor = await bureau.signIn(people.supervisor)
const film = Buffer.from('any bytes do until somebody confirms them')

async function suppliesOf(recordingId: string) {
  return world.db.selectFrom('rendition_supply').where('recording_id', '=', recordingId).selectAll().execute()
}

t.test('only the custodian supplies, and only the supervisor decides', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  for (const who of [
    'officer',
    'custodian_waiting',
    'auditor',
    'legal_reviewer',
    'supervisor',
    'administrator',
  ] as const) {
    const session = await bureau.signIn(people[who])
    t.match(await supply(bureau, session, sealed.id, film), { status: 403, body: { error: { code: 'wrong_role' } } })
  }
  const { body } = await supply(bureau, custodian, sealed.id, film)
  for (const who of ['officer', 'custodian', 'auditor', 'legal_reviewer', 'administrator'] as const) {
    t.match(await decide(await bureau.signIn(people[who]), sealed.id, body.id, true), { status: 403 }, who)
  }
  t.match(await supplyOf(bureau, body.id), { state: 'proposed', decided_by: null })
  const self = { id: people.custodian.id, role: 'supervisor' }
  const decision = { recordingId: sealed.id, supplyId: body.id, confirm: true, reason: '自己确认' }
  await t.rejects(decideSupply(world.db, world.clock, self, decision), { code: 'conflict', message: /himself/ })
  t.match(await renditionsOf(bureau, sealed), [{ state: 'not_playable' }])
})

t.test('a film is taken for a recording that cannot be played, and for no other', async (t) => {
  const refusals: [string, string, RegExp][] = [
    ['ready', (await addFootage(bureau, { deviceSerial: 'ZJ1' })).recordingId, /can be played/],
    ['running', (await addFootage(bureau, { rendition: 'running', deviceSerial: 'ZJ2' })).recordingId, /not known yet/],
    ['not begun', (await sealRecording(world, encryptedFootage())).id, /not known yet/],
  ]
  for (const [name, recordingId, message] of refusals) {
    const answer = await supply(bureau, custodian, recordingId, film)
    t.match(answer, { status: 409, body: { error: { code: 'conflict', message } } }, name)
    t.same(await suppliesOf(recordingId), [])
  }
  const nobodys = '01900000-0000-7000-8000-000000000000'
  t.match(await supply(bureau, custodian, nobodys, film), { status: 404 })
  t.match(await decide(supervisor, (await sealUnplayable(t, bureau)).id, nobodys, true), { status: 404 })
})

t.test('two films at once, and two decisions at once: one of each counts', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const both = await Promise.all([film, film].map((one) => supply(bureau, custodian, sealed.id, one)))
  t.same(both.map(({ status }) => status).sort(), [201, 409])
  const [proposed] = await suppliesOf(sealed.id)
  t.match(await supply(bureau, custodian, sealed.id, film), {
    status: 409,
    body: { error: { message: /decides on it first/ } },
  })
  t.match((await supervisor.call('GET', '/supplied-renditions')).body.supplies.at(-1), { id: proposed!.id })

  const decisions = await Promise.all(
    [true, false].map((confirm) => decide(supervisor, sealed.id, proposed!.id, confirm)),
  )
  t.same(decisions.map(({ status }) => status).sort(), [200, 409])
  const events = await eventsOf(world, sealed.id)
  t.equal((events['rendition.supplied'] ?? 0) + (events['rendition.supply_refused'] ?? 0), 1)
  const isConfirmed = decisions[0]!.status === 200
  t.match(await supplyOf(bureau, proposed!.id), { state: isConfirmed ? 'making' : 'refused' })
})

t.test('what was refused stays in the list with its reason, and another film may follow', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const first = await supply(bureau, custodian, sealed.id, film)
  t.same((await decide(supervisor, sealed.id, first.body.id, false)).body, { state: 'refused', sameSeat: null })
  t.match(await decide(supervisor, sealed.id, first.body.id, true), { status: 409 })
  t.match(await renditionsOf(bureau, sealed), [{ state: 'not_playable' }])
  t.equal((await supply(bureau, custodian, sealed.id, film)).status, 201)
  const { body } = await supervisor.call('GET', `/recordings/${sealed.id}/supplied-renditions`)
  t.match(body.supplies, [
    { state: 'proposed', ...facts, decidedBy: null },
    { state: 'refused', reason: '已核对导出记录', decidedBy: { id: people.supervisor.id }, bytes: film.length },
  ])
})

t.test('what is no film that could be taken is refused before it is stored', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  t.match(await supply(bureau, custodian, sealed.id, Buffer.alloc(0)), {
    status: 400,
    body: { error: { message: /empty/ } },
  })
  t.match(await supply(bureau, custodian, sealed.id, film, { type: 'application/json' }), { status: 415 })
  t.match(await supply(bureau, custodian, sealed.id, film, { query: { ...facts, tool: ' ' } }), { status: 400 })
  const { how: _how, ...withoutHow } = facts
  t.match(await supply(bureau, custodian, sealed.id, film, { query: withoutHow }), { status: 400 })
  const tooLong = await begin(sealed.id, { 'content-length': String(suppliedBytesMax + 1) })
  t.match(await tooLong.answer, { status: 413, text: new RegExp(`at most ${suppliedBytesMax}`) })
  const chunked = await begin(sealed.id, { 'transfer-encoding': 'chunked' })
  t.match(await chunked.answer, { status: 411, text: /Content-Length/ })
  t.same(await suppliesOf(sealed.id), [])
  const kept = []
  for await (const object of world.stores.primary.list('derived', `supplied/${sealed.id}/`)) kept.push(object)
  t.same(kept, [])
})

t.test('of a film whose connection breaks nothing is kept, and it may be sent again', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { request } = await begin(sealed.id, { 'content-length': '40000000' })
  request.write(Buffer.alloc(20_000_000))
  await new Promise((resolve) => request.write(Buffer.alloc(1), resolve))
  request.destroy()
  t.equal((await supply(bureau, custodian, sealed.id, film)).status, 201)
  t.equal((await suppliesOf(sealed.id)).length, 1)
})

t.test('access can neither read a supplied film again nor write beside it', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { body } = await supply(bureau, custodian, sealed.id, film)
  const { object_key: key, version_id: versionId } = await supplyOf(bureau, body.id)
  const { primary } = world.storesFor('access')
  await t.rejects(primary.get({ bucket: 'derived', key, versionId }))
  await t.rejects(primary.put('derived', `${sealed.id}/another/0-segment-0`, film))
  await t.rejects(primary.remove('derived', key, versionId))
})

/** A request of which only the head is sent; what answers it. */
async function begin(recordingId: string, headers: Record<string, string>) {
  const url = `${bureau.base}/recordings/${recordingId}/supplied-renditions?${new URLSearchParams(facts)}`
  const authorization = `Bearer ${custodian.token}`
  const request = http.request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization, ...headers },
  })
  request.on('error', () => undefined)
  request.flushHeaders()
  const answer = once(request, 'response').then(async ([response]) => {
    let text = ''
    for await (const chunk of response as http.IncomingMessage) text += chunk
    return { status: (response as http.IncomingMessage).statusCode, text }
  })
  answer.catch(() => undefined)
  return { request, answer }
}
