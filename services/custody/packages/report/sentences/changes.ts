import { eventOf } from '../../../events/read.ts'
import { signatureFaultOf } from './environment.ts'
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
    // A line with another digest is not the recording's.
    const same = reading.facts.recordings.filter(
      (one) => signatureFaultOf(reading, one) === null && reading.listedAs(one)?.line.sha256 === one.sha256,
    )
    return same.length === 0 ? null : `${same.length} 份的入库校验值与采集站签名的交存单所列一致。`
  }),
  sentence('dock_digest_signed', (reading) => {
    const signed = reading.facts.recordings.filter(({ sealed }) => reading.handIns.signsDigest(sealed))
    return signed.length === 0 ? null : `${signed.length} 份的入库校验值由采集站在读取时计算并签名。`
  }),
  sentence('dock_digest_differs', (reading) => {
    const differ = reading.facts.recordings.filter(({ sealed }) => {
      const { listedSha256, sha256 } = sealed.details
      return listedSha256 !== null && listedSha256 !== sha256
    })
    const names = namesOfRecordings(reading, differ)
    return names && `${names}：入库事件载明，入库校验值与采集站交存单所列不一致。`
  }),
  sentence('verified_after', (reading) => {
    const isSame = ({ id, sha256 }: { readonly id: string; readonly sha256: string }) =>
      reading.about(id).filter((body) => eventOf(body, 'recording.verified')?.details.sha256 === sha256).length
    const verified = reading.facts.recordings.reduce((sum, one) => sum + isSame(one), 0)
    return verified === 0 ? null : `事件载明固定入库以后另行读出核对，与入库校验值一致 ${verified} 次。`
  }),
  sentence('originals_compared', ({ facts }) => {
    const originals = facts.recordings.filter(({ hasOriginal }) => hasOriginal).length
    return originals === 0 ? null : `随材料原始文件 ${originals} 份，是否与入库校验值一致，由核验程序逐份核对。`
  }),
  sentence('no_footage', ({ request }) =>
    request && !request.details.withFootage ? '本材料不含音像内容，不涉及内容的增减。' : null,
  ),
  sentence('exceptions', (reading) => {
    const counted = exceptions.flatMap(([kind, what, unit]) => {
      const count = reading.countOf(kind)
      return count === 0 ? [] : [`${what} ${count} ${unit}`]
    })
    return counted.length === 0 ? null : `${counted.join('，')}；逐条列于“发现的问题与缺口”中的“异常与例外事件”。`
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
