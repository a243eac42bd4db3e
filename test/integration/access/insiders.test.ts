import t from 'tap'
import { openAccount, signInAs } from './accounts.ts'
import { type Answer, openBureau, type Session } from './bureau.ts'

/** Refused because one of two is the other's invention. */
const dependent = { status: 409, body: { error: { message: /has been in use for less than 30 days/ } } }

async function propose(by: Session, toPersonId: string, absent: boolean): Promise<string> {
  const proposed = await by.call('POST', '/custodian/handovers', { toPersonId, reason: '管理员长期请假', absent })
  return `/custodian/handovers/${proposed.body.id}/signatures`
}

/** Each signs in turn; returns the last answer. */
async function signAll(path: string, ...signers: readonly Session[]): Promise<Answer> {
  let last: Answer | null = null
  for (const signer of signers) last = await signer.call('POST', path)
  return last!
}

t.test('finding 3: supervisor and administrator sign as all three, by accounts that they made', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const bySupervisor = { maker: administrator, releaser: supervisor }
  const falseAuditor = await bureau.signIn(
    await openAccount(bureau, bySupervisor, { name: 'auditor 同志', role: 'auditor', account: 'fake.auditor' }),
  )
  const wanted = { name: 'custodian2 同志', role: 'custodian', account: 'fake.custodian' }
  const made = await administrator.call('POST', '/people', wanted)
  const release = `/people/${made.body.id}/release`
  t.match(await supervisor.call('POST', release), { status: 409 }, 'a custodian is released by an auditor')
  t.match(await falseAuditor.call('POST', release), dependent, 'not by one whom the same administrator made')

  // The same with an account that two offices opened, so that only the false auditor is left of the invention.
  const path = await propose(supervisor, bureau.people.custodian_waiting.id, true)
  const waiting = await bureau.signIn(bureau.people.custodian_waiting)
  t.match(await signAll(path, supervisor, falseAuditor), dependent, 'they are not two offices, whoever else signs')
  t.match(await waiting.call('POST', path), { status: 201, body: { completed: false } })
  t.match(await falseAuditor.call('POST', path), dependent)
  t.match(await auditor.call('POST', path), { status: 201, body: { completed: true } })

  t.equal((await auditor.call('POST', release)).status, 200, 'the real auditor was asked after all')
})

t.test('a supervisor, and accounts that depend on him alone, hand the office over to nobody', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const newAuditor = await openAccount(
    bureau,
    { maker: administrator, releaser: supervisor },
    { role: 'auditor', account: 'auditor2' },
  )
  const auditor2 = await bureau.signIn(newAuditor)
  // Made by a second administrator, so that the new auditor may release what he makes.
  const second = await openAccount(
    bureau,
    { maker: administrator, releaser: auditor },
    { role: 'administrator', account: 'admin2' },
  )
  const maker = await bureau.signIn(second)
  const successor = await openAccount(
    bureau,
    { maker, releaser: auditor2 },
    { role: 'custodian', account: 'custodian3' },
  )
  const incoming = await bureau.signIn(successor)
  const path = await propose(supervisor, successor.id, true)
  t.equal((await signAll(path, supervisor, incoming)).status, 201)
  const refused = await auditor2.call('POST', path)
  t.match(refused, dependent)
  t.match(
    refused.body.error.message,
    /\((custodian3|auditor2)\) has been in use .*\((auditor2|supervisor)\).* must release that account as well/,
  )
  t.equal((await bureau.eventsOf('custodian.handed_over')).length, 0)

  t.equal(
    (await auditor.call('POST', `/people/${newAuditor.id}/release`)).status,
    200,
    'the other office may say so too',
  )
  t.match(await auditor2.call('POST', path), { status: 201, body: { completed: true } })
  t.match((await bureau.eventsOf('person.released')).at(-1)?.details, { isSecond: true, office: 'auditor' })
  t.equal((await auditor.call('POST', `/people/${newAuditor.id}/release`)).status, 409, 'both have said it')
})

t.test('finding 12: the administrator alone shuts supervisor, auditor and custodian', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, auditor, supervisor } = await signInAs(bureau, 'administrator', 'auditor', 'supervisor')
  const disable = (id: string) => administrator.call('POST', `/people/${id}/disable`)
  const ask = (id: string, by = administrator) => by.call('POST', `/people/${id}/shutting`, { reason: '调离' })
  const decide = (by: Session, id: string, confirm: boolean) =>
    by.call('POST', `/people/${id}/shutting/decision`, { confirm, reason: '已核实' })
  for (const role of ['supervisor', 'auditor'] as const) {
    const last = { status: 409, body: { error: { message: new RegExp(`the last ${role} in service cannot be shut`) } } }
    t.match(await disable(people[role].id), last, role)
    t.match(await ask(people[role].id), last, role)
  }
  const inOffice = { status: 409, body: { error: { message: /custodian in office.*hand the office over/ } } }
  t.match(await disable(people.custodian.id), inOffice)
  t.equal((await disable(people.administrator.id)).status, 409, 'nor himself')

  const successor = await administrator.call('POST', '/people', {
    name: '新',
    role: 'supervisor',
    account: 'supervisor2',
  })
  t.match(await ask(people.supervisor.id), { status: 409 }, 'a successor who has never signed in is none')
  const { code } = (await auditor.call('POST', `/people/${successor.body.id}/release`)).body
  t.match(await ask(people.supervisor.id), { status: 409 })
  const secrets = { account: 'supervisor2', password: successor.body.firstPassword, code }
  t.equal((await bureau.call('POST', '/session', secrets)).status, 201)
  t.match(await disable(people.supervisor.id), { status: 409, body: { error: { message: /shut by two people/ } } })
  t.match(await ask(people.supervisor.id, supervisor), { status: 409 }, 'nobody asks for his own')
  t.equal((await ask(people.supervisor.id)).status, 204)
  t.equal((await ask(people.supervisor.id)).status, 409, 'once is enough')
  const listed = (await auditor.call('GET', '/people')).body.people
  t.match(
    listed.find((one: { id: string }) => one.id === people.supervisor.id),
    { shutting: { reason: '调离' } },
  )
  t.equal((await decide(supervisor, people.supervisor.id, true)).status, 409, 'not the person concerned')
  t.equal((await decide(administrator, people.supervisor.id, true)).status, 403)
  t.equal((await decide(auditor, people.supervisor.id, false)).status, 204)
  t.equal((await supervisor.call('GET', '/session')).status, 200, 'what was refused changes nothing')
  t.equal((await decide(auditor, people.supervisor.id, true)).status, 409, 'and is over')
  t.equal((await ask(people.supervisor.id)).status, 204)
  t.equal((await decide(auditor, people.supervisor.id, true)).status, 204)
  t.equal((await supervisor.call('GET', '/session')).status, 401)
  t.match((await bureau.eventsOf('person.disabled')).at(-1), {
    actor: people.auditor.id,
    details: { askedBy: people.administrator.id, reason: '已核实' },
  })
  t.equal((await ask(successor.body.id)).status, 409, 'he is the last one now')
})

t.test('the administrator resets supervisor and auditor so that nobody can release anybody', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator } = await signInAs(bureau, 'administrator')
  t.equal((await administrator.call('POST', `/people/${people.supervisor.id}/password-reset`)).status, 200)
  const second = await administrator.call('POST', `/people/${people.auditor.id}/password-reset`)
  t.match(second, { status: 409, body: { error: { message: /nobody could release this account/ } } })
  const together = await openBureau(t)
  const maker = await together.signIn(together.people.administrator)
  const both = await Promise.all(
    [together.people.supervisor, together.people.auditor].map(({ id }) =>
      maker.call('POST', `/people/${id}/password-reset`),
    ),
  )
  t.same(both.map(({ status }) => status).sort(), [200, 409], 'nor by two requests at once')
})

t.test('the last administrator is shut by two', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  const path = `/people/${bureau.people.administrator.id}/shutting`
  t.equal((await administrator.call('POST', `/people/${bureau.people.administrator.id}/disable`)).status, 409)
  t.equal((await administrator.call('POST', path, { reason: '离职' })).status, 204)
  t.equal((await supervisor.call('POST', `${path}/decision`, { confirm: true, reason: '已核实' })).status, 204)
  t.equal((await administrator.call('GET', '/session')).status, 401)
})

t.test('while the administrator is away, supervisor and auditor shut an account together', async (t) => {
  const bureau = await openBureau(t)
  const { supervisor, auditor } = await signInAs(bureau, 'supervisor', 'auditor')
  const path = `/people/${bureau.people.officer.id}`
  t.equal((await supervisor.call('POST', `${path}/disable`)).status, 403, 'neither shuts one alone')
  t.equal((await supervisor.call('POST', `${path}/shutting`, { reason: '离职' })).status, 204)
  const decision = { confirm: true, reason: '已核实' }
  const own = await supervisor.call('POST', `${path}/shutting/decision`, decision)
  t.match(own, { status: 409, body: { error: { message: /what he asked for himself/ } } })
  t.equal((await auditor.call('POST', `${path}/shutting/decision`, decision)).status, 204)
  t.match((await bureau.eventsOf('person.disabled')).at(-1)?.details, { askedBy: bureau.people.supervisor.id })
})

t.test('an account is shut once: a request for it that waits is done with it', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const { id } = bureau.people.officer
  t.equal((await supervisor.call('POST', `/people/${id}/shutting`, { reason: '离职' })).status, 204)
  t.equal((await administrator.call('POST', `/people/${id}/disable`)).status, 204)
  const listed = (await auditor.call('GET', '/people')).body.people as { id: string; shutting: object | null }[]
  t.equal(listed.find((one) => one.id === id)?.shutting, null)
  const decision = { confirm: true, reason: '已核实' }
  const late = await auditor.call('POST', `/people/${id}/shutting/decision`, decision)
  t.match(late, { status: 409, body: { error: { message: /this account is shut already/ } } })
  const shut = await bureau.eventsOf('person.disabled')
  t.match(shut, [{ actor: bureau.people.administrator.id, details: { askedBy: bureau.people.supervisor.id } }])
  const [row] = await bureau.world.db.selectFrom('account_shutting').selectAll().execute()
  t.match(row, { confirmed: true, decided_by: bureau.people.administrator.id })
})
