import { sql } from 'kysely'
import t from 'tap'
import { openAccount, signInAs, useSecrets } from './accounts.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'

const dayMs = 24 * 60 * 60_000

const attempt = (bureau: Bureau, account: string, password: string, code?: string) =>
  bureau.call('POST', '/session', { account, password, ...(code !== undefined && { code }) })

const lastRefusal = async (bureau: Bureau) => (await bureau.eventsOf('session.refused')).at(-1)?.details.reason

t.test('finding 2: the administrator resets the custodian, waits for the release, and signs in as him', async (t) => {
  const bureau = await openBureau(t)
  const { custodian } = bureau.people
  const { administrator, auditor } = await signInAs(bureau, 'administrator', 'auditor')
  const footage = await addFootage(bureau)
  const reset = await administrator.call('POST', `/people/${custodian.id}/password-reset`)
  t.equal(reset.status, 200)
  const { firstPassword } = reset.body
  t.equal((await attempt(bureau, 'custodian', firstPassword)).status, 401)
  t.equal(await lastRefusal(bureau), 'awaits_release')
  t.equal((await administrator.call('POST', `/people/${custodian.id}/release`)).status, 403)
  const released = await auditor.call('POST', `/people/${custodian.id}/release`)
  t.match(released, { status: 200, body: { code: /^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/ } })
  const { code } = released.body

  t.equal((await attempt(bureau, 'custodian', firstPassword)).status, 401, 'the first password alone opens nothing')
  t.equal(await lastRefusal(bureau), 'wrong_code')
  t.equal((await attempt(bureau, 'custodian', firstPassword, 'AAAA-BBBB-CCCC-DDDD')).status, 401)
  t.equal((await attempt(bureau, 'custodian', code, code)).status, 401, 'nor does the code alone')
  t.equal(await lastRefusal(bureau), 'wrong_password')
  t.equal((await auditor.call('POST', `/people/${custodian.id}/release`)).status, 409, 'a code is given once')

  const opened = await attempt(bureau, 'custodian', firstPassword, ` ${code.toLowerCase().replaceAll('-', ' ')}`)
  t.match(opened, { status: 201, body: { mustChangePassword: true } })
  const authorization = `Bearer ${opened.body.token}`
  const viewing = `/recordings/${footage.recordingId}/viewings`
  const refused = await bureau.call('POST', viewing, { purpose: '例行核查' }, { authorization })
  t.match(refused, { status: 403, body: { error: { code: 'password_change_required' } } })
  t.equal((await attempt(bureau, 'custodian', firstPassword, code)).status, 401, 'both secrets open one session')
  t.equal(await lastRefusal(bureau), 'secret_used')
  const change = { old: firstPassword, new: '镇东街便民超市三号门岗登记' }
  t.equal((await bureau.call('PUT', '/session/password', change, { authorization })).status, 204)
  t.equal((await bureau.call('POST', viewing, { purpose: '例行核查' }, { authorization })).status, 201)
  t.match(await bureau.eventsOf('person.opened'), [
    { actor: custodian.id, subjects: [`account:${custodian.id}`, /^person:/] },
  ])

  const stored = await bureau.world.asSuperuser((db) =>
    sql`select to_jsonb(o)::text as row from account_opening o`.execute(db),
  )
  t.notMatch(JSON.stringify(stored.rows), code, 'no code is stored as it was given')
})

t.test('every refusal of first password and code reads the same', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, auditor } = await signInAs(bureau, 'administrator', 'auditor')
  const make = { name: '新人', role: 'officer', account: 'xinren' }
  const { firstPassword, id } = (await administrator.call('POST', '/people', make)).body
  const answers = [await attempt(bureau, 'xinren', firstPassword)]
  const { code } = (await auditor.call('POST', `/people/${id}/release`)).body
  answers.push(await attempt(bureau, 'xinren', firstPassword))
  answers.push(await attempt(bureau, 'xinren', firstPassword, 'AAAA-BBBB-CCCC-DDDD'))
  answers.push(await attempt(bureau, 'xinren', 'no password', code))
  answers.push(await attempt(bureau, 'nobody-at-all', firstPassword, code))
  t.same([...new Set(answers.map(({ status }) => status))], [401])
  t.equal(new Set(answers.map(({ bytes }) => bytes.toString())).size, 1)
  t.equal((await attempt(bureau, 'xinren', firstPassword, code)).status, 201)
})

t.test('finding 13: the administrator makes or resets an officer to see what is known of footage', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  const make = { name: '张伟', role: 'officer', account: 'zhangwei2', officerNumber: '990009' }
  const made = await administrator.call('POST', '/people', make)
  t.equal(made.status, 201)
  t.equal((await attempt(bureau, 'zhangwei2', made.body.firstPassword)).status, 401)
  const reset = await administrator.call('POST', `/people/${bureau.people.officer.id}/password-reset`)
  t.equal((await attempt(bureau, 'officer', reset.body.firstPassword)).status, 401)
  for (const account of ['reviewer2', 'administrator2']) {
    const role = account === 'reviewer2' ? 'legal_reviewer' : 'administrator'
    const { body } = await administrator.call('POST', '/people', { name: '某', role, account })
    t.equal((await attempt(bureau, account, body.firstPassword)).status, 401, role)
  }
  t.equal(
    (await supervisor.call('POST', `/people/${made.body.id}/release`)).status,
    200,
    'either office releases officers',
  )
  t.equal((await attempt(bureau, 'zhangwei2', made.body.firstPassword)).status, 401)
})

t.test('first password and code hold for three working days each, and the events say until when', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  // A Monday at noon in Shanghai.
  bureau.world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
  const { administrator, auditor } = await signInAs(bureau, 'administrator', 'auditor')
  const made = await administrator.call('POST', '/people', { name: '甲', role: 'officer', account: 'jia' })
  t.equal(made.body.expiresAt, '2027-03-04T16:00:00.000Z', 'the end of Thursday')
  t.equal((await bureau.eventsOf('person.created')).at(-1)?.details.expiresAt, made.body.expiresAt)
  const late = await administrator.call('POST', '/people', { name: '乙', role: 'officer', account: 'yi' })
  const released = await auditor.call('POST', `/people/${made.body.id}/release`)
  t.equal(released.body.codeExpiresAt, '2027-03-04T16:00:00.000Z')
  t.equal((await bureau.eventsOf('person.released')).at(-1)?.details.codeExpiresAt, released.body.codeExpiresAt)

  bureau.world.clock.set(new Date('2027-03-04T16:00:01.000Z'))
  t.equal((await attempt(bureau, 'jia', made.body.firstPassword, released.body.code)).status, 401)
  t.equal(await lastRefusal(bureau), 'secret_expired')
  const again = await signInAs(bureau, 'administrator', 'auditor')
  const expired = await again.auditor.call('POST', `/people/${late.body.id}/release`)
  t.match(expired, { status: 409, body: { error: { message: /has expired: reset it/ } } })
  const reset = await again.administrator.call('POST', `/people/${late.body.id}/password-reset`)
  const renewed = await again.auditor.call('POST', `/people/${late.body.id}/release`)
  const { body } = await attempt(bureau, 'yi', reset.body.firstPassword, renewed.body.code)
  t.match(body, { mustChangePassword: true })
})

t.test('each control office is released by the other, and nobody releases himself or what he made', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, supervisor, auditor } = await signInAs(bureau, 'administrator', 'supervisor', 'auditor')
  const releases: readonly [string, typeof supervisor, typeof auditor][] = [
    ['supervisor', supervisor, auditor],
    ['auditor', auditor, supervisor],
    ['custodian', supervisor, auditor],
  ]
  for (const [role, wrong, right] of releases) {
    const { body } = await administrator.call('POST', '/people', { name: '新人', role, account: `new-${role}` })
    const refused = await wrong.call('POST', `/people/${body.id}/release`)
    t.match(refused, { status: 409, body: { error: { message: /is released by an? (auditor|supervisor)$/ } } }, role)
    t.equal((await right.call('POST', `/people/${body.id}/release`)).status, 200, role)
  }
  const away = await supervisor.call('POST', `/people/${people.officer.id}/password-reset`)
  t.equal(away.status, 200, 'a bureau whose administrator is away goes on')
  t.match(await supervisor.call('POST', `/people/${people.officer.id}/release`), {
    status: 409,
    body: { error: { message: /whoever gave the first password does not release/ } },
  })
  const { code } = (await auditor.call('POST', `/people/${people.officer.id}/release`)).body
  await useSecrets(bureau, { ...people.officer, role: 'officer' }, away.body.firstPassword, code)
  t.equal((await supervisor.call('POST', '/people', { name: '某', role: 'officer', account: 'mou' })).status, 403)
  t.equal((await supervisor.call('POST', `/people/${people.supervisor.id}/password-reset`)).status, 409)
  t.match(await supervisor.call('POST', `/people/${people.auditor.id}/password-reset`), {
    status: 409,
    body: { error: { message: /nobody could release this account if you reset it: that takes a supervisor/ } },
  })
})

t.test(
  'where the one whose act it is cannot release, the other office does, and it waits two working days',
  async (t) => {
    const bureau = await openBureau(t, { movesClock: true })
    const { people, world } = bureau
    world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
    const { custodian_waiting: next } = people
    const first = await signInAs(bureau, 'administrator', 'supervisor')
    const successor = await openAccount(
      bureau,
      { maker: first.administrator, releaser: first.supervisor },
      { role: 'auditor', account: 'auditor2' },
    )
    const leaving = { reason: '调离' }
    t.equal((await first.administrator.call('POST', `/people/${people.auditor.id}/shutting`, leaving)).status, 204)
    const decision = { confirm: true, reason: '已核实' }
    t.equal(
      (await first.supervisor.call('POST', `/people/${people.auditor.id}/shutting/decision`, decision)).status,
      204,
    )

    const resetAndRelease = async (by: typeof first) => {
      const reset = await by.administrator.call('POST', `/people/${next.id}/password-reset`)
      const released = await by.supervisor.call('POST', `/people/${next.id}/release`)
      return { firstPassword: reset.body.firstPassword as string, ...released.body } as {
        firstPassword: string
        code: string
        effectiveFrom: string
      }
    }
    const stopped = await resetAndRelease(first)
    t.equal(stopped.effectiveFrom, '2027-03-03T16:00:00.000Z', 'the end of Wednesday')
    t.equal((await attempt(bureau, next.account, stopped.firstPassword, stopped.code)).status, 401)
    t.equal(await lastRefusal(bureau), 'release_not_effective')
    const stop = `/people/${next.id}/release/stop`
    const why = { reason: '本人不知情' }
    t.equal((await first.administrator.call('POST', stop, why)).status, 403)
    const custodian = await bureau.signIn(people.custodian)
    t.match((await custodian.call('GET', '/people/openings')).body.openings[0], {
      person: { account: next.account },
      released: { by: { account: 'supervisor' }, office: 'supervisor' },
      stopped: null,
    })
    t.equal((await custodian.call('POST', stop, why)).status, 204)
    t.equal((await custodian.call('POST', stop, why)).status, 409)
    world.clock.advance(3 * dayMs)
    t.equal((await attempt(bureau, next.account, stopped.firstPassword, stopped.code)).status, 401)
    t.equal(await lastRefusal(bureau), 'awaits_release')
    const later = await signInAs(bureau, 'administrator', 'supervisor')
    t.equal(
      (await later.supervisor.call('POST', `/people/${next.id}/release`)).status,
      409,
      'what was stopped stays shut',
    )

    const kept = await resetAndRelease(later)
    world.clock.set(new Date(Date.parse(kept.effectiveFrom) + 60_000))
    t.equal(
      (await attempt(bureau, next.account, kept.firstPassword, kept.code)).status,
      201,
      'the wait uses up no secret',
    )
    world.clock.advance(31 * dayMs)
    const settledIn = await signInAs(bureau, 'administrator', 'supervisor')
    const auditor2 = await bureau.signIn(successor)
    const reset = await settledIn.administrator.call('POST', `/people/${next.id}/password-reset`)
    t.equal((await settledIn.supervisor.call('POST', `/people/${next.id}/release`)).status, 409, 'not in his place now')
    const released = await auditor2.call('POST', `/people/${next.id}/release`)
    const opened = await attempt(bureau, next.account, reset.body.firstPassword, released.body.code)
    t.equal(opened.status, 201, 'at once')
  },
)

t.test('a name in service that is taken again is accepted, and answer and event say so', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, officer } = await signInAs(bureau, 'administrator', 'officer')
  const { auditor } = bureau.people
  const make = {
    name: 'auditor 同志',
    role: 'auditor',
    account: 'auditor9',
    officerNumber: '7',
    certificateNumber: 'Z7',
  }
  const made = await administrator.call('POST', '/people', make)
  t.match(made, { status: 201, body: { sameNameAs: [auditor.id] } })
  const { details, subjects } = (await bureau.eventsOf('person.created')).at(-1)!
  t.match(details, { name: make.name, officerNumber: '7', certificateNumber: 'Z7', sameNameAs: [auditor.id] })
  t.same(subjects, [`account:${made.body.id}`, `person:${made.body.id}`])
  const { people } = (await officer.call('GET', '/people')).body
  const named = people.filter((one: { name: string }) => one.name === make.name)
  t.same(named.map((one: { account: string }) => one.account).sort(), ['auditor', 'auditor9'])
})
