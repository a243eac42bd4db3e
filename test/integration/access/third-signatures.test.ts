import t from 'tap'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { settled } from '../fsck/tampered-world.ts'
import { openAccount, signInAs } from './accounts.ts'
import { type Bureau, openBureau, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'
import { lateAuditor, openCase, openInPlace, takeOffice } from './new-custodian.ts'

const dayMs = 24 * 60 * 60_000
const paper = { name: '周敏', office: '区司法局' }
let scans = 0
/** Of another sheet each time. */
const scanSha256 = () => (++scans).toString(16).padStart(64, '0')
const conflict = (message: RegExp) => ({ status: 409, body: { error: { message } } })
const dependent = conflict(/has been in use for less than 30 days/)
const ofAnother = conflict(/is added by somebody who does not sign the act/)
const namesake = conflict(/the signer of this sheet has the name of somebody/)

/** A custodian whom the supervisor opened ten days ago, and an auditor of more than a month: two names are not enough. */
async function openDependent(t: Parameters<typeof openBureau>[0]) {
  const bureau = await openBureau(t, { movesClock: true })
  bureau.world.clock.set(new Date('2027-03-01T04:00:00.000Z'))
  const newcomer = await openInPlace(bureau)
  await takeOffice(bureau, newcomer)
  bureau.world.clock.advance(11 * dayMs)
  const custodian = await bureau.signIn(newcomer)
  // Who handed the office over waits now, and is of no new account.
  const {
    supervisor,
    administrator,
    custodian: former,
  } = await signInAs(bureau, ...(['supervisor', 'administrator', 'custodian'] as const))
  const auditor = await bureau.signIn(await lateAuditor(bureau))
  return { bureau, custodian, supervisor, administrator, former, auditor }
}

async function doubtfulOf(bureau: Bureau, custodian: Session) {
  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device' })
  const proposal = { outcome: 'keep_apart', reason: '另存备查' }
  const { body } = await custodian.call('POST', `/quarantine/${recordingId}/proposals`, proposal)
  return {
    act: 'quarantine.resolved',
    subjectId: recordingId,
    matter: body.id as string,
    ...paper,
    scanSha256: scanSha256(),
  }
}

const turnedDown = { confirmed: false }
const resolve = (by: Session, { subjectId }: { subjectId: string }) =>
  by.call('POST', `/quarantine/${subjectId}/decision`, { confirmed: true })

t.test(
  'a third signature on paper stands under what two names are not enough for, and an auditor compares it',
  async (t) => {
    const { bureau, custodian, supervisor, former, auditor } = await openDependent(t)
    const { world, people, log } = bureau
    const caseId = await openCase(bureau)
    const order = { withFootage: true, purpose: '证明检查经过', recipient: { name: '法官', organisation: '法院' } }
    const { id } = (await custodian.call('POST', `/cases/${caseId}/packages`, order)).body
    const sign = () => supervisor.call('POST', `/packages/${id}/decision`, { approve: true, reason: '同意' })
    t.match(await sign(), dependent)

    const third = { act: 'package.signed', subjectId: id, ...paper, scanSha256: scanSha256() }
    t.equal((await former.call('POST', '/signatures/third', { ...third, act: 'device.keeper_refused' })).status, 400)
    const unknown = { ...third, subjectId: people.officer.id }
    t.match(await former.call('POST', '/signatures/third', unknown), { status: 404 }, 'nothing puts that up')
    const added = await former.call('POST', '/signatures/third', third)
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
    const tooLate = await former.call('POST', '/signatures/third', { ...third, scanSha256: scanSha256() })
    t.match(tooLate, conflict(/this matter was decided already/))

    const late = await doubtfulOf(bureau, custodian)
    t.match(await resolve(supervisor, late), dependent, 'a signature under another matter is none')
    t.equal((await former.call('POST', '/signatures/third', late)).status, 201)
    t.equal((await resolve(supervisor, late)).status, 200)

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

t.test(
  'nobody under the act adds a sheet, signs it or confirms it, nor anybody whom they made or who made them',
  async (t) => {
    const { bureau, custodian, supervisor, administrator, former, auditor } = await openDependent(t)
    const by = { maker: administrator, releaser: supervisor }
    const invented = await bureau.signIn(await openAccount(bureau, by, { role: 'auditor', account: 'auditor3' }))
    const add = (who: Session, sheet: object) => who.call('POST', '/signatures/third', sheet)
    const sheet = await doubtfulOf(bureau, custodian)
    t.match(await add(custodian, sheet), ofAnother, 'who proposed it')
    t.match(await add(supervisor, sheet), ofAnother, 'who opened the account of whoever proposed it')
    t.match(await add(invented, sheet), ofAnother, 'whose account the same two opened')
    for (const name of ['新管理员', ' 新 管理员', 'supervisor 同志', 'Supervisor同志', 'custodian 同志']) {
      t.match(await add(former, { ...sheet, name }), namesake, name)
    }
    const added = await add(former, { ...sheet, name: 'officer 同志' })
    t.equal(added.status, 201, 'the name of somebody here who has nothing to do with them')
    const decision = (one: typeof added) => `/signatures/third/${one.body.id}/decision`
    t.equal((await resolve(supervisor, sheet)).status, 200)
    const another = conflict(/does not confirm its third signature: another auditor must/)
    t.match(await invented.call('POST', decision(added), { confirm: true }), another, 'the signer opened his account')
    t.equal((await auditor.call('POST', decision(added), { confirm: true })).status, 204)

    const own = await doubtfulOf(bureau, custodian)
    const byAuditor = await add(auditor, own)
    t.equal(byAuditor.status, 201)
    t.match(
      await auditor.call('POST', decision(byAuditor), { confirm: true }),
      { status: 409 },
      'nobody confirms his own',
    )
    // As if a row had been changed, or people had become names under the act since the sheet was added.
    const row = (set: object) =>
      bureau.world.db.updateTable('third_signature').set(set).where('id', '=', byAuditor.body.id).execute()
    await row({ added_by: bureau.people.supervisor.id })
    t.match(await resolve(supervisor, own), conflict(/of 周敏 was added by somebody who signs the act/))
    await row({ added_by: bureau.people.custodian.id, signer_name: 'supervisor 同志' })
    t.match(await resolve(supervisor, own), conflict(/has the name of somebody who has a part in the act/))
  },
)

t.test(
  'a sheet that was refused, or not confirmed in time, carries no act, nor does it when it is added again',
  async (t) => {
    const { bureau, custodian, supervisor, former, auditor } = await openDependent(t)
    const add = (who: Session, sheet: object) => who.call('POST', '/signatures/third', sheet)
    const decide = (who: Session, id: string, decision: object) =>
      who.call('POST', `/signatures/third/${id}/decision`, decision)
    const onceConfirmed = conflict(/of 周敏 counts only once an auditor has confirmed it/)
    const refused = await doubtfulOf(bureau, custodian)
    const { id } = (await add(former, refused)).body
    t.match(await add(former, refused), conflict(/this sheet was added to this matter already/))
    t.equal((await decide(auditor, id, { confirm: false, reason: '不是本人签字' })).status, 204)
    const { notices } = (await former.call('GET', '/session')).body
    t.match(
      notices.find(({ kind }: { kind: string }) => kind === 'third_refused'),
      { waits: false, text: { zh: /^周敏的第三方签署.*未同意，理由：不是本人签字/ } },
      'whoever added it is told',
    )
    t.match(await resolve(supervisor, refused), conflict(/the third signature of 周敏 was refused by an auditor/))
    t.match(
      await add(former, refused),
      conflict(/this sheet was refused by an auditor: a sheet is signed for one matter/),
    )
    const forgotten = await doubtfulOf(bureau, custodian)
    const carried = { ...forgotten, scanSha256: refused.scanSha256 }
    t.match(await add(former, carried), conflict(/this sheet stands under another matter/))
    const signedAnew = await add(former, { ...refused, scanSha256: scanSha256() })
    t.equal(signedAnew.status, 201)
    t.match(await resolve(supervisor, refused), onceConfirmed)
    t.equal((await supervisor.call('POST', `/quarantine/${refused.subjectId}/decision`, turnedDown)).status, 200)
    const proposal = { outcome: 'keep_apart', reason: '再次提议' }
    const { body: anew } = await custodian.call('POST', `/quarantine/${refused.subjectId}/proposals`, proposal)
    const putUpAnew = await add(former, { ...refused, matter: anew.id, scanSha256: scanSha256() })
    t.match(await resolve(supervisor, refused), onceConfirmed, 'a matter that is put up once more does not begin anew')
    t.equal((await decide(auditor, putUpAnew.body.id, { confirm: true })).status, 204)
    t.equal((await resolve(supervisor, refused)).status, 200)

    const { id: lateId, confirmBy } = (await add(former, forgotten)).body
    bureau.world.clock.set(new Date(confirmBy))
    const later = await bureau.signIn(bureau.people.supervisor)
    const ranOut = conflict(/was to be confirmed by an auditor by .*, and was not/)
    t.match(await resolve(later, forgotten), ranOut)
    const again = await bureau.signIn(bureau.people.custodian)
    t.match(await add(again, forgotten), ranOut)
    const confirms = await bureau.signIn(await lateAuditor(bureau))
    t.equal((await decide(confirms, lateId, { confirm: true })).status, 204, 'for the acts that rest on it')
    t.match(await resolve(later, forgotten), ranOut, 'it carries no further one')
    const next = await add(again, { ...forgotten, scanSha256: scanSha256() })
    t.match(await resolve(later, forgotten), onceConfirmed)
    t.equal((await decide(confirms, next.body.id, { confirm: true })).status, 204)
    t.equal((await resolve(later, forgotten)).status, 200)
  },
)

t.test('two at once of one sheet are one', async (t) => {
  const { bureau, custodian, former, auditor } = await openDependent(t)
  const [one, other] = [await doubtfulOf(bureau, custodian), await doubtfulOf(bureau, custodian)]
  const answers = await Promise.all([
    former.call('POST', '/signatures/third', one),
    auditor.call('POST', '/signatures/third', { ...other, scanSha256: one.scanSha256 }),
  ])
  t.same(answers.map(({ status }) => status).sort(), [201, 409])
})

t.test('a matter whose names are enough takes no third signature', async (t) => {
  const { supervisor, former } = await openDependent(t)
  const key = 'signature.same_seat_minutes'
  const proposal = { value: 60, source: '局务会纪要' }
  const { id } = (await supervisor.call('POST', `/settings/${key}/proposals`, proposal)).body
  const sheet = { act: 'setting.changed', subjectId: key, matter: id, ...paper, scanSha256: scanSha256() }
  t.match(await former.call('POST', '/signatures/third', sheet), conflict(/this matter takes no third signature/))
})
