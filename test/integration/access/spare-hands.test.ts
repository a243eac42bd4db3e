import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { settled } from '../fsck/tampered-world.ts'
import { openAccount, passwordOf, signInAs } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'

const place = '镇党政办保险柜'
const reason = '法制办外出学习'
const inOneHand = { status: 409, body: { error: { message: /has no part in the envelope/ } } }
const staff = ['administrator', 'auditor', 'custodian', 'custodian_waiting', 'supervisor'] as const

/** The supervisor's envelope and password: `sealNumber` is sealed by one and confirmed by another. */
function envelope(bureau: Bureau, sealNumber: string) {
  const { supervisor } = bureau.people
  const path = `/people/${supervisor.id}/spare`
  return {
    async seal(by: Session, second: Session, withPersonId: string): Promise<string> {
      const sealed = await by.call('POST', path, { sealNumber, place, withPersonId })
      t.match(sealed, { status: 201 })
      t.match(await second.call('POST', `${path}/confirmation`, { sealNumber }), { status: 204 })
      return sealed.body.code
    },
    ask: (by: Session) => by.call('POST', `${path}/opening-request`, { sealNumber, reason }),
    open: (by: Session) => by.call('POST', `${path}/opening`, { sealNumber }),
    reset: (by: Session) => by.call('POST', `/people/${supervisor.id}/password-reset`),
    signIn: (password: string, code: string) =>
      bureau.call('POST', '/session', { account: 'supervisor', password, code }),
  }
}

const lastRefusal = async (bureau: Bureau) => (await bureau.eventsOf('session.refused')).at(-1)?.details.reason

t.test('whoever gave the first password has no part in the envelope, in whatever order it is done', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, auditor, custodian, custodian_waiting } = await signInAs(bureau, ...staff)
  const first = envelope(bureau, 'FT-0101')
  const code = await first.seal(auditor, custodian, people.custodian.id)
  t.match(await first.reset(auditor), { status: 409 }, 'nobody could release it but the one who sealed')
  const { firstPassword } = (await first.reset(administrator)).body
  t.match(await first.ask(administrator), inOneHand)
  t.equal((await first.ask(custodian)).status, 204)
  t.match(await first.open(administrator), inOneHand)
  t.equal((await first.open(custodian_waiting)).status, 200)

  // Another reset, by one who opened the envelope, or sealed it: the opened code would be good for that password, too.
  const released = await auditor.call('POST', `/people/${people.supervisor.id}/release`)
  t.equal(released.status, 200)
  const second = envelope(bureau, 'FT-0102')
  const before = await second.seal(auditor, custodian, people.custodian.id)
  t.equal((await second.signIn(firstPassword, released.body.code)).status, 201)
  t.equal((await second.ask(custodian)).status, 204)
  t.equal((await second.open(administrator)).status, 200, 'no first password waits: nobody has both')
  const again = (await second.reset(administrator)).body.firstPassword
  t.equal((await second.signIn(again, before)).status, 401)
  t.equal(await lastRefusal(bureau), 'spare_of_maker')
  t.equal((await second.signIn(again, code)).status, 201, 'the other envelope’s people gave no password')
})

t.test('nor has anybody whose account the maker depends on, or who depends on the maker', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, auditor, custodian, custodian_waiting } = await signInAs(bureau, ...staff)
  const by = { maker: administrator, releaser: auditor }
  await openAccount(bureau, by, { role: 'administrator', account: 'administrator2' })
  const invented = await bureau.signIn({
    ...{ id: '', account: 'administrator2', role: 'administrator', password: passwordOf('administrator2') },
  })
  const one = envelope(bureau, 'FT-0103')
  await one.seal(auditor, custodian, people.custodian.id)
  t.equal((await one.reset(invented)).status, 200)
  t.match(await one.ask(custodian), inOneHand, 'the auditor, who sealed it, released the account of the maker')
  const other = envelope(bureau, 'FT-0104')
  const code = await other.seal(custodian, auditor, people.auditor.id)
  const { firstPassword } = (await other.reset(invented)).body
  t.match(await other.ask(administrator), inOneHand, 'who made that account')
  t.match(await other.ask(auditor), inOneHand)
  t.equal((await other.ask(custodian)).status, 204)
  t.equal((await other.open(custodian_waiting)).status, 200)
  t.equal((await other.signIn(firstPassword, code)).status, 201)
})

t.test('an envelope stays good until the next is confirmed, and both offices hear of each sealing', async (t) => {
  const bureau = await openBureau(t)
  const { people, world, log } = bureau
  const { auditor, custodian, custodian_waiting, supervisor } = await signInAs(bureau, ...staff)
  const path = `/people/${people.supervisor.id}/spare`
  const old = envelope(bureau, 'FT-0105')
  await old.seal(auditor, custodian, people.custodian.id)
  const states = async () =>
    (await auditor.call('GET', '/spares')).body.spares.map(
      ({ sealNumber, state }: { sealNumber: string; state: string }) => `${sealNumber} ${state}`,
    )
  const sealAnew = (sealNumber: string) =>
    auditor.call('POST', path, { sealNumber, place, withPersonId: people.custodian.id })
  t.equal((await sealAnew('FT-0106')).status, 201)
  t.same(await states(), ['FT-0106 not_confirmed', 'FT-0105 sealed'])
  for (const who of [auditor, supervisor]) {
    const { notices } = (await who.call('GET', '/session')).body as { notices: { kind: string }[] }
    t.ok(notices.some(({ kind }) => kind === 'spare_being_sealed'))
  }
  const listed = (await auditor.call('GET', '/people')).body.people as { id: string; spare?: object }[]
  t.match(listed.find(({ id }) => id === people.supervisor.id)?.spare, { sealNumber: 'FT-0105', state: 'sealed' })
  t.equal((await sealAnew('FT-0107')).status, 201)
  t.same(await states(), ['FT-0107 not_confirmed', 'FT-0106 replaced', 'FT-0105 sealed'])
  t.equal((await old.ask(custodian)).status, 204, 'the one that counts can be opened')
  t.match(await envelope(bureau, 'FT-0107').ask(custodian), { status: 409 })
  t.equal((await custodian.call('POST', `${path}/confirmation`, { sealNumber: 'FT-0107' })).status, 204)
  t.same(await states(), ['FT-0107 sealed', 'FT-0106 replaced', 'FT-0105 replaced'])
  t.match(await old.open(custodian_waiting), { status: 409, body: { error: { message: /another seal is on record/ } } })

  await settled(world)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const found = await fsck({ db: world.db, stores: null, ...keys })
  t.same(
    found.filter(({ check }) => check !== 'tree.event_late').map(({ check, subject }) => `${check} ${subject}`),
    [],
  )
})

t.test('whoever confirms an envelope is independent of whoever sealed it', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const { administrator, auditor, custodian_waiting } = await signInAs(bureau, ...staff)
  const by = { maker: administrator, releaser: auditor }
  const invented = await openAccount(bureau, by, { role: 'custodian', account: 'custodian3' })
  const path = `/people/${people.supervisor.id}/spare`
  const seal = { sealNumber: 'FT-0108', place, withPersonId: invented.id }
  t.equal((await auditor.call('POST', path, seal)).status, 201)
  const confirm = async () =>
    (await bureau.signIn(invented)).call('POST', `${path}/confirmation`, { sealNumber: 'FT-0108' })
  t.match(await confirm(), { status: 409, body: { error: { message: /has been in use for less than 30 days/ } } })
  const [sealed] = await bureau.eventsOf('spare.sealed')
  const sheet = { name: '周敏', office: '区司法局', scanSha256: 'a'.repeat(64) }
  const third = { act: 'spare.confirmed', subjectId: people.supervisor.id, matter: sealed!.details.spareId, ...sheet }
  t.equal((await custodian_waiting.call('POST', '/signatures/third', third)).status, 201)
  t.equal((await confirm()).status, 204)
})
