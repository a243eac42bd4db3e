import t from 'tap'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { decidePackage } from '../../../services/custody/packages/decision.ts'
import { requestPackage } from '../../../services/custody/packages/package.ts'
import type { Seat } from '../../../services/custody/signing/seat.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { type Answer, type Bureau, openBureau, origin, type Person, type Session } from '../access/bureau.ts'
import { settled } from '../fsck/tampered-world.ts'

const minuteMs = 60_000
const source = '局务会纪要'
const path = '/settings/account.new_days/proposals'

/** Signs in as a browser does, with the cookies it has; answers its session and all cookies it has now. */
async function browse(
  bureau: Bureau,
  who: Person,
  cookies = '',
): Promise<Session & { cookies: string; answer: Answer }> {
  const { account, password } = who
  const answer = await bureau.call('POST', '/session', { account, password }, { origin, cookie: cookies })
  const jar = new Map(cookies.split('; ').map((one) => one.split('=') as [string, string]))
  for (const set of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = set.split(';')[0]!.split('=')
    jar.set(name, value)
  }
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    token: answer.body.token,
    answer,
    cookies: cookie,
    call: (method, path, body) => bureau.call(method, path, body, { origin, cookie }),
  }
}

t.test('a browser is known again whoever signs in from it; the command line has no mark', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const first = await browse(bureau, people.custodian)
  const [set] = first.answer.headers.getSetCookie().filter((one) => one.startsWith('custody_browser='))
  t.match(set, /^custody_browser=[A-Za-z0-9_-]{43}; .*HttpOnly/)
  t.match(set, /SameSite=Strict/)
  t.match(set, /Max-Age=34560000/)
  const second = await browse(bureau, people.supervisor, first.cookies)
  const markOf = (cookies: string) => /custody_browser=([^;]+)/.exec(cookies)![1]!
  t.equal(markOf(second.cookies), markOf(first.cookies))
  await bureau.signIn(people.auditor)
  const rows = await world.db.selectFrom('session').select(['address', 'browser_mark']).orderBy('created_at').execute()
  const stored = sha256(markOf(first.cookies))
  t.same(
    rows.map(({ browser_mark }) => browser_mark),
    [stored, stored, null],
  )
  t.equal(rows[0]?.address, '127.0.0.1')
  const opened = (await bureau.eventsOf('session.opened')).map(({ details }) => details.browser)
  t.same(opened, [sha256(stored).toString('hex').slice(0, 16), opened[0], undefined])
  t.notMatch(JSON.stringify(opened), stored.toString('hex').slice(0, 16))
})

t.test('two offices that act on one matter from one browser are accepted and marked', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { people, world } = bureau
  const custodian = await browse(bureau, people.custodian)
  const { body: proposed } = await custodian.call('POST', path, { value: 45, source })
  world.clock.advance(10 * minuteMs - 30_000)
  const supervisor = await browse(bureau, people.supervisor, custodian.cookies)
  const decided = await supervisor.call('POST', `${path}/${proposed.id}/decision`, { accept: true })
  t.match(decided, {
    status: 200,
    body: { sameSeat: { with: { id: people.custodian.id, name: 'custodian 同志' }, by: 'browser', minutesApart: 10 } },
  })
  const [changed] = await bureau.eventsOf('setting.changed')
  t.same(changed?.details.sameSeat, { with: people.custodian.id, by: 'browser', minutesApart: 10 })

  // The hand-over lists its signatures with their marks.
  const handover = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
  const { body: open } = await custodian.call('POST', '/custodian/handovers', handover)
  const sign = `/custodian/handovers/${open.id}/signatures`
  t.match(await custodian.call('POST', sign), { status: 201, body: { sameSeat: null } })
  t.match(await supervisor.call('POST', sign), { status: 201, body: { sameSeat: { by: 'browser', minutesApart: 1 } } })
  const listed = (await supervisor.call('GET', '/custodian')).body.handover.signatures
  t.match(listed, [
    { part: 'outgoing', sameSeat: null },
    { part: 'supervisor', sameSeat: { by: 'browser' } },
  ])
})

t.test('another browser, a loopback address, or more than the minutes are no one seat', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { people, world } = bureau
  let value = 30
  const decide = async (between: () => unknown, cookiesOf: (cookies: string) => string) => {
    const custodian = await browse(bureau, people.custodian)
    value += 1
    const proposed = await custodian.call('POST', path, { value, source })
    await between()
    const supervisor = await browse(bureau, people.supervisor, cookiesOf(custodian.cookies))
    const decision = `${path}/${proposed.body.id}/decision`
    const decided = await supervisor.call('POST', decision, { accept: false, reason: '不同意' })
    t.equal(decided.status, 200)
    return decided.body.sameSeat
  }
  const same = (cookies: string) => cookies
  const other = () => ''
  t.equal(await decide(() => undefined, other), null)
  t.match(await decide(() => world.clock.advance(29 * minuteMs), same), { by: 'browser', minutesApart: 30 })
  t.equal(await decide(() => world.clock.advance(30 * minuteMs), same), null)
  const set = async (key: string, value: unknown) => {
    const auditor = await bureau.signIn(people.auditor)
    const supervisor = await bureau.signIn(people.supervisor)
    const proposed = await auditor.call('POST', `/settings/${key}/proposals`, { value, source })
    t.equal(proposed.status, 201)
    const decision = `/settings/${key}/proposals/${proposed.body.id}/decision`
    t.equal((await supervisor.call('POST', decision, { accept: true })).status, 200)
  }
  await set('signature.loopback_is_a_seat', true)
  t.match(await decide(() => undefined, other), { by: 'address' })
  await set('signature.same_seat_minutes', 0)
  t.equal(await decide(() => undefined, same), null, '0 switches it off')
})

t.test(
  'a mark stands in the package list and the chain, and fsck finds one that was taken out of the rows',
  async (t) => {
    const bureau = await openBureau(t)
    const { people, world, log } = bureau
    const officer = await bureau.signIn(people.officer)
    const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
    const number = '综执检〔2026〕7号'
    const { body: caseFile } = await officer.call('POST', '/cases', {
      number,
      kind: 'inspection',
      title: '检查',
      partyId: party.body.id,
      departments: ['综合执法局'],
      officerIds: [people.officer.id, people.officer2.id],
    })
    const address = (text: string): Seat => ({ address: text, browserMark: null })
    const order = {
      caseFile: { id: caseFile.id, number },
      withFootage: true,
      purpose: '证明检查经过',
      recipient: { name: '法官', organisation: '法院' },
      recipientKey: null,
    }
    const custodian = { id: people.custodian.id, role: 'custodian', seat: address('10.1.2.3') }
    const supervisor = { id: people.supervisor.id, role: 'supervisor', seat: address('::ffff:10.1.2.3') }
    const { id: packageId } = await requestPackage(world.db, world.clock, custodian, order)
    const decision = { packageId, approve: false, reason: '理由不足' }
    const { sameSeat } = await decidePackage(world.db, world.clock, supervisor, decision)
    t.match(sameSeat, { with: { id: people.custodian.id }, by: 'address', minutesApart: 1 })
    const session = await bureau.signIn(people.auditor)
    const listed = await session.call('GET', `/cases/${caseFile.id}/packages`)
    t.match(listed.body.packages, [{ sameSeat: { with: { name: 'custodian 同志' }, by: 'address' } }])

    await settled(world)
    const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
    const chain = await chainOfCase({ db: world.db, stores: world.stores, ...keys }, number)
    t.same(chain.findings, [])
    const shown = chain.events.find(({ kind }) => kind === 'package.refused')
    t.match(shown?.details, { sameSeat: { with: people.custodian.id, by: 'address' } })
    const findings = async () => (await fsck({ db: world.db, stores: null, ...keys })).map(({ check }) => check)
    t.same(await findings(), [])
    await world.db.updateTable('act_seat').set({ same_person_id: null }).execute()
    t.same(await findings(), ['signatures.seat_differs'])
    await world.db.updateTable('act_seat').set({ same_person_id: people.auditor.id }).execute()
    t.same(await findings(), ['signatures.seat_differs', 'signatures.seat_differs'])
  },
)
