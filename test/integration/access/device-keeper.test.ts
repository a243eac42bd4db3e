import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { leafDelayMs } from '../../../services/ledger/log/backlog.ts'
import { openAccount, signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { whileHeld } from './held.ts'

t.test('who keeps a device is not the administrator’s to say alone', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const [administrator, officer, other, supervisor, custodian] = await Promise.all(
    [people.administrator, people.officer, people.officer2, people.supervisor, people.custodian].map(bureau.signIn),
  )
  const path = '/devices/ZJ09001'
  const keeper = async () => {
    const { body } = await administrator!.call('GET', '/devices')
    return body.devices.find(({ serial }: { serial: string }) => serial === 'ZJ09001').holderId
  }
  const ask = (holderId: string | null) => administrator!.call('POST', `${path}/keeper`, { holderId, note: '领用' })
  const decide = (who: typeof officer, confirm: boolean) => who!.call('POST', `${path}/keeper/decision`, { confirm })
  const told = async (who: typeof officer) => {
    const { body } = await who!.call('GET', '/session')
    return body.notices.map(({ kind }: { kind: string }) => kind).includes('keeper_waits')
  }

  t.equal((await administrator!.call('POST', '/devices', { serial: 'ZJ09001', kind: 'recorder' })).status, 201)
  t.equal((await ask(people.officer.id)).status, 201)
  t.equal(await keeper(), null, 'nothing has changed yet')
  t.equal((await ask(people.officer2.id)).status, 409, 'one change at a time')
  t.equal((await decide(administrator, true)).status, 403)
  t.equal((await decide(custodian, true)).status, 403)
  t.equal((await decide(other, true)).status, 404, 'it is not his to confirm')
  t.ok(await told(officer))
  t.notOk(await told(other))
  t.equal((await decide(officer, true)).status, 204)
  t.equal(await keeper(), people.officer.id)
  t.equal((await decide(officer, true)).status, 404, 'it is done')
  t.notOk(await told(officer))

  t.equal((await ask(people.officer.id)).status, 409, 'he keeps it already')
  t.equal((await ask(people.custodian.id)).status, 400, 'a custodian carries no recorder')
  t.equal((await ask(people.officer2.id)).status, 201)
  t.equal((await decide(other, false)).status, 204)
  t.equal(await keeper(), people.officer.id, 'he did not take it')
  t.equal((await ask(null)).status, 201)
  t.equal((await decide(other, true)).status, 404)
  t.equal((await decide(supervisor, true)).status, 204, 'in the place of whoever gives it back')
  t.equal(await keeper(), null)

  const [confirmed] = await bureau.eventsOf('device.keeper_changed')
  t.match(confirmed, {
    actor: people.officer.id,
    subjects: ['device:ZJ09001', 'device-register:ZJ09001', `person:${people.officer.id}`],
    details: { fromPersonId: null, toPersonId: people.officer.id, statement: { act: 'device.keeper_changed' } },
  })
  await world.until(async () => (await leafDelayMs(world.db)) === 0)
  const found = async () =>
    (await fsck({ db: world.db, stores: null, verifierKey: bureau.log.verifierKeys }))
      .filter(({ subject }) => subject.includes('ZJ09001'))
      .map(({ check }) => check)
  t.same(await found(), [])
  await world.asSuperuser((db) =>
    db.updateTable('device').set({ holder_id: people.officer2.id }).where('serial', '=', 'ZJ09001').execute(),
  )
  t.same(await found(), ['rows.row_differs'], 'who writes into the register past the service is found')
})

t.test('a change that is signed by itself and in a list at once is signed once', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, officer, supervisor } = await signInAs(bureau, 'administrator', 'officer', 'supervisor')
  await administrator.call('POST', '/devices', { serial: 'ZJ09002', kind: 'recorder' })
  const asked = { holderId: bureau.people.officer.id, note: '领用' }
  const { id } = (await administrator.call('POST', '/devices/ZJ09002/keeper', asked)).body
  const items = [{ act: 'device.keeper_changed', id, proposalId: id }]
  const list = { confirmed: true, items }
  const { sha256 } = (await supervisor.call('POST', '/signatures/lists?preview=true', list)).body
  const { answers } = await whileHeld(
    bureau,
    (trx) => trx.selectFrom('device').where('serial', '=', 'ZJ09002').select('id').forUpdate().execute(),
    () => officer.call('POST', '/devices/ZJ09002/keeper/decision', { confirm: true }),
    () => supervisor.call('POST', '/signatures/lists', { ...list, sha256 }),
  )
  t.same(
    answers.map(({ status }) => status),
    [204, 404],
  )
  t.equal((await bureau.eventsOf('device.keeper_changed')).length, 1)
})

t.test('a new officer and whoever opened that account do not change a keeper alone', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor, custodian } = await signInAs(bureau, 'administrator', 'supervisor', 'custodian')
  const by = { maker: administrator, releaser: supervisor }
  const person = await openAccount(bureau, by, { role: 'officer', account: 'officer3' })
  const officer = await bureau.signIn(person)
  await administrator.call('POST', '/devices', { serial: 'ZJ09003', kind: 'recorder' })
  const path = '/devices/ZJ09003/keeper'
  const ask = (who: typeof officer) => who.call('POST', path, { holderId: person.id, note: '领用' })
  const decide = (who: typeof officer, confirm = true) => who.call('POST', `${path}/decision`, { confirm })
  const refusal = (message: RegExp) => ({ status: 409, body: { error: { message } } })

  const { id } = (await ask(supervisor)).body
  t.match(
    await decide(officer),
    refusal(/less than 30 days.*refused and asked for by an administrator: then a supervisor/),
  )
  const items = [{ act: 'device.keeper_changed', id, proposalId: id }]
  const list = { confirmed: true, items }
  const { sha256 } = (await officer.call('POST', '/signatures/lists?preview=true', list)).body
  t.match(await officer.call('POST', '/signatures/lists', { ...list, sha256 }), refusal(/less than 30 days/))
  t.same(await bureau.eventsOf('device.keeper_changed'), [])
  t.equal((await decide(officer, false)).status, 204, 'to refuse it takes no second person')

  t.equal((await ask(administrator)).status, 201)
  t.match(await decide(officer), refusal(/less than 30 days.*; a supervisor may confirm it in place of the person/))
  t.equal((await decide(supervisor)).status, 204, 'so the bureau still hands devices out')
  t.match((await bureau.eventsOf('device.keeper_changed')).at(-1)?.details, { toPersonId: person.id, third: undefined })

  const back = await administrator.call('POST', path, { holderId: null, note: '归还' })
  t.match(await decide(officer), refusal(/less than 30 days/), 'nor back to the unit')
  const paper = { name: '周敏', office: '区司法局', scanSha256: 'a'.repeat(64) }
  const third = { act: 'device.keeper_changed', subjectId: 'ZJ09003', matter: back.body.id, ...paper }
  t.equal((await custodian.call('POST', '/signatures/third', third)).status, 201)
  t.equal((await decide(officer)).status, 204)
  t.match((await bureau.eventsOf('device.keeper_changed')).at(-1)?.details, { toPersonId: null, third: paper })
})
