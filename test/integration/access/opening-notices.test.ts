import t from 'tap'
import { openingNotices } from '../../../services/custody/people/opening-notices.ts'
import { openAccount, signInAs } from './accounts.ts'
import { type Bureau, openBureau } from './bureau.ts'

const dayMs = 24 * 60 * 60_000

const noticesOf = async ({ world, people }: Bureau, who: keyof Bureau['people']) => {
  const { id, role } = people[who]
  const notices = await openingNotices(world.dbFor('access'), id, role, world.clock.now())
  return notices.map(({ kind, opening }) => `${kind} ${opening.person.account} ${opening.cause}`)
}

t.test('an opening is shown to the person concerned, to who may release it, and to who may stop it', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { people, world } = bureau
  world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  await administrator.call('POST', `/people/${people.custodian_waiting.id}/password-reset`)
  t.same(await noticesOf(bureau, 'auditor'), ['awaits_your_release custodian2 reset'])
  t.same(await noticesOf(bureau, 'supervisor'), [], 'a custodian is none of the supervisor’s')
  t.same(await noticesOf(bureau, 'custodian_waiting'), ['own_account custodian2 reset'])
  t.same(await noticesOf(bureau, 'officer'), [])
  await administrator.call('POST', `/people/${people.officer.id}/password-reset`)
  t.same(await noticesOf(bureau, 'supervisor'), ['awaits_your_release officer reset'])
  t.same(await noticesOf(bureau, 'officer'), ['own_account officer reset'])
  t.same(await noticesOf(bureau, 'officer2'), [])
  await supervisor.call('POST', `/people/${people.officer.id}/release`)
  t.same(await noticesOf(bureau, 'supervisor'), [])

  await openAccount(bureau, { maker: administrator, releaser: supervisor }, { role: 'auditor', account: 'auditor2' })
  const leaving = `/people/${people.auditor.id}/shutting`
  await administrator.call('POST', leaving, { reason: '调离' })
  await supervisor.call('POST', `${leaving}/decision`, { confirm: true, reason: '已核实' })
  await administrator.call('POST', `/people/${people.custodian_waiting.id}/password-reset`)
  t.same(await noticesOf(bureau, 'supervisor'), ['awaits_your_release custodian2 reset'], 'now in the auditors’ place')
  await supervisor.call('POST', `/people/${people.custodian_waiting.id}/release`)
  t.same(await noticesOf(bureau, 'custodian'), ['released_in_place custodian2 reset'])
  t.same(await noticesOf(bureau, 'administrator'), [], 'who could not stop it is not told')
  world.clock.advance(31 * dayMs)
  t.same(await noticesOf(bureau, 'custodian'), [])
  t.same(await noticesOf(bureau, 'custodian_waiting'), [])
})
