import t from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'

t.test('promise 5: the database holds exactly one custodian at any instant', async (t) => {
  const { world, people } = await openBureau(t)
  const { db } = world
  const now = Date.now()
  const term = (start: number, end: number | null) => ({
    id: newId(),
    person_id: people.custodian_waiting.id,
    started_at: new Date(now + start),
    ended_at: end === null ? null : new Date(now + end),
  })
  const overlapping = { message: /one_custodian_at_any_instant/ }
  await t.rejects(db.insertInto('custodian_term').values(term(1000, null)).execute(), overlapping, 'two in office')
  await t.rejects(db.insertInto('custodian_term').values(term(-500_000, 500_000)).execute(), overlapping)
  const noneLeft = { message: /a custodian must be in office at any instant/ }
  const end = db.updateTable('custodian_term').set({ ended_at: new Date(now + 1000) })
  await t.rejects(end.execute(), noneLeft, 'a term cannot end without the next')
  await t.rejects(db.deleteFrom('custodian_term').execute(), noneLeft)
  await t.rejects(world.dbFor('access').deleteFrom('custodian_term').execute(), { message: /permission denied/ })
})

t.test('a hand-over takes outgoing, incoming and supervisor, and is one instant', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const [outgoing, incoming, supervisor, auditor] = await sessions(bureau)
  const footage = await addFootage(bureau)
  const opened = await outgoing.call('POST', `/recordings/${footage.recordingId}/viewings`, { purpose: '例行核查' })
  const proposal = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
  t.equal((await incoming.call('POST', '/custodian/handovers', proposal)).status, 403)
  const proposed = await outgoing.call('POST', '/custodian/handovers', proposal)
  t.equal(proposed.status, 201)
  t.equal((await supervisor.call('POST', '/custodian/handovers', proposal)).status, 409, 'one at a time')
  const sign = `/custodian/handovers/${proposed.body.id}/signatures`
  t.match(await outgoing.call('POST', sign), { status: 201, body: { part: 'outgoing', completed: false } })
  t.equal((await outgoing.call('POST', sign)).status, 409, 'nobody signs twice')
  t.equal((await auditor.call('POST', sign)).status, 409, 'the legal office is not asked when nobody is absent')
  t.match(await supervisor.call('POST', sign), { body: { part: 'supervisor', completed: false } })
  t.equal(
    (await outgoing.call('GET', `/viewings/${opened.body.viewingId}/tracks/0/init`)).status,
    200,
    'still in office',
  )
  const before = await outgoing.call('GET', '/custodian')
  t.match(before.body, { custodian: { personId: people.custodian.id }, handover: { signatures: { length: 2 } } })
  t.match(await incoming.call('POST', sign), { body: { part: 'incoming', completed: true } })

  const after = await incoming.call('GET', '/custodian')
  t.match(after.body, { custodian: { personId: people.custodian_waiting.id }, handover: null })
  t.equal(
    (await outgoing.call('GET', `/viewings/${opened.body.viewingId}/tracks/0/segments/0`)).status,
    403,
    'cut at once',
  )
  t.equal((await incoming.call('GET', '/recordings')).status, 200)
  t.match((await bureau.eventsOf('viewing.ended')).at(-1)?.details, { endKind: 'lost' })
  const terms = await bureau.world.db.selectFrom('custodian_term').selectAll().orderBy('started_at').execute()
  t.same(terms[0]?.ended_at, terms[1]?.started_at, 'no instant without one, none with two')
  const kinds = ['custodian.handover_proposed', 'custodian.handover_signed', 'custodian.handed_over']
  const counts = await Promise.all(kinds.map(async (kind) => (await bureau.eventsOf(kind)).length))
  t.same(counts, [1, 3, 1])
  t.equal((await supervisor.call('POST', sign)).status, 409, 'it is complete')
})

t.test('an absent custodian is replaced by supervisor, legal office and the incoming one together', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const [outgoing, incoming, supervisor, auditor] = await sessions(bureau)
  const proposal = { toPersonId: people.custodian_waiting.id, reason: '突发疾病住院', absent: true }
  t.equal((await outgoing.call('POST', '/custodian/handovers', proposal)).status, 409, 'nobody is absent and here')
  const proposed = await supervisor.call('POST', '/custodian/handovers', proposal)
  const sign = `/custodian/handovers/${proposed.body.id}/signatures`
  t.equal((await outgoing.call('POST', sign)).status, 409)
  t.match(await supervisor.call('POST', sign), { body: { part: 'supervisor' } })
  t.match(await incoming.call('POST', sign), { body: { part: 'incoming', completed: false } })
  t.match(await auditor.call('POST', sign), { body: { part: 'legal_office', completed: true } })
  t.equal((await incoming.call('GET', '/custodian')).body.custodian.personId, people.custodian_waiting.id)
})

t.test('a hand-over is withdrawn by whoever proposed it, and goes only to an open account of the role', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const [outgoing, , supervisor] = await sessions(bureau)
  const to = (toPersonId: string) => ({ toPersonId, reason: '岗位轮换', absent: false })
  t.equal((await outgoing.call('POST', '/custodian/handovers', to(people.officer.id))).status, 409)
  t.equal((await outgoing.call('POST', '/custodian/handovers', to(people.custodian.id))).status, 409)
  const proposed = await supervisor.call('POST', '/custodian/handovers', to(people.custodian_waiting.id))
  const path = `/custodian/handovers/${proposed.body.id}`
  t.equal((await outgoing.call('DELETE', path)).status, 409, 'not his')
  t.equal((await supervisor.call('DELETE', path)).status, 204)
  t.equal((await supervisor.call('POST', `${path}/signatures`)).status, 409)
  t.equal((await bureau.eventsOf('custodian.handover_withdrawn')).length, 1)
  t.equal((await outgoing.call('GET', '/custodian')).body.handover, null)
})

async function sessions(bureau: Bureau) {
  const { custodian, custodian_waiting, supervisor, auditor } = bureau.people
  return [
    await bureau.signIn(custodian),
    await bureau.signIn(custodian_waiting),
    await bureau.signIn(supervisor),
    await bureau.signIn(auditor),
  ] as const
}
