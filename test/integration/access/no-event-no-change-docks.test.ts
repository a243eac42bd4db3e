import t from 'tap'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { dockDevice, findGap } from './docked.ts'
import { type Act, checkActs } from './without-events.ts'

t.test('promise 2: nothing that is said of a hand-in changes a row when its event cannot be written', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const { administrator, officer, custodian, supervisor } = await signInAs(
    ...([bureau, 'administrator', 'officer', 'custodian', 'supervisor'] as const),
  )
  await administrator.call('POST', '/devices', { serial: 'ZJ00012', kind: 'recorder' })
  const user = { person: people.officer.id, grade: 'confirmed' } as const
  const docked = await dockDevice(world, { serial: 'ZJ00012', user })
  const [first, second, third] = [
    await findGap(world, docked, { dockGapId: 'g-1' }),
    await findGap(world, docked, { dockGapId: 'g-2' }),
    await findGap(world, docked, { dockGapId: 'g-3' }),
  ]
  const explain = (id: string) => officer.call('POST', `/gaps/${id}/explanations`, { reason: 'battery' })
  for (const id of [second, third]) await explain(id)
  const decide = (id: string, body: object) => custodian.call('POST', `/gaps/${id}/decision`, body)
  const corrections = `/hand-ins/${docked.handInId}/corrections`
  const { id: waiting } = (
    await custodian.call('POST', corrections, { userId: people.officer2.id, reason: '卡插错槽位' })
  ).body
  const pass = (personId: string, card: string) =>
    administrator.call('POST', '/dock-passes', { personId, means: 'card', card })
  const { id: given } = (await pass(people.officer.id, '0004829113')).body
  const list = { confirmed: true, items: [{ act: 'dock_pass.released', id: given, proposalId: given }] }
  const { sha256 } = (await supervisor.call('POST', '/signatures/lists?preview=true', list)).body
  const other = await dockDevice(world, { serial: 'ZJ00012', user })

  const acts: Act[] = [
    ['explain a gap', () => explain(first)],
    ['accept an explanation', () => decide(second, { accept: true })],
    ['return an explanation', () => decide(third, { accept: false, reason: '请补充' })],
    ['confirm a correction', () => supervisor.call('POST', `${corrections}/${waiting}/decision`, { confirm: true })],
    [
      'ask for a correction',
      () =>
        custodian.call('POST', `/hand-ins/${other.handInId}/corrections`, {
          userId: people.officer2.id,
          reason: '借用设备',
        }),
    ],
    [
      'enter a roster',
      () =>
        supervisor.call('POST', '/rosters', {
          csv: 'person,device,day,from,to\nofficer,ZJ00012,2026-12-01,08:30,17:30',
        }),
    ],
    ['give a card', () => pass(people.officer2.id, '0004829114')],
    ['release a card', () => supervisor.call('POST', '/signatures/lists', { ...list, sha256 })],
    ['take a card back', () => administrator.call('POST', `/dock-passes/${given}/taking-back`, { reason: '调离' })],
  ]
  await checkActs(t, world, acts)
})
