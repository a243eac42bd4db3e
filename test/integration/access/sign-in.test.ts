import t from 'tap'
import { type Bureau, openBureau, origin } from './bureau.ts'

const goodPassword = '镇东街便民超市三号门岗登记'
const attempt = (bureau: Bureau, account: string, password: string) =>
  bureau.call('POST', '/session', { account, password })

t.test('five wrong passwords shut the account for 15 minutes, and the right one does not open it then', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { officer } = bureau.people
  for (let n = 0; n < 5; n++) t.equal((await attempt(bureau, 'officer', 'wrong password')).status, 401)
  t.match(await bureau.eventsOf('session.locked_out'), [{ actor: officer.id, details: { failures: 5 } }])
  const locked = await attempt(bureau, 'officer', officer.password)
  t.equal(locked.status, 401)
  bureau.world.clock.advance(15 * 60_000 - 10_000)
  t.equal((await attempt(bureau, 'officer', officer.password)).status, 401, 'not yet')
  bureau.world.clock.advance(11_000)
  t.equal((await attempt(bureau, 'officer', officer.password)).status, 201)
  const reasons = (await bureau.eventsOf('session.refused')).map((event) => event.details.reason)
  t.same(reasons, [...Array(5).fill('wrong_password'), 'locked_out', 'locked_out'])
})

t.test('guesses sent at once count one by one', async (t) => {
  const bureau = await openBureau(t)
  await Promise.all(Array.from({ length: 8 }, () => attempt(bureau, 'officer', 'wrong password')))
  t.equal((await bureau.eventsOf('session.locked_out')).length, 1)
  const reasons = (await bureau.eventsOf('session.refused')).map((event) => event.details.reason).sort()
  t.same(reasons, [...Array(3).fill('locked_out'), ...Array(5).fill('wrong_password')])
})

t.test('an unknown account, a wrong password and a shut account are answered with the same words', async (t) => {
  const bureau = await openBureau(t)
  const administrator = await bureau.signIn(bureau.people.administrator)
  await administrator.call('POST', `/people/${bureau.people.officer2.id}/disable`)
  const answers = [
    await attempt(bureau, 'nobody-at-all', 'wrong password'),
    await attempt(bureau, 'officer', 'wrong password'),
    await attempt(bureau, 'officer2', bureau.people.officer2.password),
  ]
  t.equal(new Set(answers.map((answer) => answer.bytes.toString())).size, 1)
  const events = await bureau.eventsOf('session.refused')
  t.same(
    events.map((event) => event.details.reason),
    ['unknown_account', 'wrong_password', 'person_disabled'],
  )
  t.notMatch(JSON.stringify(events), /nobody-at-all/, 'what was typed is not kept')
})

t.test('a first password of the setup that nobody used for ten working days opens nothing any more', async (t) => {
  const bureau = await openBureau(t)
  const { officer } = bureau.people
  const madeBefore = async (days: number) => {
    const createdAt = new Date(bureau.world.clock.now().getTime() - days * 24 * 60 * 60_000)
    await bureau.world.db
      .updateTable('person')
      .set({ must_change_password: true, created_at: createdAt })
      .where('account', '=', 'officer')
      .execute()
  }
  await madeBefore(60)
  t.equal((await attempt(bureau, 'officer', officer.password)).status, 401)
  t.match(await bureau.eventsOf('session.refused'), [{ actor: officer.id, details: { reason: 'secret_expired' } }])
  await madeBefore(5)
  t.equal((await attempt(bureau, 'officer', officer.password)).status, 201)
})

t.test('the first password is changed before anything else; changing it ends the other sessions', async (t) => {
  const bureau = await openBureau(t)
  await bureau.world.db
    .updateTable('person')
    .set({ must_change_password: true })
    .where('account', '=', 'officer')
    .execute()
  const { officer } = bureau.people
  const first = await bureau.signIn(officer)
  const second = await bureau.signIn(officer)
  t.match(await first.call('GET', '/recordings'), {
    status: 403,
    body: { error: { code: 'password_change_required' } },
  })
  t.match(await bureau.eventsOf('access.refused'), [
    { actor: officer.id, details: { reason: 'password_change_required' } },
  ])
  t.match(await first.call('GET', '/session'), { status: 200, body: { mustChangePassword: true } })
  const change = (old: string, next: string) => first.call('PUT', '/session/password', { old, new: next })
  t.match(await change(officer.password, 'short'), { status: 400, body: { error: { message: /12 to 256/ } } })
  t.equal((await change('not the old one', goodPassword)).status, 401)
  t.equal((await change(officer.password, goodPassword)).status, 204)
  t.equal((await first.call('GET', '/recordings')).status, 200)
  t.equal((await second.call('GET', '/session')).status, 401)
  t.equal((await attempt(bureau, 'officer', officer.password)).status, 401, 'the old one is over')
  t.equal((await attempt(bureau, 'officer', goodPassword)).status, 201)
  t.match(await bureau.eventsOf('session.ended'), [{ details: { reason: 'password_changed', sessions: 1 } }])
  t.equal((await bureau.eventsOf('person.password_changed')).length, 1)
})

t.test('a session ends after 30 idle minutes, after 10 hours in any case, and by signing out', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { clock } = bureau.world
  const idle = await bureau.signIn(bureau.people.officer)
  clock.advance(29 * 60_000)
  t.equal((await idle.call('GET', '/session')).status, 200, 'a request keeps it')
  clock.advance(29 * 60_000)
  t.equal((await idle.call('GET', '/session')).status, 200)
  clock.advance(31 * 60_000)
  t.equal((await idle.call('GET', '/session')).status, 401)

  const old = await bureau.signIn(bureau.people.officer)
  for (let minutes = 0; minutes < 10 * 60 - 20; minutes += 20) {
    clock.advance(20 * 60_000)
    t.equal((await old.call('GET', '/session')).status, 200)
  }
  clock.advance(20 * 60_000)
  t.equal((await old.call('GET', '/session')).status, 401)

  const left = await bureau.signIn(bureau.people.officer)
  t.equal((await left.call('DELETE', '/session')).status, 204)
  t.equal((await left.call('GET', '/session')).status, 401)
  const reasons = (await bureau.eventsOf('session.ended')).map((event) => event.details.reason)
  t.same(reasons, ['idle', 'too_old', 'signed_out'])
})

t.test('the database holds no token, and a browser’s cookie is out of reach of scripts and other sites', async (t) => {
  const bureau = await openBureau(t)
  const { officer } = bureau.people
  const answer = await attempt(bureau, officer.account, officer.password)
  const { token } = answer.body
  const header = answer.headers.get('set-cookie') ?? ''
  t.match(header, /^custody_session=[\w-]{43}; .*HttpOnly/)
  t.match(header, /SameSite=Strict/)
  t.match(header, /Path=\//)
  const rows = await bureau.world.db.selectFrom('session').selectAll().execute()
  const events = await bureau.world.db.selectFrom('event').select('body').execute()
  t.notMatch(JSON.stringify([rows, events]), token)

  const cookie = `custody_session=${token}`
  t.equal((await bureau.call('GET', '/session', undefined, { cookie })).status, 200)
  const party = { kind: 'shop', name: '某店' }
  t.match(await bureau.call('POST', '/parties', party, { cookie }), {
    status: 403,
    body: { error: { code: 'wrong_origin' } },
  })
  t.equal((await bureau.call('POST', '/parties', party, { cookie, origin: 'http://evil.test' })).status, 403)
  t.equal((await bureau.call('POST', '/parties', party, { cookie, origin })).status, 201)
  const body = { account: officer.account, password: officer.password }
  t.equal((await bureau.call('POST', '/session', body, { origin: 'http://evil.test' })).status, 403)
})
