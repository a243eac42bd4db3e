import t from 'tap'
import { explainAtDock } from '../../../services/custody/hand-ins/explanations.ts'
import { withdrawGaps } from '../../../services/custody/hand-ins/gap-withdrawal.ts'
import { findMissingHandIns, findUnreadFiles } from '../../../services/custody/hand-ins/overdue.ts'
import { leafDelayMs } from '../../../services/ledger/log/backlog.ts'
import { signInAs } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { type Docked, dockDevice, findGap, foundBesidesDocks } from './docked.ts'

const dayMs = 86_400_000

/** What somebody tapped at the dock, in nobody's name. */
async function tapAtDock({ world }: Bureau, { handInId, dock }: Docked, messageId = 'm-1'): Promise<void> {
  const by = { personId: null, grade: 'slot' } as const
  const said = { dockGapId: 'gap-1', reason: 'battery', words: null, by, saidAt: '2026-11-28T18:02:11+08:00' } as const
  await explainAtDock(
    world.dbFor('ingest'),
    world.clock,
    { id: dock.id, role: 'dock' },
    { ...said, handInId, messageId },
  )
}

/** The kinds of notices that wait for somebody. */
async function kindsFor(who: Session): Promise<string[]> {
  const { body } = await who.call('GET', '/session')
  return body.notices.map(({ kind }: { kind: string }) => kind)
}

async function openShift(t: { teardown(end: () => unknown): unknown }) {
  const bureau = await openBureau(t)
  const people = await signInAs(bureau, 'administrator', 'officer', 'officer2', 'custodian', 'supervisor')
  await people.administrator.call('POST', '/devices', { serial: 'ZJ00012', kind: 'recorder' })
  const user = { person: bureau.people.officer.id, grade: 'confirmed' } as const
  const docked = await dockDevice(bureau.world, { serial: 'ZJ00012', user })
  return { bureau, docked, ...people }
}

t.test('a gap is explained by its officer, returned, explained again and accepted', async (t) => {
  const { bureau, docked, officer, officer2, custodian, supervisor } = await openShift(t)
  const id = await findGap(bureau.world, docked)
  const [shown] = (await officer.call('GET', '/gaps')).body.gaps
  t.match(shown, {
    ...{ id, kind: 'time', handInId: docked.handInId, person: { id: bureau.people.officer.id }, state: 'open' },
    ...{ before: { number: 0, name: '0001.MP4' }, after: null, lengthMs: 372_000, overdue: false },
    ...{ proposed: { reason: 'battery', because: 'battery', value: 3 }, kindWords: { zh: '时间中断' } },
  })
  t.same((await officer2.call('GET', '/gaps')).body.gaps, [], 'another does not see it')
  t.ok((await kindsFor(officer)).includes('gap_open'))
  const explain = (who: Session, words: string) =>
    who.call('POST', `/gaps/${id}/explanations`, { reason: 'battery', words })
  const decide = (accept: boolean, reason?: string) =>
    custodian.call('POST', `/gaps/${id}/decision`, { accept, ...(reason && { reason }) })
  t.equal((await explain(officer2, '不是我的')).status, 404)
  t.equal((await explain(supervisor, '代为说明')).status, 404, 'a supervisor explains missing hand-ins only')
  t.equal((await decide(true)).status, 409, 'nobody has explained it')

  t.equal((await explain(officer, '电量耗尽')).status, 201)
  t.notOk((await kindsFor(officer)).includes('gap_open'))
  t.ok((await kindsFor(custodian)).includes('gap_decision'))
  t.equal((await decide(false)).status, 400, 'a reason is given')
  t.equal((await decide(false, '请写明更换电池的时间')).status, 204)
  t.match((await officer.call('GET', '/gaps?state=returned')).body.gaps, [
    { id, decision: { by: { id: bureau.people.custodian.id }, reason: '请写明更换电池的时间' } },
  ])
  t.equal((await explain(officer, '14:27 换上备用电池')).status, 201)
  t.equal((await decide(true)).status, 204)
  t.equal((await decide(true)).status, 409, 'it is done')
  t.equal((await explain(officer, '备用电池编号 07')).status, 201, 'more may be added')
  const [accepted] = (await custodian.call('GET', '/gaps')).body.gaps
  t.match(accepted, { state: 'accepted', explanations: [{ grade: 'password', identified: true }, {}, {}] })
  t.same(await foundBesidesDocks(bureau), [], 'rows are as their events tell')
})

t.test('what was tapped at a dock waits for its person, who may say that it is not his', async (t) => {
  const { bureau, docked, officer, officer2, custodian } = await openShift(t)
  const id = await findGap(bureau.world, docked)
  await tapAtDock(bureau, docked)
  const explanation = async () => (await officer.call('GET', '/gaps')).body.gaps[0].explanations[0]
  const { id: explanationId, confirmBy, ...first } = await explanation()
  t.match(first, { grade: 'slot', gradeWords: { zh: '凭设备在槽' }, identified: false, confirmedAt: null })
  t.ok(confirmBy)
  t.ok((await kindsFor(officer)).includes('gap_confirm'))
  const decision = () => custodian.call('POST', `/gaps/${id}/decision`, { accept: true })
  t.match(await decision(), { status: 409, body: { error: { message: /is to confirm it first/ } } })
  const confirm = (who: Session, isOwn: boolean) =>
    who.call('POST', `/gaps/${id}/explanations/${explanationId}/confirmation`, { isOwn })
  t.equal((await confirm(officer2, true)).status, 404)
  t.equal((await confirm(officer, false)).status, 204)
  t.equal((await confirm(officer, true)).status, 409, 'once')
  t.match((await officer.call('GET', '/gaps')).body.gaps, [{ id, state: 'open' }], 'it is to be explained again')
  await tapAtDock(bureau, docked, 'm-2')
  const second = (await officer.call('GET', '/gaps')).body.gaps[0].explanations[1]
  const path = `/gaps/${id}/explanations/${second.id}/confirmation`
  t.equal((await officer.call('POST', path, { isOwn: true })).status, 204)
  await tapAtDock(bureau, docked, 'm-3')
  t.equal((await decision()).status, 204)
  const third = (await officer.call('GET', '/gaps')).body.gaps[0].explanations[2]
  const denial = `/gaps/${id}/explanations/${third.id}/confirmation`
  t.equal((await officer.call('POST', denial, { isOwn: false })).status, 204)
  t.match((await officer.call('GET', '/gaps')).body.gaps, [{ id, state: 'explained' }], 'it is decided on anew')
  t.ok((await kindsFor(custodian)).includes('gap_reopened'))
  t.equal((await decision()).status, 204, 'by what is left of it')
  t.same(await foundBesidesDocks(bureau), [])
})

t.test('what its person has denied never counts, and opens again what was accepted on it', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  await administrator.call('POST', '/devices', { serial: 'ZJ00012', kind: 'recorder' })
  const docked = await dockDevice(world, { serial: 'ZJ00012', user: { person: people.officer.id, grade: 'confirmed' } })
  const id = await findGap(world, docked)
  await tapAtDock(bureau, docked)
  const { id: tapped, confirm_by } = await world.db
    .selectFrom('gap_explanation')
    .select(['id', 'confirm_by'])
    .executeTakeFirstOrThrow()
  world.clock.set(confirm_by!)
  const [custodian, officer] = [await bureau.signIn(people.custodian), await bureau.signIn(people.officer)]
  const decide = () => custodian.call('POST', `/gaps/${id}/decision`, { accept: true })
  t.equal((await decide()).status, 204, 'his time is over')
  const deny = { isOwn: false }
  t.equal((await officer.call('POST', `/gaps/${id}/explanations/${tapped}/confirmation`, deny)).status, 204)
  t.match((await officer.call('GET', '/gaps')).body.gaps, [{ id, state: 'open', overdue: false }])
  t.ok((await kindsFor(officer)).includes('gap_open'))
  t.ok((await kindsFor(custodian)).includes('gap_reopened'))
  await tapAtDock(bureau, docked, 'm-2')
  t.match(await decide(), { status: 409, body: { error: { message: /is to confirm it first/ } } })
  await world.until(async () => (await leafDelayMs(world.db)) === 0)
  t.same(await foundBesidesDocks(bureau), [])
})

t.test('an explanation that its person never looked at is decided on when his time is over', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  await administrator.call('POST', '/devices', { serial: 'ZJ00012', kind: 'recorder' })
  const docked = await dockDevice(world, {
    serial: 'ZJ00012',
    user: { person: bureau.people.officer.id, grade: 'confirmed' },
  })
  const id = await findGap(world, docked)
  await tapAtDock(bureau, docked)
  const { confirm_by } = await world.db.selectFrom('gap_explanation').select('confirm_by').executeTakeFirstOrThrow()
  world.clock.set(new Date(confirm_by!.getTime() - 10 * 60_000))
  const custodian = await bureau.signIn(bureau.people.custodian)
  const decide = () => custodian.call('POST', `/gaps/${id}/decision`, { accept: true })
  t.equal((await decide()).status, 409)
  world.clock.set(confirm_by!)
  t.equal((await decide()).status, 204)
})

t.test('files that never came and devices that were never docked become gaps when the term is over', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { administrator, supervisor: chief } = await signInAs(bureau, 'administrator', 'supervisor')
  for (const serial of ['ZJ00012', 'ZJ00031', 'ZJ00044', 'ZJ00055', 'ZJ00066']) {
    await administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  }
  const yesterdays = dayOf(world.clock.now())
  const tomorrows = dayOf(new Date(world.clock.now().getTime() + dayMs))
  const shift = (serial: string, day = yesterdays) => `officer,${serial},${day},00:00,23:59`
  const devices = ['ZJ00012', 'ZJ00031', 'ZJ00044', 'ZJ00055']
  const lines = [...devices.map((serial) => shift(serial)), shift('ZJ00066', tomorrows)]
  const csv = ['person,device,day,from,to', ...lines].join('\n')
  t.equal((await chief.call('POST', '/rosters', { csv })).status, 200)
  const files = [
    { name: `ZJ00012_990001_${yesterdays.replaceAll('-', '')}120000_0001.MP4`, bytes: 10 },
    { name: '0002.MP4', bytes: 10 },
  ]
  const { handInId } = await dockDevice(world, { serial: 'ZJ00012', files })
  // What the user before docks when the shift has begun, and a few seconds filmed right after that.
  const before = [
    { name: `ZJ00055_990001_${yesterdays.replaceAll('-', '')}000500_0001.MP4`, bytes: 10 },
    { name: 'ZJ00055_990001_20260101120000_0002.MP4', bytes: 10 },
  ]
  await dockDevice(world, { serial: 'ZJ00055', files: before })
  const broken = { note: '屏幕损坏', cardTakenOut: true }
  t.equal((await administrator.call('POST', '/devices/ZJ00066/repair', broken)).status, 200)
  await dockDevice(world, { serial: 'ZJ00044', files: [] })
  await dockDevice(world, { files: [{ name: '自检.txt', bytes: 100 }] })
  const work = async () => [
    await findUnreadFiles(world.dbFor('worker'), world.clock),
    await findMissingHandIns(world.dbFor('worker'), world.clock),
  ]
  t.same(await work(), [0, 0], 'nothing is late yet')
  world.clock.set(new Date(world.clock.now().getTime() + 8 * dayMs))
  const [late, office] = [await bureau.signIn(people.supervisor), await bureau.signIn(people.administrator)]
  // After its shift, the device's state and the roster's line say nothing any more.
  const lost = { note: '遗失', toldTo: '值班领导' }
  t.match(await office.call('POST', '/devices/ZJ00031/loss', lost), { body: { outcome: 'done' } })
  const kept = ['person,device,day,from,to', `officer2,,${yesterdays},00:00,23:59`].join('\n')
  t.equal((await late.call('POST', '/rosters', { csv: kept })).status, 200)
  t.same(await work(), [2, 4], 'a list without a file is no hand-in')
  t.same(await work(), [0, 0], 'once')

  const [officer, supervisor, custodian] = await Promise.all(
    [people.officer, people.supervisor, people.custodian].map(bureau.signIn),
  )
  const { gaps } = (await officer!.call('GET', '/gaps')).body
  const byKind = (kind: string) => gaps.find((gap: { kind: string }) => gap.kind === kind)
  t.match(
    gaps.find((gap: { handInId: string }) => gap.handInId === handInId),
    {
      kind: 'not_read',
      lineNumbers: [0, 1],
      missingNumbers: 2,
      stillMissing: 2,
      deviceSerial: 'ZJ00012',
    },
  )
  t.same(
    gaps
      .filter(({ kind }: { kind: string }) => kind === 'missing_hand_in')
      .map((gap: { deviceSerial: string }) => gap.deviceSerial)
      .sort(),
    ['ZJ00031', 'ZJ00044', 'ZJ00055', 'ZJ00066'],
  )
  t.same(
    gaps.flatMap(({ deviceSerial, deviceState }: { deviceSerial: string; deviceState: string | null }) =>
      deviceState === null ? [] : `${deviceSerial} ${deviceState}`,
    ),
    ['ZJ00066 in_repair'],
    'a device that one person has put out of service is missed too',
  )
  t.match(byKind('missing_hand_in'), { handInId: null, kindWords: { zh: '应交未交' } })
  const path = `/gaps/${byKind('missing_hand_in').id}`
  const why = { reason: 'still_on_duty', words: '节日值守，未回站' }
  t.equal((await supervisor!.call('POST', `${path}/explanations`, why)).status, 201)
  t.equal((await custodian!.call('POST', `${path}/decision`, { accept: true })).status, 204)

  // The other one is its officer's to explain, is returned, and red once that term is over too.
  const another = gaps.find(
    (gap: { kind: string; id: string }) => gap.kind === 'missing_hand_in' && !path.endsWith(gap.id),
  )
  const explain = (who: typeof officer) =>
    who!.call('POST', `/gaps/${another.id}/explanations`, { reason: 'not_used', words: '当班未领用' })
  t.equal((await explain(officer)).status, 201)
  const back = { accept: false, reason: '请说明设备在何处' }
  t.equal((await custodian!.call('POST', `/gaps/${another.id}/decision`, back)).status, 204)
  const [returned] = (await officer!.call('GET', '/gaps?state=returned')).body.gaps
  t.match(returned, { id: another.id, overdue: false, decision: { reason: back.reason } })
  world.clock.set(new Date(Date.parse(returned.dueAt) + 60_000))
  const onTheDay = await bureau.signIn(people.custodian)
  const red = (await onTheDay.call('GET', '/gaps?overdue=true&kind=missing_hand_in')).body.gaps
  t.equal(red.length, 3)
  t.ok(red.some(({ id }: { id: string }) => id === another.id))
  const from = dayOf(new Date(world.clock.now().getTime() - 20 * dayMs))
  const { missingHandIns } = (await onTheDay.call('GET', `/hand-ins/counts?from=${from}`)).body
  t.match(missingHandIns, { open: 3, accepted: 1, overdue: 3 })

  const withdraw = () => withdrawGaps(world.dbFor('worker'), world.clock)
  await dockDevice(world, { serial: another.deviceSerial })
  t.equal(await withdraw(), 0, 'what is handed in too late stays to be explained')
  await dockDevice(world, { serial: another.deviceSerial, signedAt: new Date(Date.parse(another.toTime)) })
  t.equal(await withdraw(), 1, 'the list of a dock that was offline explains it')
  const came = (await onTheDay.call('GET', '/gaps?state=withdrawn')).body.gaps
  t.match(came, [{ id: another.id, overdue: false, stateWords: { zh: '已撤销（资料已补到）' } }])
  await world.until(async () => (await leafDelayMs(world.db)) === 0)
  t.same(await foundBesidesDocks(bureau), [])
})

function dayOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}
