import t from 'tap'
import { createUpload, footage, hex, openIngestWorld, openTestHandIn, patch, stateOf } from '../../support/ingest.ts'
import { signInAs } from './accounts.ts'
import { type Bureau, openBureau } from './bureau.ts'

const name = Buffer.from('DSJ0001_012345_20261120083000_0001.MP4').toString('base64')

async function openOffice(t: Parameters<typeof openBureau>[0]) {
  const bureau = await openBureau(t)
  const ingest = await openIngestWorld(t, {}, { world: bureau.world, sequencer: false })
  const by = await signInAs(bureau, 'administrator', 'supervisor', 'auditor', 'officer')
  return { bureau, ingest, by }
}

const stateOfDevice = async ({ world }: Bureau) =>
  (await world.db.selectFrom('device').select('state').where('serial', '=', 'DSJ0001').executeTakeFirstOrThrow()).state

t.test('a device of which nothing is missing goes to repair by one person, and comes back', async (t) => {
  const { bureau, by } = await openOffice(t)
  const act = (path: string, body: object) => by.administrator.call('POST', `/devices/DSJ0001/${path}`, body)
  t.equal((await act('repair', { note: '屏幕损坏' })).status, 400, 'whether the card was taken out has to be said')
  const done = await act('repair', { note: '屏幕损坏', cardTakenOut: true })
  t.match(done, { status: 200, body: { outcome: 'done', id: null, missing: { files: 0, gaps: 0 } } })
  t.equal((await act('repair', { note: '再修', cardTakenOut: true })).status, 409)
  t.equal((await act('taking-back', { note: '修好' })).status, 200)
  t.equal(await stateOfDevice(bureau), 'in_service')
  t.match(
    (await bureau.eventsOf('device.changed')).map(({ details }) => [
      details.act,
      details.to.state,
      details.cardTakenOut,
    ]),
    [
      ['repair', 'in_repair', true],
      ['take_back', 'in_service', undefined],
    ],
  )
})

t.test('while a listed file has not come, a second person says whether the device may leave', async (t) => {
  const { bureau, ingest, by } = await openOffice(t)
  await openTestHandIn(ingest, { serial: 'DSJ0001', files: [{ name, bytes: 10 }] })
  const act = (path: string, body: object) => by.administrator.call('POST', `/devices/DSJ0001/${path}`, body)
  const decide = (who: keyof typeof by, confirm: boolean) =>
    by[who].call('POST', '/devices/DSJ0001/act/decision', { confirm })
  t.equal((await act('state', { state: 'in_repair', note: '绕过' })).status, 409, 'not by its state alone')
  t.equal((await act('state', { state: 'lost', note: '绕过' })).status, 400)
  const asked = await act('repair', { note: '屏幕损坏', cardTakenOut: false })
  t.match(asked, { status: 200, body: { outcome: 'waits', missing: { files: 1, gaps: 0 } } })
  t.equal(await stateOfDevice(bureau), 'in_service')
  t.equal((await act('retire', { note: '报废', cardTakenOut: false })).status, 409, 'one act at a time')
  t.match((await by.supervisor.call('GET', '/session')).body.notices, [
    { kind: 'device_act_waits', text: { zh: /DSJ0001拟送修，尚有1个/ } },
  ])
  t.match((await by.auditor.call('GET', '/devices/DSJ0001')).body, {
    ...{ state: 'in_service', missing: { files: 1, gaps: 0 }, lastHandInAt: /Z$/ },
    waits: { id: asked.body.id, act: 'repair' },
  })
  t.equal((await decide('administrator', true)).status, 403)
  t.equal((await decide('officer', true)).status, 403)
  t.equal((await decide('supervisor', false)).status, 204)
  t.equal(await stateOfDevice(bureau), 'in_service', 'refused')
  t.equal((await decide('supervisor', true)).status, 404)
  await act('loan', { note: '联合执法', cardTakenOut: true, lentTo: '县应急管理局' })
  t.equal((await decide('auditor', true)).status, 204)
  t.equal(await stateOfDevice(bureau), 'lent')
  const [changed] = await bureau.eventsOf('device.changed')
  t.match(changed, {
    actor: bureau.people.auditor.id,
    details: { act: 'lend', lentTo: '县应急管理局', cardTakenOut: true, missing: { files: 1 }, to: { state: 'lent' } },
  })
  t.match((await by.administrator.call('GET', '/devices/DSJ0001/history')).body.history, [
    { kind: 'device.changed', words: { zh: '设备变更' }, note: '联合执法' },
    { kind: 'device.act_asked' },
    { kind: 'device.act_refused' },
    { kind: 'device.act_asked', note: '屏幕损坏' },
  ])
})

t.test('a loss says when the device was last handed in, what is missing and who was told', async (t) => {
  const { bureau, ingest, by } = await openOffice(t)
  const handIn = await openTestHandIn(ingest, {
    ...{ serial: 'DSJ0001', clockOffsetMs: 37_000, files: [{ name, bytes: 10 }] },
  })
  const bytes = footage(10)
  const upload = await createUpload(ingest, 10, { filename: Buffer.from(name, 'base64'), handIn, sha256: hex(bytes) })
  await patch(ingest, upload, 0, bytes)
  await ingest.until(async () => (await stateOf(ingest, upload)).state === 'sealed')
  const body = { note: '检查途中遗失', toldTo: '分管领导赵强' }
  t.match(
    await by.administrator.call('POST', '/devices/DSJ0001/loss', body),
    { status: 200, body: { outcome: 'waits', missing: { files: 1, gaps: 0 } } },
    'one copy, and no receipt: the only other one is on the device',
  )
  t.equal(await stateOfDevice(bureau), 'in_service')
  t.equal((await by.supervisor.call('POST', '/devices/DSJ0001/act/decision', { confirm: true })).status, 204)
  t.equal(await stateOfDevice(bureau), 'lost')
  t.match((await bureau.eventsOf('device.changed'))[0]!.details, {
    ...{ act: 'lose', lastHandInAt: /Z$/, missing: { files: 1, gaps: 0 }, toldTo: '分管领导赵强' },
  })
  const found = async () =>
    (await by.administrator.call('GET', '/session')).body.notices.filter(
      ({ kind }: { kind: string }) => kind === 'lost_device_docked',
    )
  t.same(await found(), [])
  await openTestHandIn(ingest, { serial: 'DSJ0001', clockOffsetMs: 37_000, files: [] })
  t.match(await found(), [{ text: { zh: /已登记遗失的设备DSJ0001于.*放上采集站/ } }])
  t.match((await by.auditor.call('GET', '/devices/DSJ0001/clock')).body.clock, [{ offsetMs: 37_000, setTo: null }, {}])
  t.same((await by.auditor.call('GET', '/devices/DSJ0001/checks')).body, { checks: [] })
  t.equal((await by.auditor.call('GET', '/devices/NOBODY1')).status, 404)
})

t.test('a device is issued to a person and returned, each confirmed by him', async (t) => {
  const { bureau, by } = await openOffice(t)
  const { officer } = bureau.people
  const act = (path: string, body: object) => by.administrator.call('POST', `/devices/DSJ0001/${path}`, body)
  const confirm = () => by.officer.call('POST', '/devices/DSJ0001/keeper/decision', { confirm: true })
  t.equal((await act('issue', { toId: officer.id, note: '领用' })).status, 201)
  t.equal((await confirm()).status, 204)
  t.match((await by.auditor.call('GET', '/devices/DSJ0001')).body, { holderId: officer.id })
  t.equal((await act('return', { note: '归还' })).status, 201)
  t.equal((await confirm()).status, 204)
  t.match((await by.auditor.call('GET', '/devices/DSJ0001')).body, { holderId: null })
})
