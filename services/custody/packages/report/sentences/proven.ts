import type { Reading } from '../reading.ts'
import { signatureFaultOf } from './environment.ts'
import { approvedByTwo } from './extraction.ts'
import { sentence } from './sentence.ts'

/** What the holder of the keys can prove himself (services/ledger/DESIGN.md §9), as far as this package goes. */
export const proven = [
  sentence('proves_originals', ({ facts }) =>
    facts.recordings.some(({ hasOriginal }) => hasOriginal) ? '材料内的原始文件就是固定入库时的字节。' : null,
  ),
  sentence('proves_events', ({ facts }) =>
    facts.closure.events.length === 0
      ? null
      : `材料内列出的，是本案件及其音像资料、上传、调阅和有关登记截至材料所附存证节点的全部事件${facts.closure.loose.length === 0 ? '' : '（较早的登记事件除外）'}。`,
  ),
  sentence('proves_witnesses', ({ facts }) =>
    facts.witnessedAt === null ? null : '自足够的外部见证单位签名以来，没有事件被更改、添加或取走。',
  ),
  sentence('proves_time', ({ facts }) =>
    facts.timestamps.length === 0 ? null : '可信时间戳所覆盖的事件，在时间戳所述的时间已经存在。',
  ),
  sentence('proves_dock', (reading) =>
    allSigned(reading)
      ? '音像资料所在的各交存单由一人登记、另一人复核启用的采集站签名，每份音像资料在其交存单上有一行。'
      : null,
  ),
  sentence('proves_request', ({ request }) => {
    if (!request) return null
    const recipient = request.details.recipient ? '、为谁' : ''
    return `哪个账号以什么用途${recipient}申请了本材料。`
  }),
  sentence('proves_approval', (reading) => (approvedByTwo(reading) ? '哪个账号批准了本材料。' : null)),
  sentence('proves_files', ({ facts }) =>
    facts.closure.events.length === 0
      ? null
      : '本报告和 data/contents.jsonl 所列的其他文件就是制作时登记的文件，没有被替换。',
  ),
]

export const notProven = [
  sentence('unproven_before_dock', ({ facts }) =>
    facts.recordings.length === 0 ? null : '音像资料在交存采集站以前经过了什么。',
  ),
  sentence('unproven_not_entered', ({ facts }) =>
    facts.closure.events.length === 0 ? null : '从未写入流转日志的事，以及材料制成以后发生的事。',
  ),
  sentence('unproven_person', ({ bodies }) =>
    bodies.some(({ actorRole }) => !['service', 'dock', 'nobody'].includes(actorRole))
      ? '账号的使用者确为本人。'
      : null,
  ),
  sentence('unproven_operator', ({ facts }) =>
    facts.witnessedAt === null ? '在没有足够的外部见证单位签名时：流转日志的运营方没有独自另写一份。' : null,
  ),
  sentence('unproven_loose', ({ facts }) =>
    facts.closure.loose.length === 0
      ? null
      : `${facts.closure.loose.length} 条较早的登记事件只证明其存在，不证明没有别的。`,
  ),
]

function allSigned(reading: Reading): boolean {
  const { recordings } = reading.facts
  return recordings.length > 0 && recordings.every((one) => signatureFaultOf(reading, one) === null)
}
