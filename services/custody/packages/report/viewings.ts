import type { Section } from './content.ts'
import type { Reading } from './reading.ts'
import { endKindName, plain, shownSeconds, shownTime } from './words.ts'

/** Every viewing of every recording of the case: who, why, when, and how many seconds of film were really served. */
export function viewingsSection(reading: Reading): Section {
  const ended = new Map(reading.ofKind('viewing.ended').map((body) => [reading.subjectOf(body, 'viewing'), body]))
  const opened = reading.ofKind('viewing.opened')
  const refused = reading.ofKind('viewing.refused').length
  const rows = opened.map((body) => {
    const end = ended.get(reading.subjectOf(body, 'viewing'))
    const servedMs = end?.details.servedMs ?? null
    return [
      reading.numberOf(reading.subjectOf(body, 'recording') ?? ''),
      reading.nameOf(body.actor),
      plain(body.details.purpose),
      shownTime(body.at),
      end ? `${shownTime(end.at)} ${endKindName(end.details.endKind)}` : '检查点时尚未结束',
      servedMs === null ? '—' : shownSeconds(servedMs),
    ]
  })
  const total = [...ended.values()].reduce((sum, body) => sum + body.details.servedMs, 0)
  return {
    title: '调阅记录',
    blocks: [
      {
        kind: 'text',
        text:
          opened.length === 0
            ? `检查点之前没有人调阅过本案件的录像；被拒绝的调阅 ${refused} 次。`
            : `共调阅 ${opened.length} 次，合计观看 ${shownSeconds(total)}；被拒绝的调阅 ${refused} 次。每次调阅在放出第一个字节之前已写入台账。`,
      },
      ...(rows.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              columns: [
                { title: '录像', share: 0.1 },
                { title: '调阅人', share: 0.14 },
                { title: '事由', share: 0.24 },
                { title: '开始', share: 0.18 },
                { title: '结束', share: 0.2 },
                { title: '实际观看', share: 0.14 },
              ],
              rows,
            },
          ]),
    ],
  }
}
