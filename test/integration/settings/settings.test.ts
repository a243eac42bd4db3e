import { sql } from 'kysely'
import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { settingValue } from '../../../services/custody/settings/value.ts'
import { type Answer, type Bureau, openBureau, type Session } from '../access/bureau.ts'
import { settled } from '../fsck/tampered-world.ts'

const key = 'account.new_days'
const path = `/settings/${key}/proposals`
const source = '局务会 2026 年第 9 次会议纪要'

async function sessions(bureau: Bureau): Promise<Record<'supervisor' | 'auditor' | 'custodian', Session>> {
  const { supervisor, auditor, custodian } = bureau.people
  return {
    supervisor: await bureau.signIn(supervisor),
    auditor: await bureau.signIn(auditor),
    custodian: await bureau.signIn(custodian),
  }
}

function settingIn(answer: Answer) {
  return answer.body.settings.find((one: { key: string }) => one.key === key)
}

t.test('one proposes, another decides, and the value holds from its time on, not a moment sooner', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { supervisor, auditor, custodian } = await sessions(bureau)
  const validFrom = new Date(world.clock.now().getTime() + 60 * 60_000)
  const proposal = { value: 45, source, validFrom: validFrom.toISOString() }

  const preview = await custodian.call('POST', `${path}?preview=true`, proposal)
  t.equal(preview.status, 200)
  t.match(preview.body.effect[0].zh, /由 30 改为 45/)
  t.same(await bureau.eventsOf('setting.proposed'), [], 'a preview changes nothing')

  const proposed = await custodian.call('POST', path, proposal)
  t.equal(proposed.status, 201)
  t.match(proposed.body.effect, preview.body.effect)
  const again = await auditor.call('POST', path, { value: 60, source })
  t.match([again.status, again.body.error.message], [409, /a proposal is open already/])
  const open = settingIn(await auditor.call('GET', '/settings'))
  t.match(open, { value: 30, standard: 30, current: null, coming: [] })
  t.match(open.open, { id: proposed.body.id, value: 45, source, proposedBy: { id: people.custodian.id } })
  t.match(open.open.effect[0].en, /is 45 instead of 30/)

  const decision = `${path}/${proposed.body.id}/decision`
  t.equal((await custodian.call('POST', decision, { accept: true })).status, 403)
  t.match(await auditor.call('POST', decision, { accept: true }), { status: 200, body: { state: 'accepted' } })
  t.equal((await supervisor.call('POST', decision, { accept: false, reason: '不同意' })).status, 409, 'decided once')

  t.equal(await settingValue(world.db, key, new Date(validFrom.getTime() - 1)), 30)
  t.equal(await settingValue(world.db, key, validFrom), 45)
  t.match(settingIn(await supervisor.call('GET', '/settings')), {
    value: 30,
    coming: [{ value: 45, decidedBy: { id: people.auditor.id } }],
  })
  world.clock.advance(60 * 60_000 + 1)
  const later = await bureau.signIn(people.supervisor)
  t.match(settingIn(await later.call('GET', '/settings')), { value: 45, current: { source }, coming: [], open: null })

  const [changed] = await bureau.eventsOf('setting.changed')
  t.match(changed, { actor: people.auditor.id, subjects: [`setting:${key}`] })
  t.match(changed?.details, { value: '45', before: '30', source, proposedBy: people.custodian.id })
  t.match(changed?.details.statement, { act: 'setting.changed', object: `setting:${key}`, role: 'auditor' })
})

t.test('what cannot be a value, and who cannot decide, is refused with a sentence', async (t) => {
  const bureau = await openBureau(t)
  const { supervisor, auditor, custodian } = await sessions(bureau)
  const refused: [string, object, RegExp][] = [
    [path, { value: 0, source }, /account\.new_days: the value must be >= 1; 0 was given/],
    [path, { value: 366, source }, /must be <= 365/],
    [path, { value: '30', source }, /must be integer/],
    [path, { value: null, source }, /must be integer/],
    [path, { value: 30, source }, /its value .* already: nothing would change/],
    [path, { value: 40, source, validFrom: '2026-01-01T00:00:00Z' }, /validFrom .* is over.*never changes the past/],
    [path, { value: 40, source, validFrom: 'tomorrow' }, /validFrom: a day .* is expected/],
    [path, { value: 40, source: ' ' }, /source/],
    ['/settings/calendar.days/proposals', { value: [{ day: '2026-02-30', isWorkingDay: false }], source }, /no day/],
    [
      '/settings/calendar.days/proposals',
      { value: Array(2).fill({ day: '2026-10-01', isWorkingDay: false }), source },
      /2026-10-01 is listed twice/,
    ],
    ['/settings/calendar.days/proposals', { value: [{ day: '2026-10-01' }], source }, /at \/0 must have required/],
  ]
  for (const [where, body, message] of refused) {
    for (const preview of ['', '?preview=true']) {
      const answer = await supervisor.call('POST', where + preview, body)
      t.match([answer.status, answer.body.error.message], [400, message], JSON.stringify(body))
    }
  }
  const unknown = await supervisor.call('POST', '/settings/no.such/proposals', { value: 1, source })
  t.match([unknown.status, unknown.body.error.message], [404, /there is no setting no\.such/])
  t.same(await bureau.eventsOf('setting.proposed'), [], 'nothing of it is written')

  const { body } = await auditor.call('POST', path, { value: 40, source })
  const decision = `${path}/${body.id}/decision`
  const own = await auditor.call('POST', decision, { accept: true })
  t.match([own.status, own.body.error.message], [409, /nobody decides on his own proposal/])
  const silent = await supervisor.call('POST', decision, { accept: false })
  t.match([silent.status, silent.body.error.message], [400, /say why/])
  t.equal((await supervisor.call('DELETE', `${path}/${body.id}`)).status, 409, 'another’s is refused, not withdrawn')
  t.equal((await auditor.call('DELETE', `${path}/${body.id}`)).status, 204)
  t.equal((await auditor.call('DELETE', `${path}/${body.id}`)).status, 409)

  const second = await custodian.call('POST', path, { value: 40, source })
  const refusal = { accept: false, reason: '依据不足' }
  t.match(await supervisor.call('POST', `${path}/${second.body.id}/decision`, refusal), { body: { state: 'refused' } })
  t.equal(await settingValue(bureau.world.db, key, bureau.world.clock.now()), 30)
  const { versions } = (await custodian.call('GET', `/settings/${key}/history`)).body
  t.match(versions, [{ state: 'refused' }, { state: 'withdrawn' }])
  t.equal(versions.length, 2)
})

t.test('of two who propose or decide at once, one does', async (t) => {
  const bureau = await openBureau(t)
  const { supervisor, auditor, custodian } = await sessions(bureau)
  const proposals = await Promise.all([
    custodian.call('POST', path, { value: 40, source }),
    auditor.call('POST', path, { value: 50, source }),
  ])
  t.same(proposals.map(({ status }) => status).sort(), [201, 409])
  const other = '/settings/account.secret_working_days/proposals'
  const { body } = await custodian.call('POST', other, { value: 7, source })
  const decision = `${other}/${body.id}/decision`
  const decisions = await Promise.all([
    supervisor.call('POST', decision, { accept: true }),
    auditor.call('POST', decision, { accept: false, reason: '不同意' }),
  ])
  t.same(decisions.map(({ status }) => status).sort(), [200, 409])
})

t.test('a proposal that is accepted late holds from its acceptance', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world } = bureau
  const { supervisor, custodian } = await sessions(bureau)
  const { body } = await custodian.call('POST', path, { value: 40, source })
  world.clock.advance(10_000)
  const before = world.clock.now()
  const { body: accepted } = await supervisor.call('POST', `${path}/${body.id}/decision`, { accept: true })
  t.ok(Date.parse(accepted.validFrom) >= before.getTime())
  t.equal(await settingValue(world.db, key, before), 30)
  t.equal(await settingValue(world.db, key, new Date(accepted.validFrom)), 40)
})

t.test('a version that was changed, made or deleted past the rules is found by fsck', async (t) => {
  const bureau = await openBureau(t)
  const { world, log } = bureau
  const { supervisor, custodian } = await sessions(bureau)
  const { body } = await custodian.call('POST', path, { value: 40, source })
  await supervisor.call('POST', `${path}/${body.id}/decision`, { accept: true })
  await settled(world)
  const findings = async () =>
    (
      await fsck({
        db: world.db,
        stores: null,
        verifierKey: log.verifierKeys,
        vrfPublicKey: log.vrfPublicKey.toString('hex'),
      })
    ).filter(({ severity }) => severity === 'error')
  t.same(await findings(), [])
  const row = `setting_version ${key}/${body.id}`
  for (const change of [`value = '99'`, `source = 'x'`, `valid_from = valid_from + interval '1 day'`]) {
    await sql.raw(`update setting_version set ${change}`).execute(world.db)
    t.match(await findings(), [{ check: 'rows.row_differs', subject: row }], change)
    await sql
      .raw(`update setting_version set value = '40', source = '${source}', valid_from = (
        select (body::jsonb -> 'details' ->> 'validFrom')::timestamptz from event where kind = 'setting.changed')`)
      .execute(world.db)
    t.same(await findings(), [])
  }
  await sql`insert into setting_version select gen_random_uuid(), 'account.secret_working_days', '1', source, valid_from,
    proposed_by, proposed_at, state, decided_by, decided_at from setting_version`.execute(world.db)
  t.match(await findings(), [{ check: 'rows.row_without_event' }])
  await sql`delete from setting_version`.execute(world.db)
  t.match(await findings(), [{ check: 'rows.row_missing', subject: row }])
})
