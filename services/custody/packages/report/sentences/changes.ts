import type { Reading } from '../reading.ts'
import { namesOfRecordings, sentence } from './sentence.ts'

/** Kinds of which a count other than 0 is said. */
const exceptions = [
  ['recording.damaged', '存储资料异常', '次'],
  ['recording.quarantined', '列为待核实资料', '份'],
  ['recording.detached', '移出案件', '次'],
  ['upload.terminated', '取消上传', '次'],
  ['upload.expired', '上传过期', '次'],
] as const

/** 五: whether something was added, taken away or changed. */
export const changes = [
  sentence('dock_digest_same', (reading) => {
    const same = listed(reading).filter(({ sealed }) => sealed.details.listedSha256 === sealed.details.sha256)
    return same.length === 0 ? null : `采集站交存单给出校验值的，${same.length} 份与入库校验值一致。`
  }),
  sentence('dock_digest_differs', (reading) => {
    const differ = listed(reading).filter(({ sealed }) => sealed.details.listedSha256 !== sealed.details.sha256)
    const names = namesOfRecordings(reading, differ)
    return names && `${names}：入库校验值与采集站交存单所列不一致。`
  }),
  sentence('verified_after', (reading) => {
    const verified = reading.countOf('recording.verified')
    return verified === 0 ? null : `固定入库以后由校验服务另行读出核对，与入库校验值一致 ${verified} 次。`
  }),
  sentence('originals_compared', ({ facts }) => {
    const originals = facts.recordings.filter(({ hasOriginal }) => hasOriginal).length
    return originals === 0 ? null : `随材料原始文件 ${originals} 份，写入时逐份与入库校验值核对，不一致的不能制成材料。`
  }),
  sentence('no_footage', ({ request }) =>
    request && !request.details.withFootage ? '本材料不含音像内容，不涉及内容的增减。' : null,
  ),
  sentence('exceptions', (reading) => {
    const counted = exceptions.flatMap(([kind, what, unit]) => {
      const count = reading.countOf(kind)
      return count === 0 ? [] : [`${what} ${count} ${unit}`]
    })
    return counted.length === 0 ? null : `${counted.join('，')}；逐条列于“发现的问题与缺口”。`
  }),
  sentence('no_exceptions', (reading) => {
    const isNone = exceptions.every(([kind]) => reading.countOf(kind) === 0)
    if (reading.facts.recordings.length === 0 || !isNone) return null
    return `本案件没有${exceptions.map(([, what]) => what).join('、')}的事件。`
  }),
  sentence('events_counted', ({ facts }) =>
    facts.closure.events.length === 0
      ? null
      : `本报告写成时，本案件及其登记共有 ${facts.closure.events.length} 条事件，全部列于后；有无缺漏由核验程序逐条核验。`,
  ),
  sentence('before_dock', ({ facts }) =>
    facts.recordings.length === 0 ? null : '交存以前（设备内）是否有过增删，本系统不能证明。',
  ),
]

function listed({ facts }: Reading) {
  return facts.recordings.filter(({ sealed }) => sealed.details.listedSha256 !== null)
}
