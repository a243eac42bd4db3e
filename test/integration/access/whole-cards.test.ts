import { randomBytes } from 'node:crypto'
import t from 'tap'
import { chainOfCase } from '../../../services/custody/chain/chain.ts'
import { signInAs } from './accounts.ts'
import { type Bureau, openBureau } from './bureau.ts'
import { findingsOf, run, tamper } from './by-command.ts'
import { addFootage } from './footage.ts'

const card = 'ZJ00001'
const proposal = { deviceSerial: card, outcome: 'accept', reason: '与当日出勤登记核对一致' }

async function unlisted(bureau: Bureau, footage: Parameters<typeof addFootage>[1] = {}): Promise<string> {
  const { recordingId } = await addFootage(bureau, {
    ...{ deviceSerial: card, quarantineReason: 'not_listed', segments: 1 },
    ...footage,
  })
  return recordingId
}

/** Opens a case with this recording; returns its number. */
async function fileIt(bureau: Bureau, recordingId: string): Promise<string> {
  const { officer, custodian } = await signInAs(bureau, 'officer', 'custodian')
  const officerIds = [bureau.people.officer.id, bureau.people.officer2.id]
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const opening = { number: '综执检〔2026〕1号', kind: 'inspection', title: '检查', departments: ['综合执法局'] }
  const opened = await officer.call('POST', '/cases', { ...opening, partyId: party.body.id, officerIds })
  const filing = { caseId: opened.body.id, stage: 'investigation', officerIds }
  const filed = await custodian.call('POST', `/recordings/${recordingId}/cases`, filing)
  if (filed.status !== 204) throw new Error(JSON.stringify(filed.body))
  return opening.number
}

t.test('a whole card that stood on no signed list is accepted by one signature over its list', async (t) => {
  const bureau = await openBureau(t)
  const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
  const all: string[] = []
  for (let made = 0; made < 22; made += 1) all.push(await unlisted(bureau))
  const unknown = await unlisted(bureau, { quarantineReason: 'unknown_device' })
  await unlisted(bureau, { deviceSerial: 'ZJ00002' })
  t.equal((await supervisor.call('POST', '/quarantine/batches', proposal)).status, 403)
  t.equal((await custodian.call('POST', '/quarantine/batches', { ...proposal, deviceSerial: 'ZJ00009' })).status, 404)
  const singly = { outcome: 'keep_apart', reason: '另存备查' }
  t.equal((await custodian.call('POST', `/quarantine/${all[0]}/proposals`, singly)).status, 201)
  const proposed = await custodian.call('POST', '/quarantine/batches', proposal)
  t.match(
    proposed,
    { status: 201, body: { recordings: 21, twins: 0 } },
    'one is proposed already, one is there for another reason',
  )
  t.equal((await custodian.call('POST', '/quarantine/batches', proposal)).status, 404, 'nothing is left')
  const batch = `/quarantine/batches/${proposed.body.id}`
  const events = (await bureau.eventsOf('quarantine.proposed')).filter(({ details }) => details.batchId)
  t.equal(events.length, 21)

  const shown = await supervisor.call('GET', batch)
  t.same(
    shown.body.items.map(({ recordingId }: { recordingId: string }) => recordingId),
    all.slice(1).sort(),
  )
  t.match(shown.body.items[0], { outcome: 'accept', reason: proposal.reason, name: { text: /MP4$/ }, bytes: 1234 })
  const { confirmed, refused } = shown.body.sha256
  const decide = (body: object) => supervisor.call('POST', `${batch}/decision`, body)
  t.equal((await custodian.call('POST', `${batch}/decision`, { confirmed: true, sha256: confirmed })).status, 403)
  t.equal((await decide({ confirmed: true })).status, 400)
  t.match(await decide({ confirmed: true, sha256: refused }), {
    status: 409,
    body: { error: { message: /look at it/ } },
  })
  // What was looked at is not what waits any more.
  const last = all.at(-1)!
  t.equal((await supervisor.call('POST', `/quarantine/${last}/decision`, { confirmed: false })).status, 200)
  t.match(await decide({ confirmed: true, sha256: confirmed }), { status: 409 })
  t.equal((await bureau.eventsOf('quarantine.resolved')).length, 1)
  const { sha256 } = (await supervisor.call('GET', batch)).body
  const decided = await decide({ confirmed: true, sha256: sha256.confirmed })
  t.match(decided, { status: 200, body: { recordings: 20, listId: proposed.body.id, sha256: sha256.confirmed } })
  const resolved = (await bureau.eventsOf('quarantine.resolved')).slice(1)
  t.same(new Set(resolved.map(({ details }) => details.statement.objectSha256)), new Set([sha256.confirmed]))
  t.notOk(resolved.some(({ subjects }) => subjects.includes(`recording:${unknown}`)))
  t.equal((await decide({ confirmed: true, sha256: sha256.confirmed })).status, 404)

  const number = await fileIt(bureau, all[1]!)
  const ofSignatures = async () => {
    const { world, log } = bureau
    const keys = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
    const codes = await findingsOf(bureau)
    const { findings } = await chainOfCase({ db: world.db, stores: world.stores, ...keys }, number)
    return {
      fsck: codes.filter((code) => code.startsWith('signatures')),
      chain: findings.map(({ code }) => code).filter((code) => code.startsWith('signatures')),
    }
  }
  t.same(await ofSignatures(), { fsck: [], chain: [] })
  // The proposal of another recording of the card, which is not of the case: its list is not what was signed.
  const other = events.find(({ subjects }) => subjects.includes(`recording:${all[2]}`))!
  await tamper(
    bureau,
    'quarantine.proposed',
    `"proposalId":"${other.details.proposalId}","reason":"与`,
    `"proposalId":"${other.details.proposalId}","reason":"于`,
  )
  t.same(await ofSignatures(), { fsck: ['signatures.list_differs'], chain: ['signatures.list_differs'] })
})

t.test('of equal files of a card the first is accepted and the others are kept apart', async (t) => {
  const bureau = await openBureau(t)
  const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
  const [twice, known, waiting] = [randomBytes(32), randomBytes(32), randomBytes(32)]
  const first = await unlisted(bureau, { sha256: twice })
  const second = await unlisted(bureau, { sha256: twice })
  const third = await unlisted(bureau, { sha256: twice, deviceSerial: 'ZJ00002' })
  const { recordingId: sealed } = await addFootage(bureau, { sha256: known, segments: 1 })
  const knownAlready = await unlisted(bureau, { sha256: known })
  const singly = await unlisted(bureau, { sha256: waiting, quarantineReason: 'unknown_device' })
  const accept = { outcome: 'accept', reason: '设备补登记后核对一致' }
  t.equal((await custodian.call('POST', `/quarantine/${singly}/proposals`, accept)).status, 201)
  const waitsAlready = await unlisted(bureau, { sha256: waiting })

  const proposed = await custodian.call('POST', '/quarantine/batches', proposal)
  t.match(proposed, { status: 201, body: { recordings: 4, twins: 3 } })
  const told = (await bureau.eventsOf('quarantine.proposed')).filter(({ details }) => details.batchId)
  t.same(
    Object.fromEntries(told.map(({ subjects, details }) => [subjects[0], [details.outcome, details.twinOf ?? null]])),
    {
      [`recording:${first}`]: ['accept', null],
      [`recording:${second}`]: ['keep_apart', first],
      [`recording:${knownAlready}`]: ['keep_apart', sealed],
      [`recording:${waitsAlready}`]: ['keep_apart', singly],
    },
  )
  const batch = `/quarantine/batches/${proposed.body.id}`
  const { sha256 } = (await supervisor.call('GET', batch)).body
  t.match(await supervisor.call('POST', `${batch}/decision`, { confirmed: true, sha256: sha256.confirmed }), {
    status: 200,
    body: { recordings: 4 },
  })
  const left = (await custodian.call('GET', '/quarantine')).body.recordings
  t.same(
    left.map(({ recordingId }: { recordingId: string }) => recordingId),
    [third, singly],
    'the same bytes of another device are its own',
  )
  t.same(
    (await findingsOf(bureau)).filter((code) => code.startsWith('signatures')),
    [],
  )
})

t.test(
  'a file whose twin was sealed since is turned down by itself, and the rest of its card is decided',
  async (t) => {
    const bureau = await openBureau(t)
    const { custodian, supervisor } = await signInAs(bureau, 'custodian', 'supervisor')
    const sha256 = randomBytes(32)
    const late = await unlisted(bureau, { sha256 })
    await unlisted(bureau)
    const { id } = (await custodian.call('POST', '/quarantine/batches', proposal)).body
    const { recordingId: sealed } = await addFootage(bureau, { sha256, deviceSerial: card, segments: 1 })
    const decide = async () => {
      const { body } = await supervisor.call('GET', `/quarantine/batches/${id}`)
      const decision = { confirmed: true, sha256: body.sha256.confirmed }
      return supervisor.call('POST', `/quarantine/batches/${id}/decision`, decision)
    }
    t.match(await decide(), {
      status: 409,
      body: { error: { message: new RegExp(`\\(${late}\\).*is recording ${sealed}.*nothing in this list`) } },
    })
    t.equal((await supervisor.call('POST', `/quarantine/${late}/decision`, { confirmed: false })).status, 200)
    t.match(await decide(), { status: 200, body: { recordings: 1 } })
  },
)

t.test('custody quarantine does the same', async (t) => {
  const bureau = await openBureau(t)
  const sha256 = randomBytes(32)
  const recordingId = await unlisted(bureau, { sha256 })
  await unlisted(bureau, { sha256 })
  const why = ['--outcome', 'accept', '--reason', '与当日出勤登记核对一致']
  const proposed = await run(bureau, 'custodian', 'quarantine', 'propose-card', card, ...why)
  t.match(proposed, {
    code: 0,
    out: /^已提议 2 个文件（其中 1 个与其他文件相同，另存备查），须由分管领导决定：[0-9a-f-]{36}$/,
  })
  const batch = proposed.out.slice(-36)
  t.match(await run(bureau, 'supervisor', 'quarantine', 'list'), {
    out: new RegExp(`ZJ00001_20260102030405.MP4 .*接收入库  与当日出勤登记核对一致  custodian 同志  整卡 ${batch}`),
  })
  const shown = await run(bureau, 'supervisor', 'quarantine', 'show-card', batch)
  t.match(shown, {
    code: 0,
    out: new RegExp(`^1  ${recordingId}  ${card}  .*MP4  1234 B  ${sha256.toString('hex')}  接收入库`),
  })
  const digest = /--approve --list ([0-9a-f]{64})/.exec(shown.out)![1]!
  const decide = (who: 'custodian' | 'supervisor', ...options: string[]) =>
    run(bureau, who, 'quarantine', 'decide-card', batch, ...options)
  t.match(await decide('supervisor', '--list', digest), { code: 2, err: /--approve and --refuse/ })
  t.match(await decide('supervisor', '--approve'), { code: 2, err: /--list/ })
  t.equal((await decide('custodian', '--approve', '--list', digest)).code, 2)
  const decided = await decide('supervisor', '--approve', '--list', digest, '--lang', 'en')
  t.match(decided, { code: 0, out: `decided on 2 recordings, list ${digest}` })
})
