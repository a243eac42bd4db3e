import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { settled } from '../fsck/tampered-world.ts'
import { decide, supply } from '../supplied/supplying.ts'
import { openAccount, passwordOf, signInAs, useSecrets } from './accounts.ts'
import { type Bureau, openBureau, type Person } from './bureau.ts'
import { addFootage } from './footage.ts'

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

t.test(
  'a third signature on paper stands under what two names are not enough for, until an auditor has compared it',
  async (t) => {
    const bureau = await openBureau(t, { movesClock: true })
    const { world, people, log } = bureau
    world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
    const custodian = await takeOffice(bureau, await openInPlace(bureau))
    const { supervisor } = await signInAs(bureau, 'supervisor')
    const auditor = await bureau.signIn(await lateAuditor(bureau))
    const caseId = await openCase(bureau)
    const order = { withFootage: true, purpose: '证明检查经过', recipient: { name: '法官', organisation: '法院' } }
    const { id } = (await custodian.call('POST', `/cases/${caseId}/packages`, order)).body
    const sign = () => supervisor.call('POST', `/packages/${id}/decision`, { approve: true, reason: '同意' })
    t.match(await sign(), dependent)

    const paper = { name: '周敏', office: '区司法局', scanSha256: 'a'.repeat(64) }
    const third = { act: 'package.signed', subjectId: id, ...paper }
    t.equal((await custodian.call('POST', '/signatures/third', { ...third, act: 'setting.changed' })).status, 400)
    const unknown = { ...third, subjectId: people.officer.id }
    t.match(await custodian.call('POST', '/signatures/third', unknown), { status: 404 }, 'nothing puts that up')
    const added = await custodian.call('POST', '/signatures/third', third)
    t.match(added, { status: 201, body: { putUpSha256: /^[0-9a-f]{64}$/ } })
    t.equal((await sign()).status, 200)
    t.match((await bureau.eventsOf('package.signed')).at(-1)?.details, { third: { id: added.body.id, ...paper } })
    const shown = async () => (await supervisor.call('GET', `/packages/${id}`)).body.thirdSignature
    t.match(await shown(), { name: '周敏', office: '区司法局', state: 'waits', confirmBy: added.body.confirmBy })
    const kinds = async (who: typeof supervisor) =>
      ((await who.call('GET', '/session')).body.notices as { kind: string }[]).map(({ kind }) => kind)
    t.ok((await kinds(auditor)).includes('third_waits'))
    const decision = `/signatures/third/${added.body.id}/decision`
    t.equal((await supervisor.call('POST', decision, { confirm: true })).status, 403)
    t.equal((await auditor.call('POST', decision, { confirm: false })).status, 400, 'a refusal says why')
    t.equal((await auditor.call('POST', decision, { confirm: true })).status, 204)
    t.equal((await auditor.call('POST', decision, { confirm: true })).status, 409)
    t.match(await shown(), { state: 'confirmed' })

    const doubtful = async () => {
      const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device' })
      const proposal = { outcome: 'keep_apart', reason: '另存备查' }
      const { body } = await custodian.call('POST', `/quarantine/${recordingId}/proposals`, proposal)
      return { act: 'quarantine.resolved', subjectId: recordingId, matter: body.id as string, ...paper }
    }
    const resolve = (one: { subjectId: string }) =>
      supervisor.call('POST', `/quarantine/${one.subjectId}/decision`, { confirmed: true })
    const refused = await doubtful()
    const own = await auditor.call('POST', '/signatures/third', refused)
    const ownDecision = `/signatures/third/${own.body.id}/decision`
    t.match(await auditor.call('POST', ownDecision, { confirm: true }), { status: 409 }, 'nobody confirms his own')
    const late = await doubtful()
    t.match(await resolve(late), dependent, 'a signature under another matter is none')
    await supervisor.call('POST', '/signatures/third', late)
    t.equal((await resolve(late)).status, 200)

    await settled(world)
    const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
    const findings = async () => {
      const found = await fsck({ db: world.db, stores: null, ...keys })
      // The footage is made up, and without its events.
      const told = found.filter(
        ({ check, subject }) => check.startsWith('signatures') || subject.startsWith('third_signature'),
      )
      return told.map(({ check }) => check)
    }
    t.same(await findings(), [])
    world.clock.advance(8 * dayMs)
    const again = await bureau.signIn(people.supervisor)
    t.ok((await kinds(again)).includes('third_overdue'), 'the supervisor learns that it was not confirmed in time')
    await settled(world)
    t.same(await findings(), ['signatures.third_unconfirmed'])
    await world.db.updateTable('third_signature').set({ signer_name: '别人' }).where('id', '=', added.body.id).execute()
    t.same(await findings(), ['rows.row_differs', 'signatures.third_unconfirmed'])
  },
)

/** An auditor whom nobody under these acts has opened. */
async function lateAuditor(bureau: Bureau): Promise<Person> {
  const row = await bureau.world.db
    .selectFrom('person')
    .where('account', '=', 'auditor2')
    .select('id')
    .executeTakeFirstOrThrow()
  return { id: row.id, account: 'auditor2', password: passwordOf('auditor2'), role: 'auditor' }
}

/**
 * A new custodian's account that the supervisor released in the auditors' place: the only auditor in service is new himself,
 * and the same administrator made his account.
 */
async function openInPlace(bureau: Bureau): Promise<Person> {
  const { people, world } = bureau
  const { administrator, supervisor } = await signInAs(bureau, 'administrator', 'supervisor')
  await openAccount(bureau, { maker: administrator, releaser: supervisor }, { role: 'auditor', account: 'auditor2' })
  const leaving = `/people/${people.auditor.id}/shutting`
  await administrator.call('POST', leaving, { reason: '调离' })
  await supervisor.call('POST', `${leaving}/decision`, { confirm: true, reason: '已核实' })
  const wanted = { name: '新管理员', role: 'custodian', account: 'custodian3' } as const
  const made = await administrator.call('POST', '/people', wanted)
  const released = await supervisor.call('POST', `/people/${made.body.id}/release`)
  world.clock.set(new Date(Date.parse(released.body.effectiveFrom) + 60_000))
  return useSecrets(bureau, { id: made.body.id, ...wanted }, made.body.firstPassword, released.body.code)
}

/** The custodian in office hands over to him: with the old custodian's own name the hand-over stands. */
async function takeOffice(bureau: Bureau, successor: Person) {
  const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
  const incoming = await bureau.signIn(successor)
  const proposal = { toPersonId: successor.id, reason: '岗位轮换', absent: false }
  const { id } = (await custodian.call('POST', '/custodian/handovers', proposal)).body
  for (const signer of [custodian, supervisor, incoming]) {
    const signed = await signer.call('POST', `/custodian/handovers/${id}/signatures`)
    if (signed.status !== 201) throw new Error(JSON.stringify(signed.body))
  }
  return incoming
}

async function openCase(bureau: Bureau): Promise<string> {
  const officer = await bureau.signIn(bureau.people.officer)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opened = await officer.call('POST', '/cases', {
    number: '综执检〔2027〕1号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [bureau.people.officer.id, bureau.people.officer2.id],
  })
  return opened.body.id
}
