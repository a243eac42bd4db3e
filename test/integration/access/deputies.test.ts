import { sql } from 'kysely'
import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { lockOfficeAccounts } from '../../../services/custody/roles/office-accounts.ts'
import { settled } from '../fsck/tampered-world.ts'
import { openAccount } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { waiting } from './held.ts'

const dayMs = 24 * 60 * 60_000
const reason = '外出学习'

/** A time from now, as a request names it. */
function inDays(bureau: Bureau, days: number): string {
  return new Date(bureau.world.clock.now().getTime() + days * dayMs).toISOString()
}

async function openOffice(bureau: Bureau): Promise<Record<'supervisor' | 'auditor' | 'deputy', Session>> {
  const { supervisor, auditor, deputy } = bureau.people
  return {
    supervisor: await bureau.signIn(supervisor),
    auditor: await bureau.signIn(auditor),
    deputy: await bureau.signIn(deputy),
  }
}

/** A deputyship that is in force now. */
async function appoint(bureau: Bureau, office: Awaited<ReturnType<typeof openOffice>>): Promise<string> {
  const asked = { deputyId: bureau.people.deputy.id, reason, endsAt: inDays(bureau, 10) }
  const named = await office.supervisor.call('POST', '/deputyships', asked)
  t.equal(named.status, 201)
  const { id } = named.body
  t.equal((await office.auditor.call('POST', `/deputyships/${id}/decision`, { approve: true })).status, 200)
  return id
}

t.test('a deputy acts for the time that was named and signed, and every act says for whom', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world, people } = bureau
  const { supervisor, auditor, deputy } = await openOffice(bureau)
  const asked = {
    deputyId: people.deputy.id,
    reason,
    startsAt: inDays(bureau, 0.01),
    endsAt: inDays(bureau, 0.2),
  }
  const acting = async () => (await deputy.call('GET', '/session')).body.actingRole
  const named = await supervisor.call('POST', '/deputyships', asked)
  t.equal(named.status, 201)
  t.equal(await acting(), 'deputy')
  const decision = `/deputyships/${named.body.id}/decision`
  t.equal((await supervisor.call('POST', decision, { approve: true })).status, 403, 'an auditor signs')
  t.match(await auditor.call('POST', decision, { approve: true }), { status: 200, body: { state: 'signed' } })
  t.equal((await auditor.call('POST', decision, { approve: false, reason })).status, 409, 'once')
  t.equal(await acting(), 'deputy', 'its time has not come')
  t.equal((await deputy.call('GET', '/custodian')).status, 403)
  world.clock.advance(0.011 * dayMs)
  const { body: session } = await deputy.call('GET', '/session')
  t.match(session, { person: { role: 'deputy' }, actingRole: 'supervisor', onBehalfOf: { id: people.supervisor.id } })

  const key = 'account.new_days'
  const custodian = await bureau.signIn(people.custodian)
  const { body: proposal } = await custodian.call('POST', `/settings/${key}/proposals`, {
    value: 45,
    source: '会议纪要',
  })
  const decided = await deputy.call('POST', `/settings/${key}/proposals/${proposal.id}/decision`, { accept: true })
  t.equal(decided.status, 200)
  const bodies = await world.db.selectFrom('event').where('kind', '=', 'setting.changed').select('body').execute()
  t.match(JSON.parse(bodies[0]!.body), {
    actor: people.deputy.id,
    actorRole: 'supervisor',
    onBehalfOf: people.supervisor.id,
    details: { statement: { person: people.deputy.id, role: 'supervisor' } },
  })
  // A refusal says it, too; what he does for his own account is his own.
  t.equal((await deputy.call('POST', '/people', {})).status, 403)
  const refused = await world.db
    .selectFrom('event')
    .where('kind', '=', 'access.refused')
    .select('body')
    .orderBy('id')
    .execute()
  t.match(JSON.parse(refused.at(-1)!.body), { actor: people.deputy.id, onBehalfOf: people.supervisor.id })
  const another = await bureau.signIn(people.deputy)
  t.equal((await another.call('DELETE', '/session')).status, 204)
  t.match((await bureau.eventsOf('session.ended')).at(-1), { actor: people.deputy.id, actorRole: 'deputy' })

  const late = await bureau.signIn(people.deputy)
  world.clock.advance(0.2 * dayMs)
  t.match((await late.call('GET', '/session')).status, 401)
  const after = await bureau.signIn(people.deputy)
  t.match((await after.call('GET', '/session')).body, { actingRole: 'deputy', onBehalfOf: null })
})

t.test('a deputy and his supervisor are one person where an act needs two', async (t) => {
  const bureau = await openBureau(t)
  const office = await openOffice(bureau)
  const { supervisor, auditor, deputy } = office
  await appoint(bureau, office)
  const path = '/settings/account.new_days/proposals'
  for (const [proposer, decider] of [
    [supervisor, deputy],
    [deputy, supervisor],
  ] as const) {
    const { body } = await proposer.call('POST', path, { value: 45, source: '会议纪要' })
    const decision = `${path}/${body.id}/decision`
    const refused = await decider.call('POST', decision, { accept: true })
    t.match([refused.status, refused.body.error.message], [409, /count as one person: somebody of another office/])
    t.equal((await auditor.call('POST', decision, { accept: false, reason: '不同意' })).status, 200)
  }
  const asked = { deputyId: bureau.people.deputy.id, reason, endsAt: inDays(bureau, 1) }
  const own = await deputy.call('POST', '/deputyships', asked)
  t.match([own.status, own.body.error.message], [409, /a deputy names no deputy/])
})

t.test('a package that a deputy signed says by whose commission', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const office = await openOffice(bureau)
  await appoint(bureau, office)
  const officer = await bureau.signIn(people.officer)
  const custodian = await bureau.signIn(people.custodian)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const { body: caseFile } = await officer.call('POST', '/cases', {
    number: '综执检〔2026〕8号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [people.officer.id, people.officer2.id],
  })
  const { body: asked } = await custodian.call('POST', `/cases/${caseFile.id}/packages`, {
    withFootage: true,
    purpose: '证明检查经过',
    recipient: { name: '法官', organisation: '法院' },
  })
  const decision = { approve: true, reason: '同意' }
  t.equal((await office.deputy.call('POST', `/packages/${asked.id}/decision`, decision)).status, 200)
  const listed = await custodian.call('GET', `/packages/${asked.id}`)
  t.match(listed.body, {
    decidedBy: { id: people.deputy.id },
    decidedOnBehalfOf: { id: people.supervisor.id, name: 'supervisor 同志' },
  })
})

t.test('who may be named, for how long, and who ends it', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const office = await openOffice(bureau)
  const { supervisor, auditor, deputy } = office
  const deputyId = people.deputy.id
  const refused: [object, number, RegExp][] = [
    [{ deputyId, endsAt: inDays(bureau, 90.01) }, 400, /90 days at most/],
    [{ deputyId, startsAt: inDays(bureau, -1), endsAt: inDays(bureau, 1) }, 400, /named beforehand/],
    [{ deputyId, startsAt: inDays(bureau, 2), endsAt: inDays(bureau, 1) }, 400, /later than the beginning/],
    [{ deputyId, endsAt: 'soon' }, 400, /endsAt: a day .* is expected/],
    [{ deputyId: people.auditor.id, endsAt: inDays(bureau, 1) }, 409, /only an open account of the role deputy/],
    [{ deputyId: people.supervisor.id, endsAt: inDays(bureau, 1) }, 409, /only an open account of the role deputy/],
  ]
  for (const [asked, status, message] of refused) {
    const answer = await supervisor.call('POST', '/deputyships', { reason, ...asked })
    t.match([answer.status, answer.body.error.message], [status, message])
  }
  const first = await appoint(bureau, office)
  const overlapping = await supervisor.call('POST', '/deputyships', { deputyId, reason, endsAt: inDays(bureau, 1) })
  t.match([overlapping.status, overlapping.body.error.message], [409, /covers .* already/])
  const acting = async () => (await deputy.call('GET', '/session')).body.actingRole
  t.equal(await acting(), 'supervisor')
  t.equal((await deputy.call('POST', `/deputyships/${first}/end`, { reason })).status, 409, 'not his to end')
  t.equal((await auditor.call('POST', `/deputyships/${first}/end`, { reason: '提前返岗' })).status, 204)
  t.equal(await acting(), 'deputy', 'at once')
  t.equal((await auditor.call('POST', `/deputyships/${first}/end`, { reason })).status, 409)

  const second = await appoint(bureau, office)
  t.equal((await supervisor.call('POST', `/deputyships/${second}/end`, { reason: '提前返岗' })).status, 204)
  const { body: third } = await supervisor.call('POST', '/deputyships', { deputyId, reason, endsAt: inDays(bureau, 1) })
  const decision = `/deputyships/${third.id}/decision`
  const silent = await auditor.call('POST', decision, { approve: false })
  t.match([silent.status, silent.body.error.message], [400, /say why/])
  t.equal((await auditor.call('POST', decision, { approve: false, reason: '理由不足' })).status, 200)
  t.equal(await acting(), 'deputy')
  const { deputyships } = (await auditor.call('GET', '/deputyships')).body
  t.same(
    deputyships.map(({ state }: { state: string }) => state),
    ['refused', 'ended', 'ended'],
  )
  const [named] = await bureau.eventsOf('deputyship.named')
  t.same(named?.subjects, [
    `person:${deputyId}`,
    `person:${people.supervisor.id}`,
    `account:${deputyId}`,
    `account:${people.supervisor.id}`,
  ])

  // A commission does not outlive the account of whoever gave it.
  await appoint(bureau, office)
  t.equal(await acting(), 'supervisor')
  const now = bureau.world.clock.now()
  await bureau.world.db.updateTable('person').set({ disabled_at: now }).where('id', '=', people.supervisor.id).execute()
  t.equal(await acting(), 'deputy')
})

t.test('a deputyship that was made or lengthened past the rules is found by fsck', async (t) => {
  const bureau = await openBureau(t)
  const { world, log } = bureau
  const id = await appoint(bureau, await openOffice(bureau))
  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const findings = async () => {
    const found = await fsck({ db: world.db, stores: null, ...keys })
    return found.map(({ check, subject }) => `${check} ${subject}`)
  }
  t.same(await findings(), [])
  const row = `deputyship ${bureau.people.deputy.id}/${id}`
  await sql`update deputyship set ends_at = ends_at + interval '1 day'`.execute(world.db)
  t.same(await findings(), [`rows.row_differs ${row}`])
  await sql`update deputyship set ends_at = ends_at - interval '1 day'`.execute(world.db)
  t.same(await findings(), [])
  await sql`update deputyship set id = gen_random_uuid()`.execute(world.db)
  t.match(await findings(), [`rows.row_missing ${row}`, /^rows\.row_without_event deputyship/])
})

t.test('the account of a deputy is released by an auditor', async (t) => {
  const bureau = await openBureau(t)
  const administrator = await bureau.signIn(bureau.people.administrator)
  const supervisor = await bureau.signIn(bureau.people.supervisor)
  const auditor = await bureau.signIn(bureau.people.auditor)
  const person = { name: '新受托人', role: 'deputy', account: 'shoutuo' }
  const { body } = await administrator.call('POST', '/people', person)
  const refused = await supervisor.call('POST', `/people/${body.id}/release`)
  t.match(
    [refused.status, refused.body.error.message],
    [409, /an account of the role deputy is released by an auditor/],
  )
  t.equal((await auditor.call('POST', `/people/${body.id}/release`)).status, 200)
})

t.test(
  'a deputy is named after the offices are held: nobody who releases or shuts his account waits in a circle',
  async (t) => {
    const bureau = await openBureau(t)
    const { world, people } = bureau
    const by = { maker: await bureau.signIn(people.administrator), releaser: await bureau.signIn(people.auditor) }
    // Made after the deputy: in the order of their ids the deputy's account would be locked first.
    const supervisor = await bureau.signIn(
      await openAccount(bureau, by, { role: 'supervisor', account: 'supervisor2' }),
    )
    const asked = { deputyId: people.deputy.id, reason, endsAt: inDays(bureau, 1) }
    const naming = await world.db.transaction().execute(async (trx) => {
      await lockOfficeAccounts(trx)
      const answer = supervisor.call('POST', '/deputyships', asked)
      await world.until(async () => (await waiting(world)) === 1)
      await trx.selectFrom('person').where('id', '=', people.deputy.id).select('id').forUpdate().noWait().execute()
      return { answer }
    })
    t.equal((await naming.answer).status, 201)
  },
)
