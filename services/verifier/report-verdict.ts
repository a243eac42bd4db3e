import { codes } from './codes.ts'
import { beijingText, utcText } from './moments.ts'
import { remarkWords } from './remarks.ts'
import type { PackageReport } from './verify-package.ts'
import type { Words } from './words.ts'

/** The first lines of a report: whether the package is accepted, what weakens that, and by when what it shows existed. */
export interface WordedVerdict {
  readonly result: Words
  readonly remarks: readonly WordedRemark[]
  readonly existence: readonly Words[]
}

interface WordedRemark {
  readonly code: string
  readonly what: Words
  readonly means: Words
  readonly places: readonly string[]
  /** How many more places there are than `places` names. */
  readonly more: number
}

const placesShown = 10

export function verdictWords(report: PackageReport): WordedVerdict {
  return {
    result: report.accepted ? acceptedWords(report.remarks.length) : rejectedWords(report),
    remarks: report.remarks.map(({ code, places }) => ({
      code,
      ...remarkWords[code],
      places: places.slice(0, placesShown),
      more: Math.max(0, places.length - placesShown),
    })),
    existence: report.accepted ? existenceWords(report) : [],
  }
}

function acceptedWords(remarks: number): Words {
  if (remarks === 0) return { zh: '核验通过：未发现任何问题。', en: 'Accepted: nothing wrong was found.' }
  return {
    zh: `核验通过，但有 ${remarks} 点削弱证明力，须先阅读：`,
    en: `Accepted, but ${remarks === 1 ? '1 point weakens' : `${remarks} points weaken`} the proof. Read this first:`,
  }
}

function rejectedWords({ codes: found, fault }: PackageReport): Words {
  const { zh, en } = codes[fault!].what
  return {
    zh: `核验不通过：发现 ${found.length} 类问题。最主要的是：${zh}。`,
    en: `Rejected. Kinds of fault found: ${found.length}. The gravest: ${en}.`,
  }
}

function existenceWords({ existence, checked }: PackageReport): Words[] {
  const { cosignature, timestamp } = existence
  const size = checked.checkpoint!.size.toLocaleString('en')
  const said: Words[] = []
  if (cosignature) {
    const { name, timestampSeconds } = cosignature
    said.push({
      zh: `本举证材料所依据的存证节点（${size} 条）最迟于 ${beijingText(timestampSeconds)} 已经存在：外部见证单位 ${name} 签名所写的时间。`,
      en: `The checkpoint of this package (${size} leaves) existed at the latest on ${utcText(timestampSeconds)}: so says the cosignature of the witness ${name}.`,
    })
  }
  if (timestamp) {
    const seconds = Date.parse(timestamp.stampedAt) / 1000
    const stamped = timestamp.size.toLocaleString('en')
    said.push({
      zh: `其中前 ${stamped} 条最迟于 ${beijingText(seconds)} 已经存在：时间戳服务机构 ${timestamp.authority} 的时间戳。`,
      en: `Its first ${stamped} leaves existed at the latest on ${utcText(seconds)}: so says the time-stamp of ${timestamp.authority}.`,
    })
  }
  if (said.length > 0) return said
  return [
    {
      zh: '没有可依据的外部时间：不能证明这些流转记录最迟何时已经存在。',
      en: 'There is no outside time to rely on: by when this history existed is not shown.',
    },
  ]
}
