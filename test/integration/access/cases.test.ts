import { randomBytes } from 'node:crypto'
import t from 'tap'
import { openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const number = '综执检〔2026〕0231号'

t.test('a recording is filed in a case of a party, with its stage and two officers', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const officer = await bureau.signIn(people.officer)
  const custodian = await bureau.signIn(people.custodian)
  const officerIds = [people.officer.id, people.officer2.id]
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市', code: '91330000X' })
  t.equal(party.status, 201)
  t.equal((await officer.call('POST', '/parties', { kind: 'shop', name: '又一家', code: '91330000X' })).status, 409)
  const opening = {
    number,
    kind: 'inspection',
    title: '占道经营检查',
    partyId: party.body.id,
    departments: ['综合执法局', '安全办'],
    officerIds,
  }
  const stranger = [people.officer.id, people.auditor.id]
  t.match(await officer.call('POST', '/cases', { ...opening, officerIds: stranger }), { status: 400 })
  const opened = await officer.call('POST', '/cases', opening)
  t.match(opened, { status: 201, body: { number } })
  t.equal((await officer.call('POST', '/cases', opening)).status, 409)

  const own = await addFootage(bureau, { officerId: people.officer.id })
  const attach = { caseId: number, stage: 'investigation', officerIds }
  t.equal((await officer.call('POST', `/recordings/${own.recordingId}/cases`, attach)).status, 204)
  t.equal((await officer.call('POST', `/recordings/${own.recordingId}/cases`, attach)).status, 204, 'again: no change')
  const other = { ...attach, caseId: opened.body.id, stage: 'decision' }
  t.equal((await officer.call('POST', `/recordings/${own.recordingId}/cases`, other)).status, 409)
  t.equal((await bureau.eventsOf('recording.attached')).length, 1)

  for (const path of [opened.body.id, encodeURIComponent(number)]) {
    const found = await officer.call('GET', `/cases/${path}`)
    t.match(found.body, { number, recordings: [{ recordingId: own.recordingId, stage: 'investigation' }] })
    const covered = found.body.stages.filter((one: { covered: boolean }) => one.covered)
    t.match(covered, [{ stage: 'investigation', recordings: 1 }])
    t.equal(found.body.stages.length, 6)
  }
  const household = await custodian.call('GET', `/parties/${party.body.id}`)
  t.match(household.body, { name: '便民超市', cases: [{ number }] })
  t.match((await officer.call('GET', '/parties?search=便民')).body.parties, [{ name: '便民超市' }])
  t.match((await custodian.call('GET', `/recordings/${own.recordingId}`)).body.cases, [
    { number, stage: 'investigation' },
  ])
  t.match((await custodian.call('GET', `/recordings?caseId=${encodeURIComponent(number)}`)).body.recordings, [
    { id: own.recordingId },
  ])

  const auditor = await bureau.signIn(people.auditor)
  const chain = await auditor.call('GET', `/cases/${encodeURIComponent(number)}/chain`)
  t.match(chain, { status: 200, body: { case: { number }, recordings: [{ id: own.recordingId }] } })
  t.ok(chain.body.events.some((event: { kind: string }) => event.kind === 'recording.attached'))
  t.match(await bureau.eventsOf('chain.read'), [{ actor: people.auditor.id, details: { objects: false } }])
  t.equal((await officer.call('GET', `/cases/${encodeURIComponent(number)}/chain`)).status, 403)

  const detach = `/recordings/${own.recordingId}/cases/${encodeURIComponent(number)}`
  t.equal((await custodian.call('DELETE', detach)).status, 400, 'a reason is needed')
  t.equal((await custodian.call('DELETE', `${detach}?reason=${encodeURIComponent('归错案件了')}`)).status, 204)
  t.equal((await custodian.call('DELETE', `${detach}?reason=${encodeURIComponent('归错案件了')}`)).status, 404)
  t.match(await bureau.eventsOf('recording.detached'), [{ details: { reason: '归错案件了', stage: 'investigation' } }])
})

t.test('an officer sees only the cases he is named in', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const custodian = await bureau.signIn(people.custodian)
  const administrator = await bureau.signIn(people.administrator)
  const third = await administrator.call('POST', '/people', { name: '王五', role: 'officer', account: 'wangwu' })
  const officerIds = [people.officer2.id, third.body.id]
  const party = await custodian.call('POST', '/parties', { kind: 'company', name: '某公司' })
  const opening = { number, kind: 'general', title: '案', partyId: party.body.id, departments: ['一大队'], officerIds }
  t.equal((await custodian.call('POST', '/cases', opening)).status, 201)
  const officer = await bureau.signIn(people.officer)
  t.equal((await officer.call('POST', '/cases', { ...opening, number: '又一号' })).status, 400, 'he is not named')
  t.equal((await officer.call('GET', `/cases/${encodeURIComponent(number)}`)).status, 404)
  t.same((await officer.call('GET', '/cases')).body.cases, [])
  const named = (text: string) => officer.call('GET', `/parties/named?name=${encodeURIComponent(text)}`)
  t.same((await named('某公司')).body, { parties: [{ id: party.body.id, kind: 'company', name: '某公司' }] })
  t.same((await named('某')).body, { parties: [] }, 'whoever knows the name finds it, nobody looks around')
  t.equal((await officer.call('GET', `/parties/${party.body.id}`)).status, 404, 'a party of no case of his')
  t.same((await officer.call('GET', '/parties')).body.parties, [])
  t.same((await officer.call('GET', '/parties?search=某')).body.parties, [])
  const officer2 = await bureau.signIn(people.officer2)
  t.match((await officer2.call('GET', '/cases')).body.cases, [{ number }])
  t.match((await officer2.call('GET', '/parties')).body.parties, [{ name: '某公司' }])
  t.match((await officer2.call('GET', `/parties/${party.body.id}`)).body, { name: '某公司', cases: [{ number }] })
  const refused = await bureau.eventsOf('access.refused')
  t.ok(refused.some(({ subjects }) => subjects.includes(`case:${number}`)))
  t.ok(refused.at(-1)?.subjects.includes(`party:${party.body.id}`), 'that he asked for another’s party is an event')
})

t.test('quarantine is resolved by custodian and supervisor together', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const supervisor = await bureau.signIn(bureau.people.supervisor)
  const twin = randomBytes(32)
  const first = await addFootage(bureau, { sha256: twin })
  const quarantineReason = 'unknown_device'
  const accepted = await addFootage(bureau, { quarantineReason })
  const again = await addFootage(bureau, { quarantineReason, sha256: twin })
  const propose = (recordingId: string, outcome: string) =>
    custodian.call('POST', `/quarantine/${recordingId}/proposals`, { outcome, reason: '设备补登记后核对一致' })
  const decide = (recordingId: string, confirmed: boolean) =>
    supervisor.call('POST', `/quarantine/${recordingId}/decision`, { confirmed })

  t.equal((await custodian.call('GET', '/quarantine')).body.recordings.length, 2)
  t.equal((await decide(accepted.recordingId, true)).status, 409, 'nothing is proposed')
  t.equal((await propose(accepted.recordingId, 'accept')).status, 201)
  t.equal((await propose(accepted.recordingId, 'keep_apart')).status, 409, 'one proposal at a time')
  t.equal(
    (await custodian.call('POST', `/quarantine/${accepted.recordingId}/decision`, { confirmed: true })).status,
    403,
  )
  t.match(await decide(accepted.recordingId, false), { status: 200, body: { outcome: null } })
  t.equal((await propose(accepted.recordingId, 'accept')).status, 201)
  t.match(await decide(accepted.recordingId, true), { status: 200, body: { outcome: 'accept' } })
  t.match((await custodian.call('GET', `/recordings/${accepted.recordingId}`)).body, { quarantineReason: null })
  const jobs = await bureau.world.db.selectFrom('job').select(['name', 'subject_id']).execute()
  t.same(jobs, [{ name: 'transcode', subject_id: accepted.recordingId }])

  const conflict = await propose(again.recordingId, 'accept')
  t.match(conflict, { status: 409, body: { error: { details: { recordingId: first.recordingId } } } })
  t.equal((await propose(again.recordingId, 'keep_apart')).status, 201)
  t.match(await decide(again.recordingId, true), { body: { outcome: 'keep_apart' } })
  t.same((await custodian.call('GET', '/quarantine')).body.recordings, [])
  t.equal((await propose(again.recordingId, 'accept')).status, 409, 'it is resolved')
  t.equal((await propose(first.recordingId, 'accept')).status, 409, 'it never was in quarantine')
  t.same(
    (await bureau.eventsOf('quarantine.resolved')).map((event) => event.details.confirmed),
    [false, true, true],
  )
})

t.test('a long list is read page by page, each recording once, by every filter', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  for (let n = 0; n < 7; n++) await addFootage(bureau, { deviceSerial: n % 2 ? 'ODD0001' : 'EVEN001', segments: 1 })
  t.equal((await pages(custodian, '/recordings?limit=3')).length, 7)
  t.equal((await pages(custodian, '/recordings?limit=2&deviceSerial=ODD0001')).length, 3)
  t.equal((await pages(custodian, '/recordings?limit=2&state=secured')).length, 0)
  t.equal((await pages(custodian, '/recordings?limit=2&quarantined=false&mark=false')).length, 7)
  t.equal((await pages(custodian, `/recordings?from=${new Date(Date.now() + 60_000).toISOString()}`)).length, 0)
  t.equal((await custodian.call('GET', '/recordings?cursor=nonsense')).status, 400)
  t.equal((await custodian.call('GET', '/recordings?from=yesterday')).status, 400)
  t.equal((await custodian.call('GET', '/recordings?colour=red')).status, 400)
})

async function pages(session: Session, path: string): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await session.call('GET', cursor ? `${path}&cursor=${cursor}` : path)
    ids.push(...page.body.recordings.map((one: { id: string }) => one.id))
    cursor = page.body.next
  }
  return [...new Set(ids)]
}
