import { sql } from 'kysely'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { testTerminal } from '../../support/terminal.ts'
import { settled } from '../fsck/tampered-world.ts'
import { signInAs, useSecrets } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'

const sealNumber = 'FT-0017'
const place = '镇党政办保险柜'
const reason = '法制办外出学习'

/** An envelope for the supervisor's account, sealed by auditor and custodian. */
async function deposit(
  bureau: Bureau,
  by: { auditor: Session; custodian: Session },
  seal = sealNumber,
): Promise<string> {
  const path = `/people/${bureau.people.supervisor.id}/spare`
  const body = { sealNumber: seal, place, withPersonId: bureau.people.custodian.id }
  const sealed = await by.auditor.call('POST', path, body)
  t.match(sealed, { status: 201, body: { code: /^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/ } })
  t.equal((await by.custodian.call('POST', `${path}/confirmation`, { sealNumber: seal })).status, 204)
  return sealed.body.code
}

const lastRefusal = async (bureau: Bureau) => (await bureau.eventsOf('session.refused')).at(-1)?.details.reason

const conflict = (message: RegExp) => ({ status: 409, body: { error: { message } } })

t.test('while the auditor is away, two open the envelope, and the supervisor signs in at once', async (t) => {
  const bureau = await openBureau(t)
  const { people, world, log } = bureau
  const { administrator, auditor, custodian, custodian_waiting } = await signInAs(
    bureau,
    ...(['administrator', 'auditor', 'custodian', 'custodian_waiting'] as const),
  )
  const code = await deposit(bureau, { auditor, custodian })
  const path = `/people/${people.supervisor.id}/spare`
  const attempt = (password: string, given: string) =>
    bureau.call('POST', '/session', { account: 'supervisor', password, code: given })
  const reset = await administrator.call('POST', `/people/${people.supervisor.id}/password-reset`)
  t.equal(reset.status, 200)
  const { firstPassword } = reset.body

  t.equal((await attempt(firstPassword, code)).status, 401, 'in its envelope it opens nothing')
  t.equal(await lastRefusal(bureau), 'spare_not_opened')
  const asked = { sealNumber, reason }
  t.equal((await custodian.call('POST', `${path}/opening-request`, asked)).status, 204)
  t.equal((await attempt(firstPassword, code)).status, 401, 'nor when only one has opened it')
  t.match(await custodian.call('POST', `${path}/opening`, { sealNumber }), conflict(/by two different people/))
  t.match(
    await administrator.call('POST', `${path}/opening`, { sealNumber }),
    conflict(/whoever gave the first password, .* has no part in the envelope: administrator 同志 does/),
  )
  const opened = await custodian_waiting.call('POST', `${path}/opening`, { sealNumber })
  t.equal(opened.status, 200)
  t.equal((await attempt(firstPassword, 'AAAA-BBBB-CCCC-DDDD')).status, 401)
  t.equal(await lastRefusal(bureau), 'awaits_release')
  const back = await useSecrets(
    bureau,
    { ...people.supervisor, role: 'supervisor' },
    firstPassword,
    ` ${code.toLowerCase()} `,
  )
  t.equal((await attempt(firstPassword, code)).status, 401)

  const release = `/people/${people.supervisor.id}/release`
  t.match(await auditor.call('POST', release), conflict(/was opened with a spare code/), 'there is nothing to release')
  t.match(await custodian.call('POST', `${path}/opening-request`, asked), conflict(/is spent: its envelope was opened/))
  t.match((await bureau.eventsOf('spare.sealed')).at(-1), {
    actor: people.auditor.id,
    subjects: [`account:${people.supervisor.id}`, `person:${people.supervisor.id}`],
    details: { place: undefined, sealNumber: undefined, office: 'auditor', withPersonId: people.custodian.id },
  })
  t.match(
    (await bureau.eventsOf('spare.placed')).at(-1),
    { subjects: [`person:${people.supervisor.id}`], details: { sealNumber, place } },
    'the register of accounts, which packages show, does not say where the envelope is',
  )
  t.match((await bureau.eventsOf('spare.opened')).at(-1), {
    actor: people.custodian_waiting.id,
    details: {
      ...{ sealNumber: undefined, reason, askedBy: people.custodian.id, expiresAt: opened.body.expiresAt },
      statement: { act: 'spare.opened', person: people.custodian_waiting.id },
    },
  })
  const [{ spareId }] = (await bureau.eventsOf('spare.opened')).map(({ details }) => details) as [{ spareId: string }]
  t.match((await bureau.eventsOf('person.opened')).at(-1)?.details, { spareId })
  const stored = await world.asSuperuser((db) => sql`select to_jsonb(s)::text as row from sealed_spare s`.execute(db))
  t.notMatch(JSON.stringify(stored.rows), code, 'no code is stored as it was given')

  const signedIn = await bureau.signIn(back)
  const kinds = async (who: Session) =>
    ((await who.call('GET', '/session')).body.notices as { kind: string }[]).map(({ kind }) => kind)
  for (const who of [signedIn, auditor]) {
    const seen = await kinds(who)
    for (const kind of ['spare_sealed', 'spare_opened', 'spare_used']) t.ok(seen.includes(kind), kind)
  }
  t.notOk((await kinds(custodian)).includes('spare_used'))

  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const findings = async () => {
    const found = await fsck({ db: world.db, stores: null, ...keys })
    return found.filter(({ check }) => check !== 'tree.event_late').map(({ check, subject }) => `${check} ${subject}`)
  }
  t.same(await findings(), [])
  await sql`update sealed_spare set place = '别处'`.execute(world.db)
  t.same(await findings(), [`rows.row_differs sealed_spare ${people.supervisor.id}/${spareId}`])
})

t.test('who seals, confirms and opens, and with which seal', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, auditor, custodian, supervisor, officer } = await signInAs(
    bureau,
    ...(['administrator', 'auditor', 'custodian', 'supervisor', 'officer'] as const),
  )
  const of = (name: 'supervisor' | 'auditor' | 'custodian') => `/people/${people[name].id}/spare`
  const body = { sealNumber, place, withPersonId: people.custodian.id }
  t.equal((await administrator.call('POST', of('supervisor'), body)).status, 403)
  t.equal((await officer.call('GET', '/spares')).status, 403)
  t.match(await supervisor.call('POST', of('supervisor'), body), conflict(/nobody seals a code for his own account/))
  const withHim = { ...body, withPersonId: people.administrator.id }
  t.match(
    await supervisor.call('POST', of('custodian'), withHim),
    conflict(/is sealed by an auditor, who would release/),
  )
  t.match(
    await auditor.call('POST', of('custodian'), body),
    conflict(/nobody confirms the envelope of his own account/),
  )
  for (const { id, role } of [people.officer, people.assistant, people.deputy]) {
    const withNobody = {
      status: 409,
      body: { error: { message: new RegExp(`the role ${role} confirms no envelope`) } },
    }
    t.match(await auditor.call('POST', of('supervisor'), { ...body, withPersonId: id }), withNobody, role)
  }
  const alone = { ...body, withPersonId: people.auditor.id }
  t.match(await auditor.call('POST', of('supervisor'), alone), conflict(/sealed by two different people/))
  const made = await administrator.call('POST', '/people', { name: '新领导', role: 'supervisor', account: 'xinling' })
  t.match(await auditor.call('POST', `/people/${made.body.id}/spare`, body), conflict(/for an account that is in use/))

  t.match(await custodian.call('POST', `${of('supervisor')}/confirmation`, { sealNumber }), { status: 404 })
  t.equal((await auditor.call('POST', of('supervisor'), body)).status, 201)
  t.match(
    await auditor.call('POST', of('custodian'), { ...body, withPersonId: people.supervisor.id }),
    conflict(/used before/),
  )
  const asked = { sealNumber, reason }
  t.match(await custodian.call('POST', `${of('supervisor')}/opening-request`, asked), conflict(/has not confirmed it/))
  const waits = async (who: Session) =>
    ((await who.call('GET', '/session')).body.notices as { kind: string; waits: boolean }[])
      .filter(({ kind, waits }) => waits && kind.startsWith('spare'))
      .map(({ kind }) => kind)
  t.same(await waits(custodian), ['spare_confirm'])
  const confirmation = `${of('supervisor')}/confirmation`
  t.match(await administrator.call('POST', confirmation, { sealNumber }), conflict(/the sealing names another/))
  t.match(await custodian.call('POST', confirmation, { sealNumber: 'FT-0018' }), conflict(/another seal is on record/))
  t.equal((await custodian.call('POST', confirmation, { sealNumber })).status, 204)
  t.match(await custodian.call('POST', confirmation, { sealNumber }), conflict(/confirmed already/))
  t.same(await waits(custodian), [])

  const opening = `${of('supervisor')}/opening`
  t.match(await custodian.call('POST', opening, { sealNumber }), conflict(/nobody has asked for the opening yet/))
  t.match(await supervisor.call('POST', `${opening}-request`, asked), conflict(/nobody opens the envelope of his own/))
  const wrong = { ...asked, sealNumber: 'FT-0071' }
  t.match(await custodian.call('POST', `${opening}-request`, wrong), conflict(/another seal is on record. Do not open/))
  t.equal((await custodian.call('POST', `${opening}-request`, asked)).status, 204)
  t.same(await waits(auditor), ['spare_open'])
  t.same(await waits(custodian), [], 'not his to open twice')
  t.same(await waits(supervisor), [], 'nor the person’s whose it is')
  t.match(await supervisor.call('POST', opening, { sealNumber }), conflict(/nobody opens the envelope of his own/))
  t.match(await auditor.call('POST', opening, { sealNumber: 'FT-0071' }), conflict(/another seal is on record/))

  // Another envelope takes the place of the first, whose seal opens nothing from then on.
  await deposit(bureau, { auditor, custodian }, 'FT-0019')
  t.match(await auditor.call('POST', opening, { sealNumber }), conflict(/another seal is on record/))
  const { spares } = (await auditor.call('GET', '/spares')).body
  t.match(spares, [
    { sealNumber: 'FT-0019', state: 'sealed', sealedWith: { id: people.custodian.id } },
    { sealNumber, state: 'replaced' },
  ])
  const listed = (await auditor.call('GET', '/people')).body.people as { id: string; spare?: object }[]
  t.match(listed.find(({ id }) => id === people.supervisor.id)?.spare, {
    sealNumber: 'FT-0019',
    place,
    state: 'sealed',
  })
  t.equal(listed.find(({ id }) => id === people.officer.id)?.spare, null)
  const toOfficers = (await officer.call('GET', '/people')).body.people as object[]
  t.notOk(toOfficers.some((one) => 'spare' in one))
})

t.test('with an envelope a password is reset where nobody could release the account', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { people, world } = bureau
  world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
  const { supervisor, custodian, administrator } = await signInAs(bureau, 'supervisor', 'custodian', 'administrator')
  const path = `/people/${people.auditor.id}/spare`
  const reset = () => supervisor.call('POST', `/people/${people.auditor.id}/password-reset`)
  t.match(await reset(), conflict(/nobody could release .* or a sealed spare code that you did not seal$/))
  const own = { sealNumber: 'FT-0021', place, withPersonId: people.custodian.id }
  await supervisor.call('POST', path, own)
  await custodian.call('POST', `${path}/confirmation`, { sealNumber: 'FT-0021' })
  t.match(await reset(), conflict(/nobody could release/), 'whoever sealed it knows its code')
  const body = { sealNumber: 'FT-0020', place, withPersonId: people.supervisor.id }
  const sealed = await custodian.call('POST', path, body)
  t.equal(sealed.status, 201, 'another office seals it, with the office whose code it stands for')
  const { code } = sealed.body
  t.match(await reset(), conflict(/nobody could release/), 'one that nobody has confirmed is none')
  await supervisor.call('POST', `${path}/confirmation`, { sealNumber: 'FT-0020' })
  const { firstPassword } = (await reset()).body
  await custodian.call('POST', `${path}/opening-request`, { sealNumber: 'FT-0020', reason })
  t.equal((await administrator.call('POST', `${path}/opening`, { sealNumber: 'FT-0020' })).status, 200)
  world.clock.set(new Date('2027-03-04T16:00:01.000Z'))
  const late = { account: 'auditor', password: firstPassword, code }
  t.equal((await bureau.call('POST', '/session', late)).status, 401)
  t.equal(await lastRefusal(bureau), 'secret_expired', 'an opened code holds as long as a releaser’s')
})

t.test('custody spare seals, confirms, opens and lists', async (t) => {
  const bureau = await openBureau(t)
  const run = async (who: 'auditor' | 'custodian' | 'administrator', ...args: string[]) => {
    const { account, password } = bureau.people[who]
    const terminal = testTerminal({
      CUSTODY_ACCESS: bureau.base,
      CUSTODY_ACCOUNT: account,
      CUSTODY_PASSWORD: password,
    })
    const code = await runProgram(['spare', ...args], terminal)
    return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
  }
  const seal = ['--seal', sealNumber]
  const sealed = await run('auditor', 'seal', 'supervisor', ...seal, '--place', place, '--with', 'custodian')
  t.match(sealed, { code: 0, out: /^备用码 ([A-Z2-9]{4}-?){4}（仅显示一次.*须由 custodian 核对后生效$/ })
  t.match(await run('auditor', 'list'), { out: /supervisor 同志 {2}FT-0017 {2}待核对 {2}镇党政办保险柜/ })
  t.match(await run('custodian', 'confirm', 'supervisor', ...seal), { code: 0, out: '已核对' })
  t.match(await run('custodian', 'ask-open', 'nobody', ...seal, '--reason', reason), {
    code: 2,
    err: /no account nobody/,
  })
  t.match(await run('custodian', 'ask-open', 'supervisor', ...seal, '--reason', reason), { code: 0 })
  const opened = await run('administrator', 'open', 'supervisor', ...seal, '--lang', 'en')
  t.match(opened, { code: 0, out: /^opened; the code holds until \d{4}-/, err: /\[to do\] custodian 同志 asks/ })
  t.match(await run('administrator', 'list', '--json'), { out: /"state":"opened"/ })
})
