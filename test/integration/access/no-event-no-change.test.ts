import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import type { World } from '../../support/world.ts'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'

/** What may move without an event: leases, when a session was last used, and the sequencer's work on earlier events. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  checkpoint: ['*'],
  leaf: ['*'],
  link: ['*'],
  subject_secret: ['*'],
  tile: ['*'],
  event: ['leaf_index'],
  lease: ['*'],
  session: ['last_seen_at'],
  person: ['failed_sign_ins'],
}

t.test('promise 2: no act of a person changes a row when its event cannot be written', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const [officer, custodian, supervisor, administrator, auditor] = await Promise.all(
    [people.officer, people.custodian, people.supervisor, people.administrator, people.auditor].map((who) =>
      bureau.signIn(who),
    ),
  )
  const officerIds = [people.officer.id, people.officer2.id]
  const own = await addFootage(bureau, { officerId: people.officer.id })
  const party = await officer!.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opened = await officer!.call('POST', '/cases', {
    number: '综执检〔2026〕1号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds,
  })
  const viewing = await custodian!.call('POST', `/recordings/${own.recordingId}/viewings`, { purpose: '核查执法过程' })
  const asked = await custodian!.call('POST', `/cases/${opened.body.id}/packages`, {
    withFootage: true,
    purpose: '证明检查经过',
    recipient: { name: '法官', organisation: '法院' },
  })
  const setting = await custodian!.call('POST', '/settings/account.wait_working_days/proposals', {
    value: 4,
    source: '局务会纪要',
  })
  const dock = await administrator!.call('POST', '/docks', {
    name: '采集站',
    publicKey: randomBytes(32).toString('base64'),
  })
  for (const serial of ['ZJ09996', 'ZJ09997', 'ZJ09999']) {
    await administrator!.call('POST', '/devices', { serial, kind: 'recorder' })
  }
  const keeper = { holderId: people.officer.id, note: '领用' }
  await administrator!.call('POST', '/devices/ZJ09997/keeper', keeper)
  t.equal(viewing.status, 201)
  t.equal(dock.status, 201)

  const newcomers: { id: string; account: string; firstPassword: string; code: string | null }[] = []
  for (const account of ['fuhe', 'zhongzhi', 'qiyong', 'tingyong']) {
    const { body } = await administrator!.call('POST', '/people', { name: '新领导', role: 'supervisor', account })
    const release = account === 'fuhe' ? null : await auditor!.call('POST', `/people/${body.id}/release`)
    newcomers.push({ account, ...body, code: release?.body.code ?? null })
  }
  const [unreleased, waiting, released, leaving] = newcomers
  for (const { id } of [unreleased!, waiting!]) {
    await administrator!.call('POST', `/people/${id}/shutting`, { reason: '调离' })
  }
  const later = new Date(world.clock.now().getTime() + 3_600_000)
  await world.db
    .updateTable('account_opening')
    .set({ effective_from: later })
    .where('person_id', '=', waiting!.id)
    .execute()

  const spare = `/people/${people.supervisor.id}/spare`
  const sealed = { sealNumber: 'FT-0001', place: '保险柜', withPersonId: people.custodian.id }
  for (const [person, sealNumber] of [
    [people.legal_reviewer, 'FT-0002'],
    [people.deputy, 'FT-0003'],
    [people.custodian_waiting, 'FT-0004'],
  ] as const) {
    const path = `/people/${person.id}/spare`
    await auditor!.call('POST', path, { ...sealed, sealNumber })
    if (person === people.legal_reviewer) continue
    await custodian!.call('POST', `${path}/confirmation`, { sealNumber })
    if (person === people.deputy) continue
    await custodian!.call('POST', `${path}/opening-request`, { sealNumber, reason: '法制办外出' })
  }
  const third = {
    ...{ act: 'package.signed', subjectId: asked.body.id },
    ...{ name: '周敏', office: '区司法局', scanSha256: 'a'.repeat(64) },
  }
  const signedThird = await custodian!.call('POST', '/signatures/third', third)
  t.equal(signedThird.status, 201)

  const acts: [string, () => Promise<{ status: number }>][] = [
    [
      'sign in',
      () => bureau.call('POST', '/session', { account: people.auditor.account, password: people.auditor.password }),
    ],
    ['open a party', () => officer!.call('POST', '/parties', { kind: 'shop', name: '又一家' })],
    [
      'open a case',
      () =>
        officer!.call('POST', '/cases', {
          number: '综执检〔2026〕2号',
          kind: 'simple',
          title: '检查',
          partyId: party.body.id,
          departments: ['综合执法局'],
          officerIds,
        }),
    ],
    [
      'file a recording',
      () =>
        officer!.call('POST', `/recordings/${own.recordingId}/cases`, {
          caseId: opened.body.id,
          stage: 'investigation',
          officerIds,
        }),
    ],
    [
      'open a viewing',
      () => custodian!.call('POST', `/recordings/${own.recordingId}/viewings`, { purpose: '再次核查' }),
    ],
    [
      'renew a viewing',
      () => custodian!.call('POST', `/viewings/${viewing.body.viewingId}/renewals`, { positionMs: 6000 }),
    ],
    [
      'ask for a package',
      () =>
        custodian!.call('POST', `/cases/${opened.body.id}/packages`, { withFootage: false, purpose: '证明检查经过' }),
    ],
    [
      'sign a package',
      () => supervisor!.call('POST', `/packages/${asked.body.id}/decision`, { approve: true, reason: '同意' }),
    ],
    [
      'propose a setting',
      () => custodian!.call('POST', '/settings/account.new_days/proposals', { value: 45, source: '局务会纪要' }),
    ],
    [
      'decide on a setting',
      () =>
        supervisor!.call('POST', `/settings/account.wait_working_days/proposals/${setting.body.id}/decision`, {
          accept: true,
        }),
    ],
    [
      'name a deputy',
      () =>
        supervisor!.call('POST', '/deputyships', {
          deputyId: people.deputy.id,
          reason: '外出学习',
          endsAt: new Date(world.clock.now().getTime() + 24 * 60 * 60_000).toISOString(),
        }),
    ],
    ['seal a spare code', () => auditor!.call('POST', spare, sealed)],
    [
      'confirm a spare code',
      () =>
        custodian!.call('POST', `/people/${people.legal_reviewer.id}/spare/confirmation`, { sealNumber: 'FT-0002' }),
    ],
    [
      'ask that an envelope be opened',
      () =>
        auditor!.call('POST', `/people/${people.deputy.id}/spare/opening-request`, {
          sealNumber: 'FT-0003',
          reason: '分管领导外出',
        }),
    ],
    [
      'open an envelope',
      () =>
        administrator!.call('POST', `/people/${people.custodian_waiting.id}/spare/opening`, { sealNumber: 'FT-0004' }),
    ],
    ['add a third signature', () => custodian!.call('POST', '/signatures/third', third)],
    [
      'confirm a third signature',
      () => auditor!.call('POST', `/signatures/third/${signedThird.body.id}/decision`, { confirm: true }),
    ],
    ['order a time-stamp', () => custodian!.call('POST', '/ledger/timestamps')],
    ['end a viewing', () => custodian!.call('DELETE', `/viewings/${viewing.body.viewingId}`)],
    [
      'propose a hand-over',
      () =>
        supervisor!.call('POST', '/custodian/handovers', {
          toPersonId: people.custodian_waiting.id,
          reason: '岗位调整',
          absent: false,
        }),
    ],
    [
      'create a person',
      () => administrator!.call('POST', '/people', { name: '新人', role: 'officer', account: 'xinren' }),
    ],
    [
      'disable a person',
      () => administrator!.call('POST', `/people/${people.legal_reviewer.id}/disable`, { reason: '离职' }),
    ],
    ['release an account', () => auditor!.call('POST', `/people/${unreleased!.id}/release`)],
    ['release an account for the other office too', () => supervisor!.call('POST', `/people/${released!.id}/release`)],
    ['stop a release', () => custodian!.call('POST', `/people/${waiting!.id}/release/stop`, { reason: '本人不知情' })],
    [
      'open an account with both secrets',
      () => {
        const { account, firstPassword: password, code } = released!
        return bureau.call('POST', '/session', { account, password, code })
      },
    ],
    [
      'ask for the shutting of an account',
      () => administrator!.call('POST', `/people/${leaving!.id}/shutting`, { reason: '调离' }),
    ],
    [
      'refuse to shut an account',
      () => auditor!.call('POST', `/people/${waiting!.id}/shutting/decision`, { confirm: false, reason: '仍在岗' }),
    ],
    [
      'shut an account as second person',
      () => auditor!.call('POST', `/people/${unreleased!.id}/shutting/decision`, { confirm: true, reason: '已核实' }),
    ],
    ['reset a password', () => administrator!.call('POST', `/people/${people.officer2.id}/password-reset`)],
    ['ask for another keeper of a device', () => administrator!.call('POST', '/devices/ZJ09996/keeper', keeper)],
    [
      'confirm that one keeps a device',
      () => officer!.call('POST', '/devices/ZJ09997/keeper/decision', { confirm: true }),
    ],
    ['register a device', () => administrator!.call('POST', '/devices', { serial: 'ZJ09998', kind: 'recorder' })],
    [
      'retire a device',
      () => administrator!.call('POST', '/devices/ZJ09999/state', { state: 'retired', note: '报废' }),
    ],
    [
      'register a dock',
      () => administrator!.call('POST', '/docks', { name: '二站', publicKey: randomBytes(32).toString('base64') }),
    ],
    ['release a dock', () => supervisor!.call('POST', `/docks/${dock.body.id}/release`)],
    ['revoke a dock', () => administrator!.call('POST', `/docks/${dock.body.id}/revoke`, { reason: '遗失' })],
    [
      'change a password',
      () => officer!.call('PUT', '/session/password', { old: people.officer.password, new: 'another-long-password' }),
    ],
    ['sign out', () => supervisor!.call('DELETE', '/session')],
  ]

  await forbidEvents(world, true)
  for (const [name, act] of acts) {
    const before = await everyRow(world)
    const { status } = await act()
    t.ok(status >= 500, `${name}: without its event it fails (${status})`)
    t.same(await everyRow(world), before, `${name}: and nothing has changed`)
  }
  await forbidEvents(world, false)
  for (const [name, act] of acts) {
    const before = await everyRow(world)
    const { status } = await act()
    t.ok(status >= 200 && status < 300, `${name}: with its event it succeeds (${status})`)
    t.notSame(await everyRow(world), before, `${name}: and something has changed`)
  }
})

/** Makes the database refuse every new event, as a full disk or a missing right would. */
async function forbidEvents(world: World, forbidden: boolean): Promise<void> {
  await world.asSuperuser(async (db) => {
    await sql`create or replace function forbid_event() returns trigger language plpgsql as
      $$ begin raise exception 'no event can be written'; end $$`.execute(db)
    if (forbidden) {
      await sql`create trigger forbid_event before insert on event for each row execute function forbid_event()`.execute(
        db,
      )
    } else {
      await sql`drop trigger forbid_event on event`.execute(db)
    }
  })
}

/** Every row of every table, without what may move on its own. */
async function everyRow(world: World): Promise<Record<string, string[]>> {
  return world.asSuperuser(async (db) => {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db)
    const found: Record<string, string[]> = {}
    for (const { name } of tables) {
      const left = exempt[name] ?? []
      if (left.includes('*')) continue
      const { rows } = await sql<{ row: string }>`
        select (to_jsonb(t) - ${left}::text[])::text as row from ${sql.table(name)} t order by 1`.execute(db)
      found[name] = rows.map(({ row }) => row)
    }
    return found
  })
}
