import { codes } from './codes.ts'
import { detailInChinese } from './detail-words.ts'
import type { PackageFinding } from './findings.ts'
import { beijingText, momentWords, utcText } from './moments.ts'
import { actSections } from './report-acts.ts'
import { verdictWords } from './report-verdict.ts'
import type { PackageReport } from './verify-package.ts'
import { row, type WordedSection } from './worded-section.ts'
import type { Words } from './words.ts'

export type Language = 'zh' | 'en'

/** Who checked, when, and with which keys: what a reader needs to repeat it. */
export interface Checking {
  readonly checkedAt: Date
  /** The program with the SHA-256 of its own file, or its name alone. */
  readonly program: string
  /** SHA-256 of the trust file, for comparing with what was published. */
  readonly trustSha256: string
  /** Name of the package as it was given. */
  readonly packageName: string
}

/** A report for people in one language, in the order in which it is read. */
export interface DescribedReport {
  readonly accepted: boolean
  readonly title: string
  readonly result: string
  /** What weakens the proof of an accepted package, the weakest first. */
  readonly remarks: readonly DescribedRemark[]
  /** By when what the package shows existed, in sentences; none for a rejected one. */
  readonly existence: readonly string[]
  readonly faults: readonly DescribedFault[]
  readonly facts: readonly ResultSection[]
  readonly limits: ResultSection
}

export interface DescribedRemark {
  readonly code: string
  readonly what: string
  readonly means: string
  readonly places: readonly string[]
  /** How many more places there are than `places` names. */
  readonly more: number
}

export interface DescribedFault {
  readonly code: string
  readonly what: string
  readonly means: string
  readonly places: readonly Pick<PackageFinding, 'where' | 'detail'>[]
  /** How many more places there are than `places` names. */
  readonly more: number
}

export interface ResultSection {
  readonly title: string
  /** With a label, or a sentence of its own. */
  readonly rows: readonly { readonly label: string | null; readonly text: string }[]
}

const placesShown = 10

/** Puts a report into words: findings first, then what was checked, then what no such check can prove. */
export function describeReport(report: PackageReport, checking: Checking, language: Language): DescribedReport {
  const say = (words: Words) => words[language]
  const { result, remarks, existence } = verdictWords(report)
  return {
    accepted: report.accepted,
    title: say({ zh: '举证材料离线核验报告', en: 'Offline verification of an evidence package' }),
    result: say(result),
    remarks: remarks.map(({ what, means, ...remark }) => ({ ...remark, what: say(what), means: say(means) })),
    existence: existence.map(say),
    faults: report.codes.map((code) => describeFault(code, report, language)),
    facts: factSections(report, checking).map((section) => translated(section, language)),
    limits: translated(limits(report), language),
  }
}

function describeFault(
  code: PackageReport['codes'][number],
  report: PackageReport,
  language: Language,
): DescribedFault {
  const places = report.findings
    .filter((finding) => finding.code === code)
    .slice(0, placesShown)
    .map(({ where, detail }) => ({ where, detail: language === 'zh' ? detailInChinese(detail) : detail }))
  const { what, means } = codes[code]
  return { code, what: what[language], means: means[language], places, more: report.counts[code]! - places.length }
}

function translated({ title, rows }: WordedSection, language: Language): ResultSection {
  return {
    title: title[language],
    rows: rows.map(({ label, text }) => ({
      label: label?.[language] ?? null,
      text: typeof text === 'string' ? text : text[language],
    })),
  }
}

function factSections(report: PackageReport, checking: Checking): WordedSection[] {
  const { checked } = report
  return [
    checkingSection(report, checking),
    ...(checked.claims ? [claimsSection(report)] : []),
    ...(checked.checkpoint ? [ledgerSection(report)] : []),
    ...(checked.recordings.length > 0 ? [recordingsSection(report)] : []),
    ...actSections(checked),
  ]
}

function checkingSection({ checked }: PackageReport, checking: Checking): WordedSection {
  const { files, bytes } = checked
  return {
    title: { zh: '这次核验', en: 'This check' },
    rows: [
      row('核验对象', 'package', checking.packageName),
      row('核验时间', 'checked at', momentWords(checking.checkedAt.toISOString())),
      row('核验程序', 'program', checking.program),
      row('核验公钥文件 SHA-256', 'trust file SHA-256', checking.trustSha256),
      row('读取', 'read', {
        zh: `${files} 个文件，${bytes.toLocaleString('en')} 字节`,
        en: `${files} files, ${bytes.toLocaleString('en')} bytes`,
      }),
    ],
  }
}

/** What the package says of itself: compared with the ledger, but for how it was made. */
function claimsSection({ checked }: PackageReport): WordedSection {
  const claims = checked.claims!
  const { madeBy, signedBy, recipient } = claims
  const none: Words = { zh: '无', en: 'none' }
  return {
    title: { zh: '举证材料的自述', en: 'What the package says of itself' },
    rows: [
      row('案件', 'case', claims.caseNumber),
      row('举证材料编号', 'package id', claims.id),
      row('提取时间', 'made at', momentWords(claims.madeAt)),
      row('提取人', 'made by', `${madeBy.name} (${madeBy.role}, ${madeBy.id})`),
      row('提取方法', 'made how', claims.madeHow),
      row('用途', 'purpose', claims.purpose),
      row('含音像资料', 'with footage', claims.withFootage ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }),
      row('批准人', 'signed by', signedBy ? `${signedBy.name} (${signedBy.id})` : none),
      row('接收人', 'recipient', recipient ? `${recipient.name}，${recipient.organisation}` : none),
    ],
  }
}

function ledgerSection({ checked, accepted }: PackageReport): WordedSection {
  const { origin, size, root } = checked.checkpoint!
  const timesBy = (shown: (seconds: number) => string) =>
    checked.witnesses.map(({ name, timestampSeconds }) => `${name} ${shown(timestampSeconds)}`).join('; ')
  const times: Words = { zh: timesBy(beijingText), en: timesBy(utcText) }
  const stampsIn = (language: Language) =>
    checked.timestamps
      .map(({ authority, stampedAt, size: stamped }) => {
        return `${momentWords(stampedAt)[language]} ${authority} (${stamped.toLocaleString('en')})`
      })
      .join('; ')
  const stamps: Words = { zh: stampsIn('zh'), en: stampsIn('en') }
  const whole: Words = {
    zh: `${checked.events} 个流转事件，涉及 ${checked.subjects} 个对象；截至存证节点一个不少`,
    en: `${checked.events} events about ${checked.subjects} subjects; none is missing up to the checkpoint`,
  }
  const shown: Words = {
    zh: `出示 ${checked.events} 个流转事件，涉及 ${checked.subjects} 个对象`,
    en: `${checked.events} events about ${checked.subjects} subjects are shown`,
  }
  return {
    title: { zh: '流转日志', en: 'The ledger' },
    rows: [
      row('名称', 'origin', origin),
      row('存证节点', 'checkpoint', {
        zh: `${size.toLocaleString('en')} 条，树根 ${root}`,
        en: `${size.toLocaleString('en')} leaves, root ${root}`,
      }),
      row('外部见证单位', 'witnesses', checked.witnesses.length > 0 ? times : { zh: '无', en: 'none' }),
      row(
        '时间戳（所盖条数）',
        'time-stamps (leaves stamped)',
        checked.timestamps.length > 0 ? stamps : { zh: '无', en: 'none' },
      ),
      row('流转事件', 'events', accepted ? whole : shown),
    ],
  }
}

function recordingsSection({ checked }: PackageReport): WordedSection {
  const originals = {
    proven: { zh: '原始件即固定入库时的字节', en: 'the original is the sealed bytes' },
    faulty: { zh: '原始件有问题', en: 'the original is faulty' },
    absent: { zh: '未附原始件', en: 'no original in the package' },
  } as const satisfies Record<string, Words>
  const playables = {
    proven: { zh: '播放件即系统转码的字节', en: 'the playable form is as it was made' },
    faulty: { zh: '播放件有问题', en: 'the playable form is faulty' },
    absent: { zh: '未附播放件', en: 'no playable form in the package' },
  } as const satisfies Record<string, Words>
  const withheldWords = {
    quarantined: {
      zh: '；注意：流转日志记其尚为待核实资料，未获接受',
      en: '; note: by the ledger it lies in quarantine, not accepted',
    },
    not_in_case: { zh: '；注意：流转日志记其不在本案', en: '; note: by the ledger it is not in this case' },
  } as const satisfies Record<string, Words>
  return {
    title: { zh: `音像资料（${checked.recordings.length}）`, en: `Recordings (${checked.recordings.length})` },
    rows: checked.recordings.map(({ id, bytes, sha256, original, playable, withheld }) => {
      const size = bytes?.toLocaleString('en')
      const digest = (zh: boolean) =>
        sha256 === null
          ? ''
          : zh
            ? `；固定入库 ${size} 字节，SHA-256 ${sha256}`
            : `; ${size} bytes were sealed, SHA-256 ${sha256}`
      const note: Words = withheld ? withheldWords[withheld] : { zh: '', en: '' }
      return {
        label: { zh: id, en: id },
        text: {
          zh: `${originals[original].zh}；${playables[playable].zh}${note.zh}${digest(true)}`,
          en: `${originals[original].en}; ${playables[playable].en}${note.en}${digest(false)}`,
        },
      }
    }),
  }
}

/** DESIGN.md §9: what no such check can prove. */
function limits({ checked }: PackageReport): WordedSection {
  const sentence = (zh: string, en: string) => ({ label: null, text: { zh, en } })
  const size = checked.checkpoint?.size.toLocaleString('en')
  return {
    title: { zh: '本核验不能证明', en: 'What this check cannot prove' },
    rows: [
      sentence('音像资料在接入采集站之前经过了什么。', 'What happened to the footage before it was docked.'),
      sentence('从未写入流转日志的事。', 'What was never entered into the ledger.'),
      sentence(
        size === undefined ? '存证节点之后发生的事。' : `存证节点（第 ${size} 条）之后发生的事。`,
        size === undefined
          ? 'What happened after the checkpoint.'
          : `What happened after the checkpoint (${size} leaves).`,
      ),
      sentence('账号的使用者确为本人。', 'That a person was who his account says.'),
      sentence(
        '报告、笔录和提取方法的叙述属实：只核验了它们就是流转日志所登记的内容，一字未改。',
        'That report, transcripts and the way of making tell the truth: checked is that they are those that the ledger committed, unchanged.',
      ),
    ],
  }
}
