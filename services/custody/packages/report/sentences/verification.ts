import { plain } from '../../../../foundation/plain-text.ts'
import { relationOf, type WitnessRelation, witnessRelations } from '../../../events/witness-relation.ts'
import type { Reading } from '../reading.ts'
import { shownTime } from '../words.ts'
import { different, namesOfRecordings, sentence } from './sentence.ts'

/** 六: by what an outsider can check it. */
export const verification = [
  sentence('both_digests', ({ facts }) =>
    facts.recordings.length > 0 && facts.recordings.every(({ sm3 }) => sm3 !== null)
      ? '校验值：每份原始文件都有 SHA-256 和 SM3。'
      : null,
  ),
  sentence('sm3_missing', (reading) => {
    const names = namesOfRecordings(
      reading,
      reading.facts.recordings.filter(({ sm3 }) => sm3 === null),
    )
    return names && `${names}：只有 SHA-256；SM3 在固定入库后的校验中产生，该校验尚未完成。`
  }),
  sentence('witnessed', ({ facts }) =>
    facts.witnessedAt === null
      ? null
      : `外部见证：流转日志写到本报告为止的内容，${shownTime(facts.witnessedAt)} 已由足够的外部见证单位签名；签名在材料内，由核验程序核对。`,
  ),
  sentence('not_witnessed', ({ facts }) =>
    facts.witnessedAt === null
      ? '外部见证：本报告写成时，流转日志尚未由足够的外部见证单位签名；其后的签名由核验程序显示。'
      : null,
  ),
  sentence('witness_relations', (reading) => {
    const relations = relationsOf(reading)
    if (!relations) return null
    const shown = relations.map(({ name, relation }) => `${name}：${witnessRelations[relation].zh}`)
    return `外部见证单位与本单位的关系（本单位的设置，载于申请本材料的事件）：${different(shown).join('；')}。`
  }),
  sentence('witness_relations_missing', (reading) =>
    reading.facts.witnesses.length > 0 && !relationsOf(reading) ? '外部见证单位与本单位的关系未载入事件。' : null,
  ),
  sentence('witness_not_independent', (reading) => {
    const sameTown = (relationsOf(reading) ?? []).filter(({ relation }) => relation === 'same_town')
    const names = different(sameTown.map(({ name }) => name))
    return names.length === 0 ? null : `${names.join('、')}与本单位同属一个镇政府，不是独立的第三方。`
  }),
  sentence('timestamped', ({ facts }) => {
    const [first] = [...facts.timestamps].sort((a, b) => a.at.getTime() - b.at.getTime())
    return first ? `可信时间戳 ${facts.timestamps.length} 份，最早 ${shownTime(first.at)}。` : null
  }),
  sentence('not_timestamped', ({ facts }) => (facts.timestamps.length === 0 ? '可信时间戳：本报告写成时尚无。' : null)),
]

/** Of whoever had seen the ledger, what the request of this package states; null when it states nothing of witnesses. */
function relationsOf({ facts, request }: Reading): { name: string; relation: WitnessRelation }[] | null {
  const stated = request?.details.witnessRelations?.stated
  if (!stated || facts.witnesses.length === 0) return null
  return facts.witnesses.map(({ name }) => ({ name: plain(name), relation: relationOf(stated, name) }))
}
