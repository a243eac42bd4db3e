import { plain } from '../../../../foundation/plain-text.ts'
import { witnessRelations } from '../../../settings/witness-relation.ts'
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
      : `外部见证：流转日志写到本报告为止的内容，${shownTime(facts.witnessedAt)} 已由足够的外部见证单位签名。`,
  ),
  sentence('not_witnessed', ({ facts }) =>
    facts.witnessedAt === null
      ? '外部见证：本报告写成时，流转日志尚未由足够的外部见证单位签名；其后的签名由核验程序显示。'
      : null,
  ),
  sentence('witness_relations', ({ facts }) => {
    const shown = facts.witnesses.map(({ name, relation }) => `${plain(name)}：${witnessRelations[relation].zh}`)
    return shown.length === 0
      ? null
      : `外部见证单位与本单位的关系（按本单位设置填写）：${different(shown).join('；')}。`
  }),
  sentence('witness_not_independent', ({ facts }) => {
    const names = different(
      facts.witnesses.filter(({ relation }) => relation === 'same_town').map(({ name }) => plain(name)),
    )
    return names.length === 0 ? null : `${names.join('、')}与本单位同属一个镇政府，不是独立的第三方。`
  }),
  sentence('timestamped', ({ facts }) => {
    const [first] = [...facts.timestamps].sort((a, b) => a.at.getTime() - b.at.getTime())
    return first ? `可信时间戳 ${facts.timestamps.length} 份，最早 ${shownTime(first.at)}。` : null
  }),
  sentence('not_timestamped', ({ facts }) => (facts.timestamps.length === 0 ? '可信时间戳：本报告写成时尚无。' : null)),
]
