import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const number = '综执检〔2026〕0801号'
const reason = '当日仅一名持证人员在岗'
const notice = { zh: `▲ 现场执法人员不足两名（${reason}）` }

async function openParty(officer: Session): Promise<object> {
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  return { kind: 'inspection', title: '占道经营检查', partyId: party.body.id, departments: ['综合执法局'] }
}

async function rowProblems({ world }: Bureau): Promise<string[]> {
  const report = openReport()
  await checkRows(world.db, report)
  return report
    .findings()
    .filter(({ subject }) => /^case/.test(subject))
    .map(({ subject, problem }) => `${subject}: ${problem}`)
}

t.test('one officer or none is filed as it was, with a reason, and it is shown everywhere', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const officer = await bureau.signIn(people.officer)
  const custodian = await bureau.signIn(people.custodian)
  const opening = { ...(await openParty(officer)), number }
  const alone = { officerIds: [people.officer.id] }
  for (const fewerOfficersReason of [undefined, null, '', '三个字', '  三个字  ']) {
    const refused = await officer.call('POST', '/cases', { ...opening, ...alone, fewerOfficersReason })
    t.match(refused, { status: 400, body: { error: { message: /fewerOfficersReason/ } } }, `${fewerOfficersReason}`)
  }
  const twice = { officerIds: [people.officer.id, people.officer.id] }
  t.equal((await officer.call('POST', '/cases', { ...opening, ...twice })).status, 400, 'one person is one')
  const both = { officerIds: [people.officer.id, people.officer2.id], fewerOfficersReason: reason }
  t.match(await officer.call('POST', '/cases', { ...opening, ...both }), {
    status: 400,
    body: { error: { message: /nothing to explain/ } },
  })
  const assistantAsOfficer = { officerIds: [people.officer.id, people.assistant.id] }
  t.match(await officer.call('POST', '/cases', { ...opening, ...assistantAsOfficer }), {
    status: 400,
    body: { error: { message: /officerIds: no officer in service/ } },
  })
  const officerAsAssistant = { ...alone, participantIds: [people.officer2.id], fewerOfficersReason: reason }
  t.match(await officer.call('POST', '/cases', { ...opening, ...officerAsAssistant }), {
    status: 400,
    body: { error: { message: /participantIds: no assistant in service/ } },
  })

  const filed = { ...alone, participantIds: [people.assistant.id], fewerOfficersReason: reason }
  t.equal((await officer.call('POST', '/cases', { ...opening, ...filed })).status, 201)
  const own = await addFootage(bureau, { officerId: people.officer.id })
  const attach = `/recordings/${own.recordingId}/cases`
  const filing = { caseId: number, stage: 'investigation' }
  t.equal((await custodian.call('POST', attach, { ...filing, officerIds: [] })).status, 400)
  const nobody = { officerIds: [], participantIds: [people.assistant.id], fewerOfficersReason: reason }
  t.equal((await custodian.call('POST', attach, { ...filing, ...nobody })).status, 204)

  const shown = { participantIds: [people.assistant.id], fewerOfficers: notice }
  const path = `/cases/${encodeURIComponent(number)}`
  t.match((await officer.call('GET', path)).body, {
    ...shown,
    officerIds: [people.officer.id],
    recordings: [{ ...shown, officerIds: [] }],
  })
  t.match((await officer.call('GET', '/cases')).body.cases, [shown])
  t.match((await custodian.call('GET', `/recordings/${own.recordingId}`)).body.cases, [shown])
  t.match(await bureau.eventsOf('recording.attached'), [
    { details: { officerIds: [], participantIds: [people.assistant.id], fewerOfficersReason: reason } },
  ])
  t.same(await rowProblems(bureau), [])
  await bureau.world.asSuperuser((db) =>
    db.updateTable('case_file').set({ fewer_officers_reason: '另有原因' }).execute(),
  )
  t.match(await rowProblems(bureau), [/fewer_officers_reason/])
})

t.test('with two officers nothing is remarked upon, and the event says no more than before', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const officer = await bureau.signIn(people.officer)
  const officerIds = [people.officer.id, people.officer2.id]
  await officer.call('POST', '/cases', { ...(await openParty(officer)), number, officerIds })
  t.match((await officer.call('GET', '/cases')).body.cases, [{ participantIds: [], fewerOfficers: null }])
  const [opened] = await bureau.eventsOf('case.opened')
  t.notOk('participantIds' in opened!.details || 'fewerOfficersReason' in opened!.details)
})

t.test('an assistant sees what he handed in and its receipts, and nothing else of the bureau', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const assistant = await bureau.signIn(people.assistant)
  const administrator = await bureau.signIn(people.administrator)
  const own = await addFootage(bureau, { officerId: people.assistant.id })
  const another = await addFootage(bureau, { officerId: people.officer.id, deviceSerial: 'ZJ00009' })
  t.match((await assistant.call('GET', '/recordings')).body.recordings, [{ id: own.recordingId }])
  t.equal((await assistant.call('GET', `/recordings/${own.recordingId}`)).status, 200)
  t.match((await assistant.call('GET', `/recordings/${own.recordingId}/receipt`)).body, { state: 'not_yet' })
  t.equal((await assistant.call('GET', `/recordings/${another.recordingId}`)).status, 404)
  t.equal((await assistant.call('GET', `/recordings/${another.recordingId}/receipt`)).status, 404)
  for (const [method, path, body] of [
    ['GET', '/cases', undefined],
    ['GET', '/parties', undefined],
    ['POST', '/parties', { kind: 'shop', name: '便民超市' }],
    ['POST', `/recordings/${own.recordingId}/viewings`, { purpose: '看一看' }],
    ['POST', `/recordings/${own.recordingId}/cases`, { caseId: number, stage: 'investigation', officerIds: [] }],
  ] as const) {
    t.equal((await assistant.call(method, path, body)).status, 403, `${method} ${path}`)
  }
  await administrator.call('POST', '/devices', { serial: 'ZJ00077', kind: 'recorder' })
  const keep = (holderId: string) => administrator.call('POST', '/devices/ZJ00077/keeper', { holderId, note: '领用' })
  t.equal((await keep(people.auditor.id)).status, 400)
  t.equal((await keep(people.assistant.id)).status, 201, 'he may keep a recorder')
  t.equal((await assistant.call('POST', '/devices/ZJ00077/keeper/decision', { confirm: true })).status, 204)
})
