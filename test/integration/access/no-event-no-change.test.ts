import { randomBytes } from 'node:crypto'
import t from 'tap'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { type Act, checkActs } from './without-events.ts'

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
  // However long the acts before it take, it is not over by itself.
  await world.db.updateTable('viewing').set({ lease_until: later }).execute()
  await world.db
    .updateTable('account_opening')
    .set({ effective_from: later })
    .where('person_id', '=', waiting!.id)
    .execute()

  const acts: Act[] = [
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
    ['end a viewing', () => custodian!.call('DELETE', `/viewings/${viewing.body.viewingId}`)],
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
    ['order a time-stamp', () => custodian!.call('POST', '/ledger/timestamps')],
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

  await checkActs(t, world, acts)
})
