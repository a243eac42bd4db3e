import t from 'tap'
import { accessShape } from '../../../services/access/config.ts'
import { recordUnknownRefusals } from '../../../services/custody/people/unknown-account.ts'
import { readConfig } from '../../../services/foundation/config.ts'
import { openBureau } from './bureau.ts'

const minuteMs = 60_000

t.test('the 61st sign-in of an address within a minute is told to wait', async (t) => {
  // What counts when nobody sets anything else.
  const { signInsPerMinuteMax } = readConfig({}, { signInsPerMinuteMax: accessShape.signInsPerMinuteMax })
  t.equal(signInsPerMinuteMax, 60)
  const bureau = await openBureau(t, { signInsPerMinuteMax })
  const attempt = { account: 'nobody.at.all', password: 'a-wrong-password' }
  // All at once: they are counted when they arrive, however long the passwords take.
  const answers = await Promise.all(Array.from({ length: 61 }, () => bureau.call('POST', '/session', attempt)))
  const refused = answers.filter(({ status }) => status === 429)
  t.equal(refused.length, 1)
  t.equal(answers.filter(({ status }) => status === 401).length, 60)
  const [last] = refused
  t.match(last!.body.error, { code: 'too_many_requests', message: /more than 60 requests a minute/ })
  const seconds = Number(last!.headers.get('retry-after'))
  t.ok(seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`)
  t.equal((await bureau.call('GET', '/checkpoint')).status, 200, 'everything else is answered')
})

t.test('sign-ins of unknown accounts fill no ledger: one event at once, one for the rest of the minute', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { world } = bureau
  world.clock.set(new Date(Math.ceil(Date.now() / minuteMs) * minuteMs))
  const go = world.clock.stop()
  t.teardown(go)
  const attempt = (account: string) => bureau.call('POST', '/session', { account, password: 'a-wrong-password' })
  const refusals = async () => (await bureau.eventsOf('session.refused')).map(({ details }) => details)
  for (let n = 0; n < 7; n++) t.equal((await attempt(`nobody-${n}`)).status, 401)
  const first = { reason: 'unknown_account', address: '127.0.0.1' }
  t.same(await refusals(), [first])
  const worker = world.dbFor('worker')
  t.equal(await recordUnknownRefusals(worker, world.clock), 0, 'the minute goes on')
  const since = world.clock.now().toISOString()
  world.clock.advance(2 * minuteMs)
  t.equal(await recordUnknownRefusals(worker, world.clock), 1)
  t.same(await refusals(), [first, { ...first, count: 6, since }])
  t.equal(await recordUnknownRefusals(worker, world.clock), 0, 'once')

  t.equal((await attempt('nobody-else')).status, 401)
  t.equal((await attempt(bureau.people.officer.account)).status, 401)
  world.clock.advance(2 * minuteMs)
  t.equal(await recordUnknownRefusals(worker, world.clock), 0, 'a single one has its event already')
  t.equal((await refusals()).length, 4, 'wrong passwords of people are events of their own')
})
