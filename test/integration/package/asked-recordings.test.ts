import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { attachRecording } from '../../../services/custody/cases/attach.ts'
import { findCase } from '../../../services/custody/cases/case.ts'
import { detailsOf } from '../../../services/custody/events/read.ts'
import { checkBody } from '../../../services/ledger/format/entry.ts'
import { testTerminal } from '../../support/terminal.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'
import { addFootage } from '../access/footage.ts'

t.setTimeout(480_000)
const number = '镇综执检〔2026〕31号'
const proves = '证明当事人占用人行道经营'

t.test('a package is asked for with what each recording proves', async (t) => {
  const bureau = await openBureau(t)
  const custodian = await bureau.signIn(bureau.people.custodian)
  const [first, second, stranger] = await threeRecordings(bureau)
  const ask = (recordings: readonly object[], order: object = {}) =>
    custodian.call('POST', `/cases/${encodeURIComponent(number)}/packages`, {
      ...{ withFootage: false, purpose: '行政诉讼举证', recordings },
      ...order,
    })
  const one = { recordingId: first, proves, transcript: null }

  t.test('what is wrong is named, and nothing is entered', async (t) => {
    for (const [recordings, field] of [
      [[{ ...one, proves: '太短' }], /proves/],
      [[{ ...one, proves: '   证明违法    ' }], /proves/],
      [[{ ...one, proves: '证明\u0000当事人占用人行道' }], /recordings\.0\.proves contains the character U\+0000/],
      [[{ ...one, fromMs: 1 }], /recordings\[0\]: a part has both/],
      [[{ ...one, fromMs: 9, toMs: 9 }], /recordings\[0\]\.toMs/],
      [
        [{ ...one, fromMs: 0, toMs: 540_000 }],
        /recordings\[0\]\.toMs: the part ends at 9:00, but the recording is 2:00 long/,
      ],
      [[{ ...one, transcript: 'perhaps' }], /transcript/],
      [[{ ...one, originalMedium: '无' }], /originalMedium/],
      [[{ ...one, originalMedium: '原'.repeat(61) }], /originalMedium/],
      [
        [{ ...one, originalMedium: '   在库   ' }],
        /originalMedium must have at least 4 characters, not counting blanks/,
      ],
      [[one, one], /named twice/],
      [[{ ...one, recordingId: stranger }], /does not lie in this case/],
    ] as const) {
      const answer = await ask(recordings)
      t.equal(answer.status, 400, JSON.stringify(recordings))
      t.match(answer.body.error.message, field)
    }
    const purpose = '证明当事人占用人行道经营'
    t.match((await ask([one], { purpose })).body.error.message, /what the package is for/)
    t.same(await bureau.eventsOf('package.requested'), [])
  })

  t.test('what is missing is counted, what is said stands in the event for ever', async (t) => {
    t.match(await ask([]), { status: 201, body: { state: 'queued', missingProves: 2 } })
    const medium = { originalMedium: '存储卡封存于证物室，封条号 0012' }
    const said = { ...one, proves: ` ${proves} `, fromMs: 12_000, toMs: 95_500, transcript: 'separate', ...medium }
    const answer = await ask([said])
    t.match(answer, { status: 201, body: { missingProves: 1 } })
    t.same(await recordingsIn(bureau, answer.body.id), [{ ...said, proves }])
    t.equal((await recordingsIn(bureau, (await ask([])).body.id)) ?? null, null)
  })

  t.test('custody package request reads a table and says how many lack it', async (t) => {
    const folder = t.testdir({})
    const { account, password } = bureau.people.custodian
    const run = async (...args: string[]) => {
      const terminal = testTerminal({
        CUSTODY_ACCESS: bureau.base,
        CUSTODY_ACCOUNT: account,
        CUSTODY_PASSWORD: password,
      })
      const code = await runProgram(['package', 'request', number, '--purpose', '行政诉讼举证', ...args], terminal)
      return { code, out: terminal.printed.join('\n'), err: terminal.told.join('\n') }
    }
    t.match(await run(), { code: 0, out: /正在制作[\s\S]*缺证明对象 2 条/ })
    const table = join(folder, 'recordings.csv')
    await writeFile(table, `recording,proves,from,to,transcript,medium\n${first},${proves},soon,1:75,maybe,无\n`)
    t.match(await run('--recordings', table), {
      code: 2,
      err: /line 2: from[\s\S]*line 2: to[\s\S]*line 2: transcript[\s\S]*line 2: medium（原始载体）：应为 4 至 60 个字，现有 1 个字/,
    })
    await writeFile(table, `recording,proves,from,to\n现场.mp4,太短,,\n`)
    t.match(await run('--recordings', table), {
      code: 2,
      err: /应填资料编号.*“现场.mp4”[\s\S]*应为 8 至 200 个字，现有 2 个字/,
    })
    t.match(await run('--recordings', table, '--lang', 'en'), { code: 2, err: /id of the recording is expected/ })
    await writeFile(table, `recording,proves,from,to\n${first},${proves},0:00,1:02:03.5\n`)
    t.match(await run('--recordings', table), { code: 2, err: /ends at 1:02:03.5, but the recording is 2:00 long/ })
    const lines = [`${first},${proves},0:12,1:35.5,另附,`, `${second},证明执法人员出示执法证,,,无对话,存储卡已循环使用`]
    await writeFile(table, `recording,proves,from,to,transcript,medium\n${lines.join('\n')}\n`)
    const footage = ['--with-footage', '--recipient', '赵法官', '--organisation', '某某区人民法院']
    const asked = await run('--recordings', table, ...footage)
    t.match(asked, { code: 0, out: /待分管领导批准$/ })
    t.same(await recordingsIn(bureau, /举证材料 (\S+)：/.exec(asked.out)![1]!), [
      { recordingId: first, proves, fromMs: 12_000, toMs: 95_500, transcript: 'separate' },
      {
        ...{ recordingId: second, proves: '证明执法人员出示执法证', transcript: 'no_speech' },
        originalMedium: '存储卡已循环使用',
      },
    ])
    t.match(await run('--recipient', '赵法官'), { code: 2, err: /go together/ })
    t.match(await run('--lang', 'en', '--json'), { code: 0, out: /"missingProves":2/ })
  })
})

async function threeRecordings(bureau: Bureau): Promise<[string, string, string]> {
  const { people, world } = bureau
  const officer = await bureau.signIn(people.officer)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const officerIds = [people.officer.id, people.officer2.id]
  await officer.call('POST', '/cases', {
    ...{ number, kind: 'inspection', title: '检查', partyId: party.body.id, departments: ['综合执法局'], officerIds },
  })
  const [opened] = await world.db.selectFrom('event').where('kind', '=', 'case.opened').select('body').execute()
  t.match(detailsOf('case.opened', checkBody(opened!.body)), { partyName: '便民超市' })
  const caseFile = (await findCase(world.db, number))!
  const ids: string[] = []
  for (let n = 0; n < 3; n++) ids.push((await addFootage(bureau)).recordingId)
  for (const recordingId of ids.slice(0, 2)) {
    const attachment = { recordingId, caseFile, stage: 'investigation', officerIds } as const
    await attachRecording(world.db, world.clock, { id: people.officer.id, role: 'officer' }, attachment)
  }
  return ids as [string, string, string]
}

async function recordingsIn({ world }: Bureau, packageId: string) {
  const rows = await world.db.selectFrom('event').where('kind', '=', 'package.requested').select('body').execute()
  const bodies = rows.map(({ body }) => checkBody(body))
  const own = bodies.find(({ subjects }) => subjects.some(({ id }) => id === packageId))!
  return detailsOf('package.requested', own)!.recordings
}
