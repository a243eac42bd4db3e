import t from 'tap'
import { toldRegister } from '../../../services/custody/docks/told-register.ts'
import { keepStatement } from '../../../services/custody/hand-ins/statements.ts'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { dockDevice, findGap, foundBesidesDocks } from './docked.ts'

t.test('an officer sees what counts as his, a custodian everything, file by file', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { administrator, officer, officer2, custodian, assistant } = await signInAs(
    ...([bureau, 'administrator', 'officer', 'officer2', 'custodian', 'assistant'] as const),
  )
  for (const serial of ['ZJ00012', 'ZJ00031', 'ZJ00044']) {
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  }
  await administrator.call('POST', '/devices/ZJ00031/keeper', { holderId: people.officer.id, note: '领用' })
  await officer.call('POST', '/devices/ZJ00031/keeper/decision', { confirm: true })
  const files = [
    { name: '现场\u202e4PM.0001', bytes: 1000, mark: true },
    { name: '0002.MP4', bytes: 500 },
  ]
  const said = await dockDevice(world, {
    ...{ serial: 'ZJ00012', files, user: { person: people.officer2.id, grade: 'confirmed' } },
  })
  const kept = await dockDevice(world, { serial: 'ZJ00031' })
  const nobodys = await dockDevice(world, { serial: 'ZJ00044', files: [] })
  await findGap(world, said)
  await keepStatement(
    world.dbFor('ingest'),
    world.clock,
    { id: said.dock.id, role: 'dock' },
    {
      ...{ handInId: said.handInId, messageId: 's-1', kind: 'not_enforcement', lineNumbers: [1], words: '午间用餐' },
      ...{ by: { personId: people.officer2.id, grade: 'slot' }, saidAt: '2026-11-28T18:00:00+08:00' },
    },
  )

  const idsFor = async (who: typeof officer, query = '') =>
    (await who.call('GET', `/hand-ins${query}`)).body.handIns.map(({ id }: { id: string }) => id)
  t.same(await idsFor(officer), [kept.handInId], 'as keeper, where nobody said who used it')
  t.same(await idsFor(officer2), [said.handInId])
  t.same(await idsFor(officer2, `?personId=${people.officer.id}`), [said.handInId], 'his own all the same')
  t.same(await idsFor(assistant), [])
  t.same(await idsFor(custodian), [nobodys.handInId, kept.handInId, said.handInId], 'the last first')
  t.same(await idsFor(custodian, '?state=complete'), [nobodys.handInId], 'a list without files lacks none')
  t.same(await idsFor(custodian, `?dockId=${said.dock.id}`), [said.handInId])
  t.same(await idsFor(custodian, '?to=2020-01-01'), [])
  const first = (await custodian.call('GET', '/hand-ins?limit=2')).body
  t.same(await idsFor(custodian, `?limit=2&cursor=${first.next}`), [said.handInId], 'page by page')
  t.equal((await custodian.call('GET', '/hand-ins?cursor=nonsense')).status, 400)

  const path = `/hand-ins/${said.handInId}`
  const { body } = await officer2.call('GET', path)
  t.match(body, {
    ...{ deviceSerial: 'ZJ00012', user: { id: people.officer2.id }, userGradeWords: { zh: '本人确认' } },
    ...{ clockOffsetMs: 12_000, state: 'incomplete', origin: { words: { zh: '采集站直接读取设备' }, from: '3' } },
    files: { total: 2, bytes: 1500, marked: 1, expected: 2, receipts: 0 },
    gaps: { open: 1 },
    gapsFound: [{ kind: 'time' }],
    statementsSaid: [
      { kindWords: { zh: '与执法无关' }, lineNumbers: [1], gradeWords: { zh: '凭设备在槽' }, identified: false },
    ],
    listed: [
      {
        number: 0,
        mark: true,
        state: 'expected',
        recordingId: null,
        receipt: { state: 'not_yet', reason: 'not_sealed' },
      },
      { number: 1, name: { text: '0002.MP4' } },
    ],
    nextNumber: null,
  })
  t.match((await officer2.call('GET', `${path}?limit=1`)).body, { listed: { length: 1 }, nextNumber: 1 })
  t.match((await officer2.call('GET', `${path}?fromNumber=1`)).body.listed, [{ number: 1 }])
  t.equal((await officer.call('GET', path)).status, 404)
  t.match((await bureau.eventsOf('access.refused')).at(-1), {
    ...{ actor: people.officer.id, details: { reason: 'not_own', what: 'hand_in', asked: said.handInId } },
  })
  t.equal((await administrator.call('GET', path)).status, 403)

  const { handInId: tested } = await dockDevice(world, { files: [{ name: '自检.txt', bytes: 9 }], dock: said.dock })
  t.match((await custodian.call('GET', '/hand-ins?limit=1')).body.handIns, [{ id: tested, isSelfTest: true }])
  t.notOk((await idsFor(custodian, '?state=incomplete')).includes(tested), 'a broken self-test is nobody’s to complete')
  const counted = await custodian.call('GET', '/hand-ins/counts')
  t.same(
    counted.body.docks
      .filter(({ dock }: { dock: { id: string } }) => dock.id === said.dock.id)
      .map(({ dock, ...numbers }: { dock: object }) => numbers),
    [
      {
        ...{ handIns: 1, incomplete: 1, selfTests: { total: 1, incomplete: 1 } },
        ...{ gaps: { open: 1, explained: 0, accepted: 0, overdue: 0 } },
        files: {
          ...{ total: 2, bytes: 1500, marked: 1, expected: 2, receiving: 0, complete: 0, sealed: 0, quarantined: 0 },
          ...{ duplicate: 0, receipts: 0 },
        },
      },
    ],
  )
  t.notMatch(counted.bytes.toString(), people.officer2.id, 'whose they are is not said')
  t.notMatch(counted.bytes.toString(), '同志')
  t.same((await custodian.call('GET', '/hand-ins/counts?to=2020-01-01')).body.docks, [])
  t.equal((await custodian.call('GET', '/hand-ins/counts?from=2020-01-01')).status, 400, 'too many days')
  t.same((await administrator.call('GET', '/hand-ins/counts')).body, { docks: [] }, 'yesterday')
  const minute = '?from=2026-11-20T10:00:00Z&to=2026-11-20T10:01:00Z'
  t.equal((await administrator.call('GET', `/hand-ins/counts${minute}`)).status, 400, 'one officer’s hand-in')
  t.equal((await officer2.call('GET', '/hand-ins/counts')).status, 403)

  const slip = await officer2.call('GET', `${path}/receipt.html`)
  t.match(slip.headers.get('content-type'), 'text/html')
  const text = slip.bytes.toString()
  t.match(text, '临时（回执未全部出具）')
  t.match(text, '2 个文件尚未收到，请把设备重新放上采集站。')
  t.match(text, '现场【U+202E】4PM.0001', 'no name turns the page around')
  t.notMatch(text, '<svg', 'without a receipt there is nothing for a code to say')
  t.equal((await officer.call('GET', `${path}/receipt.html?form=roll`)).status, 404)
  t.notMatch((await officer2.call('GET', `${path}/receipt.html?form=roll`)).bytes.toString(), '<table')
})

t.test('a wrong device or user is corrected by two, beside what the dock signed', async (t) => {
  const bureau = await openBureau(t)
  const { world, people } = bureau
  const { administrator, officer, officer2, custodian, supervisor } = await signInAs(
    ...([bureau, 'administrator', 'officer', 'officer2', 'custodian', 'supervisor'] as const),
  )
  for (const serial of ['ZJ00012', 'ZJ00031'])
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  const user = { person: people.officer.id, grade: 'confirmed' } as const
  const docked = await dockDevice(world, { serial: 'ZJ00012', user })
  const gapId = await findGap(world, docked)
  const path = `/hand-ins/${docked.handInId}/corrections`
  const ask = (correction: object) => custodian.call('POST', path, { reason: '卡插错槽位', ...correction })
  const wrong = { status: 400 }
  t.match(await ask({}), wrong)
  t.match(await ask({ deviceSerial: 'ZJ00012' }), wrong, 'it says so already')
  t.match(await ask({ deviceSerial: 'ZJ99999' }), wrong, 'no such device')
  t.match(await ask({ userId: people.auditor.id }), wrong, 'carries no recorders')
  const { id } = (await ask({ deviceSerial: 'ZJ00031', userId: people.officer2.id })).body
  t.equal((await ask({ userId: people.officer2.id })).status, 409, 'one at a time')
  const seen = async () => (await custodian.call('GET', `/hand-ins/${docked.handInId}`)).body
  t.match(await seen(), {
    user: { id: people.officer.id },
    ...{ isUserCorrected: false, isUserDisputed: false },
    corrections: [{ id, confirmed: null }],
  })
  const decide = (who: typeof officer, one = id, confirm = true) =>
    who.call('POST', `${path}/${one}/decision`, { confirm })
  t.equal((await decide(officer)).status, 404, 'not the one concerned')
  const missingOf = async (serial: string) => (await administrator.call('GET', `/devices/${serial}`)).body
  t.match(await missingOf('ZJ00012'), { missing: { files: 1, gaps: 1 }, lastHandInAt: /Z$/ })
  t.match(await missingOf('ZJ00031'), { missing: { files: 0, gaps: 0 }, lastHandInAt: null })
  t.equal((await decide(officer2)).status, 204)
  t.match(await missingOf('ZJ00012'), { missing: { files: 0, gaps: 0 }, lastHandInAt: null })
  t.match(
    await missingOf('ZJ00031'),
    { missing: { files: 1, gaps: 1 }, lastHandInAt: /Z$/ },
    'what is missing is its own',
  )
  const told = await toldRegister(world.dbFor('ingest'), { dockId: docked.dock.id, at: world.clock.now() })
  t.same(told.devices.map(({ serial, lastHandIn }) => [serial, lastHandIn !== null]).toSorted(), [
    ['ZJ00012', false],
    ['ZJ00031', true],
  ])
  t.match(await seen(), {
    ...{ deviceSerial: 'ZJ00012', user: { id: people.officer2.id }, userGrade: 'confirmed', isUserCorrected: true },
    corrections: [{ deviceSerial: 'ZJ00031', confirmed: true, decidedBy: { id: people.officer2.id } }],
  })
  t.same((await officer.call('GET', '/hand-ins')).body.handIns, [], 'it is no longer his')
  t.match(
    (await officer2.call('GET', '/gaps')).body.gaps,
    [{ id: gapId }],
    'and its gaps are the other one’s to explain',
  )
  const slip = (await officer2.call('GET', `/hand-ins/${docked.handInId}/receipt.html`)).bytes.toString()
  t.match(slip, '经核对更正：设备为ZJ00031，当班使用人为officer2 同志。交存单原载不变。')
  const back = (await ask({ userId: people.officer.id })).body
  t.equal((await decide(supervisor, back.id, false)).status, 204)
  t.match((await bureau.eventsOf('hand_in.correction_refused'))[0], { actor: people.supervisor.id })
  t.match(await seen(), { user: { id: people.officer2.id } }, 'a refused one changes nothing')
  t.same(await foundBesidesDocks(bureau), [])
})
