import { readFileSync } from 'node:fs'
import t from 'tap'
import { printable, reportLines } from '../../../services/verifier/report-text.ts'
import { describeReport } from '../../../services/verifier/report-words.ts'
import { parseTrust } from '../../../services/verifier/trust.ts'
import { verifyPackage } from '../../../services/verifier/verify-package.ts'
import { mutate, mutations, randomNumbers } from '../../support/mutate-package.ts'
import { memorySource } from '../../support/package/memory-source.ts'
import { judgedAt } from '../../support/package/mutations-remarks.ts'
import { sampleAuthority } from '../../support/package/sample-timestamp.ts'
import { type SampleParts, sampleParts } from '../../support/sample-package.ts'

t.setTimeout(480_000)

const checking = { checkedAt: new Date(0), program: 'p', trustSha256: 's', packageName: 'n' }

async function linesOf({ files, trust }: SampleParts, language: 'zh' | 'en'): Promise<string> {
  const report = await verifyPackage(memorySource(files), parseTrust(JSON.stringify(trust)))
  t.equal(report.accepted, true, report.codes.join())
  return reportLines(describeReport(report, checking, language), language).join('\n')
}

t.test('footage that the ledger says is in quarantine, or in no case, is never shown without saying so', async (t) => {
  const kinds = { 'recording.attached': /不在本案[\s\S]*不在本案/, 'recording.sealed': /待核实[\s\S]*待核实/ } as const
  for (const [kind, said] of Object.entries(kinds)) {
    const other = kind === 'recording.sealed' ? 'recording.quarantined' : 'recording.detached'
    const alter = <T extends { kind: string }>(events: T[]) =>
      events.map((one) => (one.kind === kind ? { ...one, kind: other } : one))
    const parts = sampleParts({ seed: kind, alter, authority: null })
    t.match(await linesOf(parts, 'zh'), said)
    t.match(await linesOf(parts, 'en'), kind === 'recording.sealed' ? /lies in quarantine/ : /is not in this case/)
  }
  t.notMatch(await linesOf(sampleParts({ authority: null }), 'zh'), /注意/)
})

t.test(
  'a second signature that is only claimed stands under what is claimed, and the limits say what that is worth',
  async (t) => {
    const claims = { madeHow: '\u001b[2J\u202e✔ \u2066核验通过' }
    const parts = sampleParts({ seed: 'claims', authority: null, claims })
    const lines = await linesOf(parts, 'zh')
    t.match(lines, /举证材料的自述:[\s\S]*含音像资料: 是[\s\S]*批准人: 李强/)
    t.match(lines, /不能证明[\s\S]*提取方法的叙述属实/)
    t.match(lines, '\\u{1b}[2J\\u{202e}✔ \\u{2066}核验通过')
  },
)

t.test('what weakens the proof stands in the first lines, the weakest first, then by when it existed', async (t) => {
  const base = { authority: sampleAuthority(), strangerAuthority: sampleAuthority(), seed: 'first lines' }
  t.teardown(() => base.authority.close())
  t.teardown(() => base.strangerAuthority.close())
  const parts = sampleParts({ seed: base.seed, authority: base.authority })
  const report = async (...names: string[]) => {
    const chosen = names.map((name) => mutations.find((one) => one.name === name)!)
    const { files } = mutate({ ...base, parts }, chosen, randomNumbers('first lines'))
    return verifyPackage(memorySource(files), parseTrust(JSON.stringify(parts.trust)), { now: new Date(judgedAt) })
  }
  const said = async (language: 'zh' | 'en', ...names: string[]) =>
    reportLines(describeReport(await report(...names), checking, language), language)
  const whole = await said('en', 'nothing')
  t.equal(whole[2], '✔ Accepted: nothing wrong was found.')
  t.match(
    whole[3],
    /checkpoint of this package \(300 leaves\) existed at the latest on 2026-09-21T14:13:20Z: so says the cosig/,
  )
  t.match(whole[4], /first 270 leaves existed at the latest on 20.*time-stamp of/)
  const weak = await said('zh', 'checkpoint cosigned at second 3.2e10', 'no time-stamp')
  t.equal(weak[2], '✔ 核验通过，但有 2 点削弱证明力，须先阅读：')
  t.match(weak[3], /▲ 没有第三方时间戳 \[timestamp_missing\]/)
  t.match(weak[5], /▲ 外部见证单位签名所写时间晚于本机当前时间 \[cosignature_in_future\]/)
  t.match(weak.slice(7, 11).join(), /witness-a\.example 2984-/)
  t.ok(weak.slice(0, 14).some((line) => line.includes('没有可依据的外部时间')))
  const last = await said('en', 'checkpoint cosigned at the last second there is')
  t.match(last.join('\n'), /9007199254740991 s after 1970/, 'a time without a calendar is printed as well')
  t.same((await report('flip original', 'no time-stamp')).remarks, [], 'a rejected package has none')
})

t.test('the page shows texts of a package as the command does', async (t) => {
  t.equal(printable('a\u202eb\u200bc\ue000'), 'a\\u{202e}b\\u{200b}c\\u{e000}')
  // The page itself is held in test/integration/verifier/page.test.ts; here: nothing goes past this.
  const page = readFileSync('services/verifier/page/render.js', 'utf8')
  t.same(page.match(/printable\(/g)?.length, 2)
  t.notMatch(page, /innerHTML|insertAdjacent|document\.write/)
})

t.test('what is found oftenest is said in Chinese to who reads Chinese', async (t) => {
  const parts = sampleParts({ seed: 'details', authority: null })
  const said = async (name: string, language: 'zh' | 'en') => {
    const authority = sampleAuthority()
    t.teardown(() => authority.close())
    const base = { parts, authority, strangerAuthority: authority, seed: 'details' }
    const { files } = mutate(base, [mutations.find((one) => one.name === name)!], randomNumbers('details'))
    const report = await verifyPackage(memorySource(files), parseTrust(JSON.stringify(parts.trust)))
    return reportLines(describeReport(report, checking, language), language).join('\n')
  }
  for (const [name, zh, en] of [
    ['flip original, mended', /字节、SHA-256 \w+；固定入库的为 \d+ 字节/, /sealed were \d+ bytes/],
    ['add file', /不在任何清单内|本格式没有这样的文件/, /it is in no manifest|the format has no such file/],
    ['drop the last event', /涉及 .* 的流转事件/, /an event about/],
    ['log with a signature without a statement: package.signed', /没有所签内容的陈述/, /it has no statement/],
  ] as const) {
    const chinese = await said(name, 'zh')
    t.match(chinese, zh, name)
    t.notMatch(chinese, en, name)
    t.match(await said(name, 'en'), en, name)
  }
  t.match(await said('nothing', 'zh'), /核验时间: 北京时间 1970-01-01 08:00:00/)
})
