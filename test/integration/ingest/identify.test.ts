import t from 'tap'
import { explainAtDock } from '../../../services/custody/hand-ins/explanations.ts'
import { buildIngest } from '../../../services/ingest/app.ts'
import { startIngest } from '../../../services/ingest/start.ts'
import { registerTestDock, type TestDock, testSettings } from '../../support/ingest.ts'
import { signInAs } from '../access/accounts.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'
import { dockDevice, findGap, foundBesidesDocks } from '../access/docked.ts'

const minuteMs = 60_000

/** A bureau whose clock can be moved, two devices, and an ingest for its docks. */
async function openStation(t: { teardown(end: () => unknown): unknown }) {
  const bureau = await openBureau(t, { movesClock: true })
  const { world } = bureau
  const sessions = await signInAs(bureau, 'administrator', 'supervisor', 'officer')
  for (const serial of ['ZJ00012', 'ZJ00031']) {
    await sessions.administrator.call('POST', '/devices', { serial, kind: 'recorder' })
  }
  const deps = startIngest({
    ...{ db: world.dbFor('ingest'), store: world.storesFor('ingest').primary, clock: world.clock, log: world.log },
    settings: testSettings,
  })
  const server = await buildIngest(deps)
  t.teardown(() => server.close().then(() => deps.close()))
  const identify = async (dock: TestDock, shown: object) => {
    const answer = await server.inject({
      ...{ method: 'POST', url: '/docks/me/identify', payload: shown },
      headers: { authorization: `Bearer ${dock.token}` },
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { bureau, ...sessions, identify }
}

async function release(bureau: Bureau, id: string): Promise<void> {
  const look = await run(bureau, 'supervisor', 'sign-list', 'dock_pass.released', id)
  const [, sha256] = /--list (\w+)/.exec(look.out)!
  await run(bureau, 'supervisor', 'sign-list', 'dock_pass.released', id, '--list', sha256!)
}

t.test('a card or code makes its person known at a dock once a second person has released it', async (t) => {
  const { bureau, administrator, supervisor, identify } = await openStation(t)
  const { world, people } = bureau
  const dock = await registerTestDock(world)
  const serial = 'ZJ00012'
  const give = (pass: object) => administrator.call('POST', '/dock-passes', { personId: people.officer.id, ...pass })
  const card = await give({ means: 'card', card: ' 0004829113 ' })
  t.match(card, { status: 201, body: { code: null } })
  t.match(await give({ means: 'card', card: '0004829114' }), {
    status: 409,
    body: { error: { message: /has a card already/ } },
  })
  const taken = { personId: people.officer2.id, means: 'card', card: '0004829113' }
  t.match(await administrator.call('POST', '/dock-passes', taken), {
    status: 409,
    body: { error: { message: /somebody’s already/ } },
  })
  const { id, code } = (await give({ means: 'code' })).body
  t.match(code, /^\d{6}$/)
  t.equal((await give({ personId: people.auditor.id, means: 'code' })).status, 400, 'for those who carry recorders')

  t.match(await identify(dock, { serial, card: '0004829113' }), { status: 403 }, 'not before it was released')
  t.match((await supervisor.call('GET', '/session')).body.notices, [
    { kind: 'dock_pass_waits' },
    { kind: 'dock_pass_waits' },
  ])
  const own = await administrator.call('POST', '/signatures/lists', {
    confirmed: true,
    items: [{ act: 'dock_pass.released', id, proposalId: id }],
  })
  t.equal(own.status, 403, 'whoever gives them out releases none')
  await release(bureau, card.body.id)
  await release(bureau, id)
  const known = { person: { id: people.officer.id, name: 'officer 同志' } }
  t.match(await identify(dock, { serial, card: '0004829113' }), { status: 200, body: { ...known, grade: 'card' } })
  t.match(await identify(dock, { serial, code }), { status: 200, body: { ...known, grade: 'code' } })
  t.match(await identify(dock, { serial, card: code }), { status: 403 }, 'a code is no card')
  t.match(await identify(dock, { serial: 'ZJ99999', code }), { status: 404 })
  t.equal((await identify(dock, { serial, code: '12345' })).status, 400)
  const stored = await world.db.selectFrom('dock_pass').selectAll().execute()
  t.notOk(JSON.stringify(stored).includes('0004829113'), 'no number is stored')
  const events = JSON.stringify(await world.db.selectFrom('event').select('body').execute())
  t.notOk(events.includes('0004829113') || events.includes(`"${code}"`), 'nor told by an event')

  const back = await administrator.call('POST', `/dock-passes/${id}/taking-back`, { reason: '调离' })
  t.equal(back.status, 204)
  t.match(await identify(dock, { serial, code }), { status: 403 })
  t.same(await foundBesidesDocks(bureau), [])
})

t.test(
  'five wrong tries for a device within a quarter of an hour are enough, each an event with its count',
  async (t) => {
    const { bureau, administrator, supervisor, officer, identify } = await openStation(t)
    const { world, people } = bureau
    const [dock, another] = [await registerTestDock(world), await registerTestDock(world)]
    const pass = { personId: people.officer.id, means: 'card', card: '0004829113' }
    const { id } = (await administrator.call('POST', '/dock-passes', pass)).body
    await release(bureau, id)
    const right = { serial: 'ZJ00012', card: '0004829113' }
    const wrong = { serial: 'ZJ00012', card: '0000000000' }
    const again = world.clock.stop()
    const statuses: number[] = []
    for (let time = 0; time < 4; time += 1) statuses.push((await identify(dock, wrong)).status)
    t.same(statuses, [403, 403, 403, 403])
    again()
    t.equal((await identify(dock, right)).status, 200)
    t.equal((await identify(dock, wrong)).status, 429, 'a right one forgives none')
    t.equal((await identify(dock, right)).status, 429, 'nobody is asked any more')
    t.equal((await identify(dock, { ...right, serial: 'ZJ00031' })).status, 200, 'for that device')
    t.equal((await identify(another, right)).status, 200, 'at that dock')
    const refused = await bureau.eventsOf('identity.refused')
    t.same(
      refused.map(({ details }) => details.count),
      [1, 2, 3, 4, 5],
    )
    t.ok(refused.at(-1)!.details.lockedUntil)
    for (const who of [administrator, supervisor]) {
      const told = (await who.call('GET', '/session')).body.notices
      t.match(
        told.filter(({ kind }: { kind: string }) => kind === 'dock_wrong_try'),
        [{ text: { zh: /ZJ00012出示的工作卡或采集站码不符，当日5次/ } }],
      )
    }
    t.notOk(JSON.stringify((await officer.call('GET', '/session')).body.notices).includes('dock_wrong_try'))
    world.clock.advance(16 * minuteMs)
    t.equal((await identify(dock, right)).status, 200, 'after a quarter of an hour')

    // Each device for itself stays below its own limit.
    for (let time = 0; time < 30; time += 1) {
      if (time % 4 === 0) await administrator.call('POST', '/devices', { serial: `ZJ1${time}`, kind: 'recorder' })
      await identify(another, { ...wrong, serial: `ZJ1${time - (time % 4)}` })
    }
    t.equal((await identify(another, right)).status, 429, 'a dock that tries on and on is asked no more')

    // Codes: few enough for each device and each quarter of an hour, and too many for a day.
    const guessing = await registerTestDock(world)
    const guess = { serial: 'ZJ00012', code: '000000' }
    const code = (await administrator.call('POST', '/dock-passes', { personId: people.officer.id, means: 'code' })).body
    await release(bureau, code.id)
    const rightCode = { serial: 'ZJ00012', code: code.code }
    // The next day: the day must not end among the tries.
    world.clock.advance(24 * 60 * minuteMs - ((world.clock.now().getTime() + 8 * 60 * minuteMs) % (24 * 60 * minuteMs)))
    const tried: number[] = []
    for (let time = 0; time < 20; time += 1) {
      if (time % 4 === 0) world.clock.advance(16 * minuteMs)
      tried.push((await identify(guessing, guess)).status)
    }
    t.same(tried, [...Array(19).fill(403), 423])
    world.clock.advance(16 * minuteMs)
    t.match(await identify(guessing, rightCode), { status: 423 }, 'also the right one')
    t.equal((await identify(guessing, right)).status, 200, 'a card counts')
    t.equal((await identify(another, rightCode)).status, 200, 'at another dock')
    t.ok((await bureau.eventsOf('identity.refused')).at(-1)!.details.codesClosedUntil)
    const { supervisor: later } = await signInAs(bureau, 'supervisor')
    const closed = async (who: typeof supervisor) =>
      (await who.call('GET', '/session')).body.notices.filter(
        ({ kind }: { kind: string }) => kind === 'dock_codes_closed',
      )
    t.match(await closed(later), [{ waits: true, text: { zh: /今日只认工作卡/ } }])
    const lift = (who: 'supervisor' | 'officer') =>
      run(bureau, who, 'dock', 'lift-code-limit', guessing.id, '--reason', '练习输码')
    t.match(await lift('officer'), { code: 2 })
    t.match(await lift('supervisor'), { code: 0, out: '已恢复，该采集站可以输码' })
    t.match(await lift('supervisor'), { code: 2, err: /takes dock codes/ })
    t.same(await closed(later), [])
    t.equal((await identify(guessing, rightCode)).status, 200)
    t.same(await foundBesidesDocks(bureau), [])
  },
)

t.test('a card counts for what is said of that device’s hand-in at that dock, and for nothing else', async (t) => {
  const { bureau, administrator, officer, identify } = await openStation(t)
  const { world, people } = bureau
  const dock = await registerTestDock(world)
  const pass = { personId: people.officer.id, means: 'card', card: '0004829113' }
  await release(bureau, (await administrator.call('POST', '/dock-passes', pass)).body.id)
  const [own, another] = [
    await dockDevice(world, { serial: 'ZJ00012', dock }),
    await dockDevice(world, { serial: 'ZJ00031', dock }),
  ]
  const later = await dockDevice(world, { serial: 'ZJ00012', dock })
  const shown = { serial: 'ZJ00012', card: '0004829113' }
  t.equal((await identify(dock, { ...shown, handInId: another.handInId })).status, 404, 'of another device')
  t.equal((await identify(dock, { ...shown, handInId: own.handInId })).status, 200)
  const [event] = await bureau.eventsOf('identity.shown')
  t.match(event, { details: { means: 'card' }, actorRole: 'dock' })
  const explain = async (handInId: string, dockGapId: string) => {
    await findGap(world, { handInId, dock }, { dockGapId })
    const by = { personId: people.officer.id, grade: 'card' } as const
    const said = {
      handInId,
      messageId: dockGapId,
      dockGapId,
      reason: 'battery',
      words: null,
      by,
      saidAt: '2026-11-28T18:00:00+08:00',
    } as const
    await explainAtDock(world.dbFor('ingest'), world.clock, { id: dock.id, role: 'dock' }, said)
  }
  for (const { handInId } of [own, another, later]) await explain(handInId, 'gap-1')
  world.clock.advance(15 * minuteMs)
  await explain(own.handInId, 'gap-2')
  const rows = await world.db
    .selectFrom('gap_explanation')
    .innerJoin('gap', 'gap.id', 'gap_explanation.gap_id')
    .select(['gap.hand_in_id', 'identified', 'confirm_by'])
    .orderBy('given_at')
    .execute()
  t.match(rows, [
    { hand_in_id: own.handInId, identified: true, confirm_by: null },
    { hand_in_id: another.handInId, identified: false, confirm_by: Date },
    { hand_in_id: later.handInId, identified: false },
    { hand_in_id: own.handInId, identified: false },
  ])
  const notices = (await officer.call('GET', '/session')).body.notices.map(({ kind }: { kind: string }) => kind)
  t.equal(notices.filter((kind: string) => kind === 'gap_confirm').length, 3)
  t.same(await foundBesidesDocks(bureau), [], 'rows of what was shown are as their events tell')
  await world.asSuperuser((db) => db.updateTable('dock_identification').set({ means: 'code' }).execute())
  t.match(await foundBesidesDocks(bureau), [/row_differs dock_identification .*means is "code"/])
})

t.test('custody card, dock-code and roster', async (t) => {
  const bureau = await openBureau(t)
  const give = (...args: string[]) => run(bureau, 'administrator', ...args)
  t.match(await give('card', 'give', 'officer', '0004829113'), {
    code: 0,
    out: /^已发放，须由另一人复核启用：custody sign-list dock_pass.released [0-9a-f-]{36}$/,
  })
  const coded = await give('dock-code', 'give', 'officer')
  t.match(coded, { code: 0, out: /^采集站码 \d{6}（仅显示一次）；已发放/ })
  const [, id] = /dock_pass.released (\S+)$/.exec(coded.out)!
  t.match(await run(bureau, 'supervisor', 'sign-list', 'dock_pass.released', id!), {
    out: /^1 {2}officer 同志（officer）：采集站码；经办人administrator 同志/,
  })
  t.match(await give('dock-code', 'list'), {
    code: 0,
    out: new RegExp(`^${id} {2}officer 同志（officer） {2}待复核启用`),
  })
  t.match(await give('card', 'take', 'officer2', '--reason', '遗失'), { code: 2, err: /there is no card or code/ })
  t.match(await give('card', 'take', 'officer', '--reason', '遗失'), { code: 0, out: '工作卡已收回' })
  t.match(await give('card', 'list', '--lang', 'en'), { out: /taken back \d{4}/ })
  const file = `${t.testdir({ 'roster.csv': 'person,device,day,from,to\nofficer,,2026-12-01,08:30,17:30\n' })}/roster.csv`
  t.match(await run(bureau, 'supervisor', 'roster', 'enter', file, '--preview'), {
    code: 0,
    out: '预览：将登记 1 条，撤销 0 条，不变 0 条',
  })
  t.match(await run(bureau, 'supervisor', 'roster', 'enter', file), { out: '已登记 1 条，撤销 0 条，不变 0 条' })
  t.match(await run(bureau, 'supervisor', 'roster', 'enter', `${file}x`), { code: 2, err: /cannot be read/ })
})
