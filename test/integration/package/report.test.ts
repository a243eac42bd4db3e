import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import t from 'tap'
import { reportContent } from '../../../services/custody/packages/report/build.ts'
import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { reportHtml } from '../../../services/custody/packages/report/html.ts'
import { reportPdf } from '../../../services/custody/packages/report/pdf.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { pathOrLeftOut, pdftotext } from '../../support/tools.ts'
import { hostileName, rareName, reportFacts } from './report-facts.ts'

const run = promisify(execFile)
t.setTimeout(480_000)
const facts = reportFacts(5)
const content = reportContent(facts)
const questions = ['一、', '二、', '三、', '四、', '五、', '六、']

t.test('the HTML shows hostile names as text, runs nothing and loads nothing', async (t) => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push('dialog')
    void dialog.dismiss()
  })
  page.on('request', (request) => asked.push(request.url()))
  await page.setContent(reportHtml(content))
  const text: string = await page.evaluate('document.body.innerText')
  t.equal(await page.evaluate('document.querySelectorAll("script, img").length'), 0)
  t.same(
    asked.filter((url) => !url.startsWith('about:')),
    [],
  )
  for (const words of [hostileName, rareName, '【U+202E】', ...questions]) t.ok(text.includes(words), words)
  t.equal(
    await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
    true,
    'nothing runs out of the page',
  )
})

t.test('events that do not say what their kind declares are counted and named, never passed over', async (t) => {
  const sound = reportFacts(2)
  const strange = ['viewing.opened', 'viewing.ended', 'recording.damaged']
  const events = sound.closure.events.map((event) =>
    strange.includes(event.body.kind) ? { ...event, body: { ...event.body, details: { x: 1 } } } : event,
  )
  const counted = (kind: string) => events.filter(({ body }) => body.kind === kind).length
  t.ok(counted('viewing.opened') > 0)
  const text = JSON.stringify(reportContent({ ...sound, closure: { ...sound.closure, events } }).sections)
  t.ok(text.includes(`共调阅 ${counted('viewing.opened')} 次`))
  t.ok(text.includes(`副本异常 ${counted('recording.damaged')} 次`))
  t.notOk(text.includes('没有人调阅过'))
  t.notOk(text.includes('未发现缺口'))
  t.equal(
    text.split('内容与其类型不符，无法读取；').length - 1,
    strange.reduce((sum, kind) => sum + counted(kind), 0),
  )
  // A member that this version does not know is no reason not to read the rest.
  const newer = sound.closure.events.map((event) => ({
    ...event,
    body: { ...event.body, details: { ...event.body.details, addedLater: 1 } },
  }))
  t.same(reportContent({ ...sound, closure: { ...sound.closure, events: newer } }), reportContent(sound))
})

t.test('the PDF holds the Chinese text, rare characters and both forms of every name', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-report-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const pdf = await reportPdf(content, facts.madeAt)
  t.same(await reportPdf(content, facts.madeAt).then((again) => again.length), pdf.length, 'made twice it is as long')
  const program = pathOrLeftOut(t, 'pdftotext', await pdftotext())
  if (!program) return
  const path = join(folder, 'report.pdf')
  await writeFile(path, pdf)
  const { stdout } = await run(program, ['-enc', 'UTF-8', path, '-'])
  const text = stdout.replaceAll(/\s+/g, '')
  for (const words of [
    '电子数据举证报告',
    '制作方法',
    '证明对象',
    '证明现场检查的经过',
    '镇综执检〔2026〕31号',
    '龘靐齉',
    '▲现场执法人员不足两名（当日仅一名持证人员在岗）',
    '参与人员（执法辅助人员）',
    '王𠮷',
    '【U+202E】',
    '【U+0007】',
    '一号采集站',
    '固定入库',
    '61.5秒',
    '不能证明',
    '播放件说明（录像1）原始文件未变，以原始文件为准。',
    '文件头标明时长1260.0秒（00:21:00.0），其中1200.0秒（00:20:00.0）可以播放；轨道0：00:20:00.0至00:21:00.0数据已损坏',
    '第4号流未制作播放件：无法解码（gnp.【U+202E】4pm',
    '如何核验',
    '0123456789abcdef'.repeat(4),
    ...questions,
  ]) {
    t.ok(text.includes(words), words)
  }
  t.ok(text.includes(hostileName.replaceAll(' ', '')), hostileName)
  const bad = Buffer.from(pdf)
  bad.fill(0, 0, 2000)
  await writeFile(path, bad.subarray(0, 2000))
  await t.rejects(run(program, [path, '-']), 'a file that is cut is no report')
})

t.test('what is missing is said: quarantine, a clock far off, no witnesses, no time-stamp', async (t) => {
  const says = (one: object, words: string) => t.ok(JSON.stringify(one).includes(words), words)
  says(content.sections, '录像4属于待核实资料（校验值与交存单不一致）')
  says(content.sections, '录像2采集时设备时钟偏差 95.0 秒')
  says(content.sections, '核验程序按序号标签查证')
  const bare = reportContent({
    ...facts,
    timestamps: [],
    checkpoint: { ...facts.checkpoint, witnessedAt: null, cosignatures: [] },
  })
  says(bare.sections, '尚未得到足够的外部见证')
  says(bare.sections, '没有可信时间戳覆盖')
  const empty = reportContent({ ...facts, recordings: [], closure: { ...facts.closure, events: [], recordingIds: [] } })
  says(empty.sections, '没有录像归入本案件')
  t.ok((await reportPdf(empty, facts.madeAt)).length > 1000)
})

t.test('a signed list and the user of the shift are named only as far as the seals say so', async (t) => {
  const sealedAs = (details: object) => {
    const events = facts.closure.events.map((one) =>
      /^recording\.(sealed|quarantined)$/.test(one.body.kind)
        ? { ...one, body: { ...one.body, details: { ...one.body.details, ...details } } }
        : one,
    )
    const recordings = facts.recordings.map((one) => ({
      ...one,
      sealed: { ...one.sealed, details: { ...one.sealed.details, ...details } },
    }))
    return JSON.stringify(reportContent({ ...facts, recordings, closure: { ...facts.closure, events } } as ReportFacts))
  }
  const listed = sealedAs({ flags: [], userGrade: 'register' })
  t.match(listed, /交存单：\d+ 份在采集站传输前签名的交存单上。/)
  t.notMatch(listed, /不在任何签名的交存单上/)
  t.match(listed, /（仅登记保管人）/)
  const unlisted = sealedAs({ flags: ['no_list'], userGrade: 'confirmed' })
  t.match(unlisted, /交存单：\d+ 份不在任何签名的交存单上。/)
  t.notMatch(unlisted, /传输前签名/)
  t.match(unlisted, /（本人确认）/)
  t.match(sealedAs({ userGrade: undefined }), /（依据当时未记录）/, 'of before it was kept')
  t.notMatch(listed, /系统管理员没有通向录像的途径/, 'no event of the case says so')
})

t.test('a recording whose rendition differs in nothing has no notes and no heading for them', async (t) => {
  const plain = reportFacts(2)
  const events = plain.closure.events.filter(
    ({ body }) => !(body.kind === 'rendition.ready' && 'notShown' in body.details),
  )
  t.equal(events.length, plain.closure.events.length - 1)
  const withNotes = JSON.stringify(reportContent(plain))
  const without = JSON.stringify(reportContent({ ...plain, closure: { ...plain.closure, events } }))
  for (const words of ['播放件说明', '以原始文件为准']) {
    t.ok(withNotes.includes(words), words)
    t.notOk(without.includes(words), words)
  }
})

t.test('that the original is unchanged is said only while nothing speaks against any copy of it', async (t) => {
  const sound = reportFacts(1)
  const [recording] = sound.recordings
  const isSaid = (changed: Partial<ReportFacts>) =>
    JSON.stringify(reportContent({ ...sound, ...changed })).includes(sentence)
  const sentence = '原始文件未变，以原始文件为准。'
  t.ok(isSaid({}))
  const withEvent = (kind: string, details: EventBody['details']) => {
    const first = sound.closure.events.find(({ body }) => body.kind === 'recording.copied')!
    const body = { ...first.body, kind, details }
    return { closure: { ...sound.closure, events: [...sound.closure.events, { ...first, body }] } }
  }
  const digests = { sealed: { sha256: 'a'.repeat(64), bytes: 1 }, found: null }
  const place = { store: 'backup-a', host: 'h', key: 'k', versionId: 'v' }
  t.notOk(isSaid(withEvent('recording.damaged', { ...place, ...digests })))
  t.notOk(isSaid(withEvent('alarm.raised', { alarm: 'copy_damaged', ...place, ...digests })))
  const finding = { alarm: 'fsck_error', runId: 'r', check: 'stores.bytes_differ', problem: 'p' }
  t.notOk(isSaid(withEvent('alarm.raised', { ...finding, subject: `copy ${recording!.id}/primary` })))
  t.ok(isSaid(withEvent('alarm.raised', { ...finding, subject: `rendition_file ${recording!.id}/0` })))
  const copies = sound.rows.copies.map((copy) => ({
    ...copy,
    state: copy.store === 'primary' ? 'damaged' : copy.state,
  }))
  t.notOk(isSaid({ rows: { ...sound.rows, copies } }))
  t.notOk(isSaid({ recordings: [{ ...recording!, hasOriginal: false, sm3: null }] }), 'nobody has compared it')
})
