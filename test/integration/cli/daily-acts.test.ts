import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { attachRecording } from '../../../services/custody/cases/attach.ts'
import { findCase } from '../../../services/custody/cases/case.ts'
import { signInAs } from '../access/accounts.ts'
import { type Bureau, openBureau } from '../access/bureau.ts'
import { run } from '../access/by-command.ts'
import { addFootage } from '../access/footage.ts'
import { supply } from '../supplied/supplying.ts'

const number = '综执检〔2026〕7号'

t.test('custody account makes, resets, lists, releases, stops and shuts', async (t) => {
  const bureau = await openBureau(t)
  const made = await run(bureau, 'administrator', 'account', 'make', '执法人员', '新人', 'xin.ren')
  t.match(made, { code: 0, out: /^初始密码 \S+（仅显示一次，.* 前有效）；须由另一人复核启用/ })
  const [, firstPassword] = /初始密码 (\S+)（/.exec(made.out)!
  t.match(await run(bureau, 'administrator', 'account', 'make', '所长', '新人', 'suo.zhang'), {
    code: 2,
    err: /role: not one/,
  })
  const waiting = await run(bureau, 'auditor', 'account', 'openings')
  t.match(waiting, {
    code: 0,
    out: /^[0-9a-f-]{36}\/[0-9a-f-]{36} {2}新人（xin.ren） {2}执法人员 {2}新建 {2}administrator 同志 .*待复核/,
  })
  t.match(waiting.err, /\[待办\] 新人（xin.ren）新建账号，待您复核启用/)
  t.match(await run(bureau, 'auditor', 'account', 'list'), { out: /xin\.ren {2}新人 {2}执法人员 {2}待复核启用/ })
  const released = await run(bureau, 'auditor', 'account', 'release', 'xin.ren')
  t.match(released, { code: 0, out: /^复核码 \S+（仅显示一次，.* 前有效），自 .* 起生效$/ })
  const [, code] = /复核码 (\S+)（/.exec(released.out)!
  const opened = await bureau.call('POST', '/session', { account: 'xin.ren', password: firstPassword, code })
  t.equal(opened.status, 201, 'what was printed opens the account')
  t.match(await run(bureau, 'auditor', 'account', 'openings'), { code: 0, out: /^$/, err: /没有待复核启用的账号/ })
  t.match(await run(bureau, 'auditor', 'account', 'openings', '--all', '--lang', 'en'), { out: /used \d{4}/ })
  t.match(await run(bureau, 'auditor', 'account', 'openings', '--all', '--json'), { out: /^\[\{/ })

  t.match(await run(bureau, 'administrator', 'account', 'reset', 'officer', '--lang', 'en'), {
    code: 0,
    out: /^first password \S+ \(shown once/,
  })
  t.match(await run(bureau, 'auditor', 'account', 'stop', 'officer', '--reason', '本人未申请'), { code: 2 })
  t.match(await run(bureau, 'administrator', 'account', 'shut', 'officer2'), { code: 0, out: '已停用' })
  t.match(await run(bureau, 'administrator', 'account', 'shut', 'nobody'), { code: 2, err: /no account nobody/ })
  const asked = await run(bureau, 'auditor', 'account', 'ask-shutting', 'reviewer', '--reason', '已调离')
  t.match(asked, { code: 0, out: /须由另一人决定/ })
  const decide = (...args: string[]) =>
    run(bureau, 'supervisor', 'account', 'decide-shutting', 'reviewer', '--reason', '仍在岗', ...args)
  t.match(await decide(), { code: 2, err: /--approve and --refuse/ })
  t.match(await decide('--refuse'), { code: 0, out: '未同意停用' })
})

t.test('custody package shows the supervisor what each recording is to prove before it is signed', async (t) => {
  const bureau = await openBureau(t)
  const recordingId = await fileRecording(bureau)
  const table = join(t.testdir({}), 'recordings.csv')
  await writeFile(
    table,
    `recording,proves,from,to,transcript,medium\n${recordingId},证明当事人占用人行道经营,0:12,1:35.5,另附,存储卡在证物室\n`,
  )
  const order = ['--purpose', '行政诉讼举证', '--with-footage', '--recipient', '赵法官', '--organisation', '县人民法院']
  const asked = await run(bureau, 'custodian', 'package', 'request', number, ...order, '--recordings', table)
  const id = /举证材料 (\S+)：/.exec(asked.out)![1]!
  t.match(await run(bureau, 'supervisor', 'package', 'list'), {
    code: 0,
    out: new RegExp(`^${id}  待分管领导批准  ${number}  行政诉讼举证  custodian 同志`),
    err: /\[待办\] custodian 同志申请/,
  })
  const whole =
    /用途 {2}行政诉讼举证\n {2}内容 {2}含音像资料\n {2}接收人 {2}县人民法院 赵法官\n[\s\S]*证明对象\n {4}1 {2}ZJ00001 现场一.MP4 {2}0:12–1:35.5 {2}证明当事人占用人行道经营 {2}文字记录另附 {2}原始载体 存储卡在证物室/
  t.match(await run(bureau, 'supervisor', 'package', 'show', id), { code: 0, out: whole })
  t.match(await run(bureau, 'supervisor', 'package', 'show', id, '--json'), {
    out: /"proves":"证明当事人占用人行道经营"/,
  })
  const decide = (...args: string[]) =>
    run(bureau, 'supervisor', 'package', 'decide', id, '--reason', '同意提供', ...args)
  t.match(await decide(), { code: 2, err: /--approve and --refuse/ })
  const signed = await decide('--approve')
  t.match(signed, { code: 0, out: whole })
  t.match(signed.out, /已批准，正在制作$/)
  t.match(await decide('--refuse'), { code: 2, err: /waits for no signature/ })
  t.match(await run(bureau, 'custodian', 'package', 'list', number, '--lang', 'en'), { out: /to be made/ })
  t.match(
    await run(bureau, 'custodian', 'package', 'download', id, '--out', `${table}.zip`),
    { code: 2 },
    'not made yet',
  )
})

t.test('custody quarantine, handover and notices do the daily acts', async (t) => {
  const bureau = await openBureau(t)
  t.match(await run(bureau, 'supervisor', 'quarantine', 'list'), { code: 0, out: /^$/, err: /没有待核实资料/ })
  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device', name: '现场二.MP4' })
  const proposal = ['--outcome', 'keep_apart', '--reason', '来源待查']
  const short = await run(bureau, 'custodian', 'quarantine', 'propose', recordingId, ...proposal.slice(0, 3), '待查')
  t.match(short, { code: 2, err: /body\.reason must have at least 4 characters, not counting blanks at its ends$/ })
  const proposed = await run(bureau, 'custodian', 'quarantine', 'propose', recordingId, ...proposal)
  t.match(proposed, { code: 0, out: /已提议，须由分管领导决定/ })
  const decide = (word: string) => run(bureau, 'supervisor', 'quarantine', 'decide', recordingId, word)
  t.match(await decide('--refuse'), {
    code: 0,
    out: /ZJ00001 {2}现场二.MP4 {2}设备未登记 .*另存备查 {2}来源待查 {2}custodian 同志\n未同意$/,
  })
  t.match(await decide('--approve'), { code: 2, err: /nothing for this recording/ })

  const told = await run(bureau, 'custodian', 'notices')
  t.match(told, {
    code: 0,
    out: /\[通知\] 设备ZJ00001的待核实文件“现场二.MP4”的处理意见：supervisor 同志未同意.*quarantine_refused:/,
  })
  t.equal(told.err, '', 'they are not told twice')
  t.match(await run(bureau, 'custodian', 'notices', '--seen', 'nothing'), { code: 2, err: /no notice nothing/ })
  const id = /quarantine_refused:\S+/.exec(told.out)![0]
  t.match(await run(bureau, 'custodian', 'notices', '--seen', id), { code: 0, out: /^$/, err: /没有待办/ })

  const handover = await run(bureau, 'custodian', 'handover', 'propose', 'custodian2', '--reason', '岗位轮换')
  t.match(handover, { code: 0, out: /已提出，须由各方签署/ })
  t.match(await run(bureau, 'custodian', 'handover', 'sign'), {
    code: 0,
    out: /→ custodian2 同志 {2}岗位轮换[\s\S]*已签署（移交人）$/,
  })
  t.match(await run(bureau, 'supervisor', 'handover', 'show'), {
    out: /待签署 接收人、监交人/,
    err: /\[待办\] 资料管理员工作交接/,
  })
  t.match(await run(bureau, 'supervisor', 'handover', 'withdraw'), { code: 0, out: '已撤回' })
  t.match(await run(bureau, 'supervisor', 'handover', 'sign'), { code: 2, err: /no hand-over is under way/ })
})

t.test('before other commands only the first three notices are told, and how many more there are', async (t) => {
  const bureau = await openBureau(t)
  const { custodian } = await signInAs(bureau, 'custodian')
  for (let made = 0; made < 5; made += 1) {
    const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device', segments: 1 })
    await custodian.call('POST', `/quarantine/${recordingId}/proposals`, { outcome: 'keep_apart', reason: '来源待查' })
  }
  const listed = await run(bureau, 'supervisor', 'setting', 'list')
  const count = (text: string) => text.split('\n').filter((line) => line.startsWith('[')).length
  t.equal(count(listed.err), 3)
  const all = await run(bureau, 'supervisor', 'notices')
  t.match(listed.err, new RegExp(`\n另有 ${count(all.out) - 3} 条：custody notices$`))
  t.match(await run(bureau, 'supervisor', 'notices', '--seen', 'all'), { code: 0, out: /\[待办\]/ }, 'work stays')
})

t.test('custody device and supplied-film put up and decide what waits for a second person', async (t) => {
  const bureau = await openBureau(t)
  const { administrator, custodian } = await signInAs(bureau, 'administrator', 'custodian')
  await administrator.call('POST', '/devices', { serial: 'ZJ09001', kind: 'recorder' })
  const ask = (...args: string[]) =>
    run(bureau, 'administrator', 'device', 'ask-keeper', 'ZJ09001', '--note', '领用', ...args)
  t.match(await ask(), { code: 2, err: /one of --keeper and --unit/ })
  t.match(await ask('--keeper', 'officer'), { code: 0, out: /须由本人确认/ })
  const decideKeeper = (word: string) => run(bureau, 'officer', 'device', 'decide-keeper', 'ZJ09001', word)
  t.match(await decideKeeper('--refuse'), { code: 0, out: '未同意', err: /\[待办\] 设备ZJ09001/ })
  t.equal((await ask('--keeper', 'officer')).code, 0)
  t.match(await decideKeeper('--approve'), { code: 0, out: '已确认变更保管人' })

  t.match(await run(bureau, 'supervisor', 'supplied-film', 'list'), {
    code: 0,
    out: /^$/,
    err: /没有待决定的外部播放件/,
  })
  const { recordingId } = await addFootage(bureau, { rendition: 'not_playable' })
  const { id } = (await supply(bureau, custodian, recordingId, randomBytes(1000))).body
  const line = new RegExp(`^${id}  ${recordingId}  海康执法仪播放器 5.2.1  .*1000 B  [0-9a-f]{64}  custodian 同志`)
  t.match(await run(bureau, 'supervisor', 'supplied-film', 'list'), { code: 0, out: line })
  const decideFilm = (who: 'custodian' | 'supervisor') =>
    run(bureau, who, 'supplied-film', 'decide', id, '--refuse', '--reason', '与原件不符')
  t.equal((await decideFilm('custodian')).code, 2)
  const refused = await decideFilm('supervisor')
  t.match(refused, { code: 0, out: line })
  t.match(refused.out, /\n未同意$/)
  t.match(await decideFilm('supervisor'), { code: 2, err: /no supplied film/ })
})

/** A case with one recording in it; returns the recording's id. */
async function fileRecording(bureau: Bureau): Promise<string> {
  const { people, world } = bureau
  const officer = await bureau.signIn(people.officer)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const officerIds = [people.officer.id, people.officer2.id]
  const opening = { number, kind: 'inspection', title: '检查', departments: ['综合执法局'] }
  await officer.call('POST', '/cases', { ...opening, partyId: party.body.id, officerIds })
  const { recordingId } = await addFootage(bureau, { officerId: people.officer.id, name: '现场一.MP4' })
  const caseFile = await findCase(world.db, number)
  const custodian = { id: people.custodian.id, role: 'custodian' as const }
  await attachRecording(world.db, world.clock, custodian, {
    recordingId,
    caseFile: caseFile!,
    stage: 'investigation',
    officerIds,
  })
  return recordingId
}
