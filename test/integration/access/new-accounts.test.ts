import t from 'tap'
import { decide, supply } from '../supplied/supplying.ts'
import { signInAs } from './accounts.ts'
import { openBureau } from './bureau.ts'
import { addFootage } from './footage.ts'
import { openCase, openInPlace, takeOffice } from './new-custodian.ts'

const dayMs = 24 * 60 * 60_000
const dependent = { status: 409, body: { error: { message: /was made less than 30 days ago/ } } }

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
