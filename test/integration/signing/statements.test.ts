import { hash } from 'node:crypto'
import t from 'tap'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import type { Statement } from '../../../services/custody/events/statement.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { checkBody, type EventBody } from '../../../services/ledger/format/entry.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'
import { settled } from '../fsck/tampered-world.ts'

const caseNumber = '综执检〔2026〕9号'

async function newestOf(
  bureau: Bureau,
  kind: string,
): Promise<{ text: string; body: EventBody; statement: Statement }> {
  const { body: text } = await bureau.world.db
    .selectFrom('event')
    .where('kind', '=', kind)
    .select('body')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const body = checkBody(text)
  return { text, body, statement: body.details.statement as unknown as Statement }
}

async function askForPackage(bureau: Bureau): Promise<string> {
  const officer = await bureau.signIn(bureau.people.officer)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opened = await officer.call('POST', '/cases', {
    number: caseNumber,
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [bureau.people.officer.id, bureau.people.officer2.id],
  })
  const asked = await custodian.call('POST', `/cases/${opened.body.id}/packages`, {
    withFootage: true,
    purpose: '证明检查经过',
    recipient: { name: '法官', organisation: '法院' },
  })
  t.equal(asked.status, 201)
  return asked.body.id
}

t.test('what a person signs is a statement over the event that put it up', async (t) => {
  const bureau = await openBureau(t)
  const { people } = bureau
  const packageId = await askForPackage(bureau)
  const supervisor = await bureau.signIn(people.supervisor)
  const custodian = await bureau.signIn(people.custodian)
  const decision = { approve: true, reason: '同意' }
  t.equal((await supervisor.call('POST', `/packages/${packageId}/decision`, decision)).status, 200)

  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device' })
  const proposal = { outcome: 'keep_apart', reason: '设备未登记' }
  t.equal((await custodian.call('POST', `/quarantine/${recordingId}/proposals`, proposal)).status, 201)
  t.equal((await supervisor.call('POST', `/quarantine/${recordingId}/decision`, { confirmed: true })).status, 200)

  const handover = { toPersonId: people.custodian_waiting.id, reason: '岗位轮换', absent: false }
  const { body: proposed } = await custodian.call('POST', '/custodian/handovers', handover)
  t.equal((await supervisor.call('POST', `/custodian/handovers/${proposed.id}/signatures`)).status, 201)

  for (const [act, object, putUp] of [
    ['package.signed', `package:${packageId}`, 'package.requested'],
    ['quarantine.resolved', `recording:${recordingId}`, 'quarantine.proposed'],
    ['custodian.handover_signed', 'custodianship:bureau', 'custodian.handover_proposed'],
  ] as const) {
    const signed = await newestOf(bureau, act)
    const { text } = await newestOf(bureau, putUp)
    t.match(signed.statement, {
      v: 1,
      act,
      object,
      objectSha256: hash('sha256', text, 'hex'),
      person: people.supervisor.id,
      role: 'supervisor',
    })
    t.ok(Math.abs(Date.parse(signed.statement.askedAt) - Date.parse(signed.body.at)) < 5000, `${act}: askedAt`)
  }
})

t.test('a signature under something else than what was put up is found by fsck and by the chain', async (t) => {
  const bureau = await openBureau(t)
  const { world, log, people } = bureau
  const packageId = await askForPackage(bureau)
  const supervisor = await bureau.signIn(people.supervisor)
  const decision = { approve: true, reason: '同意' }
  await supervisor.call('POST', `/packages/${packageId}/decision`, decision)
  const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const statementFindings = async () => {
    await settled(world)
    const found = await fsck({ db: world.db, stores: null, ...keys })
    const chain = await chainOfCase({ db: world.db, stores: world.stores, ...keys }, caseNumber)
    const code = 'signatures.statement_differs'
    return [
      found.flatMap((one) => (one.check === code ? [one.problem] : [])),
      chain.findings.flatMap((one) => (one.code === code ? [one.what] : [])),
    ]
  }
  t.same(await statementFindings(), [[], []])

  const { body, statement } = await newestOf(bureau, 'package.signed')
  const forged: [string, Partial<Statement>][] = [
    ['person', { person: people.auditor.id }],
    ['role', { role: 'auditor' }],
    ['act', { act: 'package.refused' }],
    ['object', { object: 'package:another' }],
    ['objectSha256', { objectSha256: '0'.repeat(64) }],
  ]
  for (const [at, [member, change]] of forged.entries()) {
    // As somebody writes it who has taken a service over: committed, sequenced and signed like every other event.
    await world.db.transaction().execute((trx) =>
      recordEvent(trx, 'package.signed', {
        clock: world.clock,
        by: { id: people.supervisor.id, role: 'supervisor' },
        subjects: body.subjects,
        details: {
          reason: '同意',
          requestedBy: people.custodian.id,
          withFootage: true,
          statement: { ...statement, ...change },
        },
      }),
    )
    for (const problems of await statementFindings()) {
      t.equal(problems.length, at + 1)
      t.ok(
        problems.some((problem) => problem.startsWith(`${member} is`)),
        member,
      )
    }
  }
})
