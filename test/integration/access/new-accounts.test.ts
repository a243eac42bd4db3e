import t from 'tap'
import { decide, supply } from '../supplied/supplying.ts'
import { openAccount, signInAs, useSecrets } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { openCase, openInPlace, takeOffice } from './new-custodian.ts'

const dayMs = 24 * 60 * 60_000
const dependent = { status: 409, body: { error: { message: /has been in use for less than 30 days/ } } }

t.test(
  'for thirty days a new custodian and the supervisor who released him sign nothing as the only two',
  async (t) => {
    const bureau = await openBureau(t, { movesClock: true })
    const { world } = bureau
    world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
    const newcomer = await openInPlace(bureau)
    const custodian = await takeOffice(bureau, newcomer)
    const { supervisor } = await signInAs(bureau, 'supervisor')

    const caseId = await openCase(bureau)
    const order = { withFootage: true, purpose: '证明检查经过', recipient: { name: '法官', organisation: '法院' } }
    const asked = await custodian.call('POST', `/cases/${caseId}/packages`, order)
    t.equal(asked.status, 201)
    const doubtful = await addFootage(bureau, { quarantineReason: 'unknown_device' })
    const proposal = { outcome: 'keep_apart', reason: '另存备查' }
    const proposed = await custodian.call('POST', `/quarantine/${doubtful.recordingId}/proposals`, proposal)
    t.equal(proposed.status, 201)
    const { recordingId } = await addFootage(bureau, { rendition: 'not_playable', deviceSerial: 'ZJ00002' })
    const film = await supply(bureau, custodian, recordingId, Buffer.from('any bytes'))
    t.equal(film.status, 201)

    const acts = (by: typeof supervisor): readonly [string, () => ReturnType<typeof by.call>][] => [
      ['package', () => by.call('POST', `/packages/${asked.body.id}/decision`, { approve: true, reason: '同意' })],
      ['quarantine', () => by.call('POST', `/quarantine/${doubtful.recordingId}/decision`, { confirmed: true })],
      ['supplied film', () => decide(by, recordingId, film.body.id, true)],
    ]
    for (const [name, act] of acts(supervisor)) t.match(await act(), dependent, name)
    for (const kind of ['package.signed', 'quarantine.resolved', 'rendition.supplied']) {
      t.same(await bureau.eventsOf(kind), [], kind)
    }
    world.clock.advance(31 * dayMs)
    const later = await bureau.signIn(bureau.people.supervisor)
    for (const [name, act] of acts(later)) t.match(await act(), { status: 200 }, `${name}, a month later`)
  },
)

t.test('an account that was left shut for a month is new on its first day', async (t) => {
  const bureau = await openBureau(t, { movesClock: true })
  const { people, world } = bureau
  world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
  const first = await signInAs(bureau, 'administrator')
  const wanted = { name: '新领导', role: 'supervisor', account: 'supervisor2' } as const
  const { id } = (await first.administrator.call('POST', '/people', wanted)).body
  world.clock.advance(31 * dayMs)
  const { administrator, auditor } = await signInAs(bureau, 'administrator', 'auditor')
  const { firstPassword } = (await administrator.call('POST', `/people/${id}/password-reset`)).body
  const { code } = (await auditor.call('POST', `/people/${id}/release`)).body
  const person = await useSecrets(bureau, { id, ...wanted }, firstPassword, code)
  const ask = async () => {
    const invented = await bureau.signIn(person)
    const path = `/people/${people.officer2.id}/shutting`
    t.equal((await invented.call('POST', path, { reason: '离职' })).status, 204)
    return async () =>
      (await bureau.signIn(people.auditor)).call('POST', `${path}/decision`, { confirm: true, reason: '已核实' })
  }
  const decide = await ask()
  t.match(await decide(), dependent)
  world.clock.advance(29 * dayMs)
  t.match(await decide(), dependent)
  world.clock.advance(2 * dayMs)
  t.equal((await decide()).status, 204, 'a month after its first sign-in it is new no more')
})

t.test('what a deputy released counts as his supervisor’s at the second release, too', async (t) => {
  const bureau = await openBureau(t)
  const { people, world } = bureau
  const { administrator, auditor, supervisor, deputy } = await signInAs(
    bureau,
    ...(['administrator', 'auditor', 'supervisor', 'deputy'] as const),
  )
  const by = { maker: administrator, releaser: supervisor }
  const invented = await bureau.signIn(await openAccount(bureau, by, { role: 'auditor', account: 'auditor2' }))
  const endsAt = new Date(world.clock.now().getTime() + dayMs).toISOString()
  const named = await supervisor.call('POST', '/deputyships', {
    deputyId: people.deputy.id,
    reason: '外出学习',
    endsAt,
  })
  await auditor.call('POST', `/deputyships/${named.body.id}/decision`, { approve: true })
  t.equal((await auditor.call('POST', `/people/${people.officer.id}/password-reset`)).status, 200)
  t.equal((await deputy.call('POST', `/people/${people.officer.id}/release`)).status, 200)
  t.match((await bureau.eventsOf('person.released')).at(-1)?.details, { office: 'supervisor' })
  t.match(await invented.call('POST', `/people/${people.officer.id}/release`), dependent)
})
