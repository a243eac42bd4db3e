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
import { recordingId } from '../../support/report/events.ts'
import { both, detailed, factsFrom, placed, soundEvents } from '../../support/report/facts.ts'
import { hostileEvents, hostileFacts, hostileName, rareName } from '../../support/report/hostile.ts'
import { acceptedByTwo } from '../../support/report/quarantine.ts'
import { pathOrLeftOut, pdftotext } from '../../support/tools.ts'

const run = promisify(execFile)
t.setTimeout(480_000)
const facts = hostileFacts(5)
const content = reportContent(facts)
const questions = ['1. ', '2. ', '3. ', '4. ', '5. ', '6. ', '一、真实性', '二、合法性', '三、关联性']

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
  const sound = hostileFacts(2)
  const strange = ['viewing.opened', 'viewing.ended', 'receipt.issued']
  const events = sound.closure.events.map((event) =>
    strange.includes(event.body.kind) ? { ...event, body: { ...event.body, details: { x: 1 } } } : event,
  )
  const counted = (kind: string) => events.filter(({ body }) => body.kind === kind).length
  t.ok(counted('viewing.opened') > 0)
  const text = JSON.stringify(reportContent({ ...sound, closure: { ...sound.closure, events } }).sections)
  t.ok(text.includes(`共调阅 ${counted('viewing.opened')} 次`))
  t.notOk(text.includes('没有调阅本案件'))
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
    '视听资料证据说明',
    '证据清单',
    '提取方法',
    '行政诉讼举证',
    '镇综执检〔2026〕31号',
    '龘靐齉',
    '▲现场执法人员不足两名（当日仅一名持证人员在岗）',
    '参与人员：孙杰（执法辅助人员）',
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
    ...questions.map((one) => one.trim()),
  ]) {
    t.ok(text.includes(words), words)
  }
  t.ok(text.includes(hostileName.replaceAll(' ', '')), hostileName)
  const bad = Buffer.from(pdf)
  bad.fill(0, 0, 2000)
  await writeFile(path, bad.subarray(0, 2000))
  await t.rejects(run(program, [path, '-']), 'a file that is cut is no report')
})

t.test('a sheet stays on one page, however long its texts and names are', async (t) => {
  const program = pathOrLeftOut(t, 'pdftotext', await pdftotext())
  if (!program) return
  const folder = await mkdtemp(join(tmpdir(), 'custody-report-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'report.pdf')
  const recordings = [0, 1].map((n) => ({
    recordingId: recordingId(n),
    proves: '证'.repeat(200),
    transcript: null,
    originalMedium: '原'.repeat(60),
  }))
  const change = both(
    detailed('person.created', { name: '长'.repeat(100) }),
    detailed('case.opened', { title: '案'.repeat(200), partyName: '户'.repeat(200) }),
    detailed('recording.sealed', { name: { base64: '', text: `${'名'.repeat(85)}.MP4` } }),
    detailed('recording.attached', { participantIds: ['assistant'], officerIds: ['officer', 'other', 'auditor'] }),
    detailed('package.requested', { recordings }),
    acceptedByTwo,
    detailed('quarantine.proposed', { reason: '由'.repeat(500) }),
  )
  const long = factsFrom(change(soundEvents(2)))
  await writeFile(path, await reportPdf(reportContent(long), long.madeAt))
  for (const page of ['1', '2']) {
    const { stdout } = await run(program, ['-enc', 'UTF-8', '-f', page, '-l', page, path, '-'])
    const text = stdout.replaceAll(/\s+/g, '')
    for (const words of ['视听资料证据说明', '证'.repeat(200), 'SHA-256', '单位（盖章）', '方法见']) {
      t.ok(text.includes(words), `${words.slice(0, 20)} on page ${page}`)
    }
  }
})

t.test('what is missing is said: quarantine, a clock far off, no witnesses, no time-stamp', async (t) => {
  const says = (one: object, words: string) => t.ok(JSON.stringify(one).includes(words), words)
  says(content.sections, '录像4属于待核实资料（校验值与交存单不一致）')
  says(content.sections, '录像2入库事件所载设备时钟偏差 95.0 秒')
  const bare = reportContent({ ...facts, timestamps: [], witnessedAt: null, witnesses: [] })
  says(bare.sections, '尚未得到足够的外部见证')
  says(bare.sections, '没有可信时间戳')
  const empty = reportContent(
    hostileFacts(0, { closure: { ...facts.closure, events: [], recordingIds: [] }, recordings: [] }),
  )
  says(empty.sections, '没有音像资料归入本案件')
  t.ok((await reportPdf(empty, facts.madeAt)).length > 1000)
})

t.test('a recording whose rendition differs in nothing has no notes and no heading for them', async (t) => {
  const plain = hostileFacts(2)
  const events = plain.closure.events.filter(
    ({ body }) => !(body.kind === 'rendition.ready' && 'notShown' in body.details),
  )
  t.equal(events.length, plain.closure.events.length - 1)
  const withNotes = JSON.stringify(reportContent(plain))
  const withoutNotes = JSON.stringify(reportContent({ ...plain, closure: { ...plain.closure, events } }))
  for (const words of ['播放件说明', '原始文件未变，以原始文件为准']) {
    t.ok(withNotes.includes(words), words)
    t.notOk(withoutNotes.includes(words), words)
  }
})

t.test('that the original is unchanged is said only while nothing speaks against any copy of it', async (t) => {
  const sound = hostileFacts(1)
  const [recording] = sound.recordings
  const isSaid = (changes: Partial<ReportFacts>) =>
    JSON.stringify(reportContent({ ...sound, ...changes })).includes('原始文件未变，以原始文件为准。')
  t.ok(isSaid({}))
  const withEvent = (kind: string, details: EventBody['details']) => {
    const first = hostileEvents(1).find((body) => body.kind === 'recording.copied')!
    const event = placed({ ...first, kind, details }, 1000)
    return { closure: { ...sound.closure, events: [...sound.closure.events, event] } }
  }
  const digests = { sealed: { sha256: 'a'.repeat(64), bytes: 1 }, found: null }
  const place = { store: 'backup-a', host: 'h', key: 'k', versionId: 'v' }
  t.notOk(isSaid(withEvent('recording.damaged', { ...place, ...digests })))
  t.notOk(isSaid(withEvent('alarm.raised', { alarm: 'copy_damaged', ...place, ...digests })))
  const finding = { alarm: 'fsck_error', runId: 'r', check: 'stores.bytes_differ', problem: 'p' }
  t.notOk(isSaid(withEvent('alarm.raised', { ...finding, subject: `copy ${recording!.id}/primary` })))
  t.ok(isSaid(withEvent('alarm.raised', { ...finding, subject: `rendition_file ${recording!.id}/0` })))
  t.notOk(isSaid({ recordings: [{ ...recording!, hasOriginal: false, sm3: null }] }), 'nobody has compared it')
})
