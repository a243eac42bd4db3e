import { plain } from '../../../foundation/plain-text.ts'
import { eventOf } from '../../events/read.ts'
import type { Section } from './content.ts'
import type { Reading } from './reading.ts'
import { endKindName, shownSeconds, shownTime } from './words.ts'

/** Stands where an event does not say what its kind declares. */
const unreadable = '（无法读取）'

/** Every viewing of every recording of the case: who, why, when, and how many seconds of film were really served. */
export function viewingsSection(reading: Reading): Section {
  const ofKind = (kind: 'viewing.opened' | 'viewing.ended') => reading.bodies.filter((body) => body.kind === kind)
  const ended = new Map(ofKind('viewing.ended').map((body) => [reading.subjectOf(body, 'viewing'), body]))
  const opened = ofKind('viewing.opened')
  const refused = reading.countOf('viewing.refused')
  const rows = opened.map((body) => {
    const end = ended.get(reading.subjectOf(body, 'viewing'))
    const details = end && eventOf(end, 'viewing.ended')?.details
    const servedMs = details?.servedMs ?? null
    return [
      reading.numberOf(reading.subjectOf(body, 'recording') ?? ''),
      reading.nameOf(body.actor),
      plain(eventOf(body, 'viewing.opened')?.details.purpose ?? unreadable),
      shownTime(body.at),
      end ? `${shownTime(end.at)} ${details ? endKindName(details.endKind) : unreadable}` : '本报告写成时尚未结束',
      servedMs === null ? '—' : shownSeconds(servedMs),
    ]
  })
  const total = reading.ofKind('viewing.ended').reduce((sum, { details }) => sum + details.servedMs, 0)
  return {
    title: '调阅记录',
    blocks: [
      {
        kind: 'text',
        text:
          opened.length === 0
            ? `本报告写成时没有调阅本案件音像资料的事件；被拒绝的调阅 ${refused} 次。`
            : `共调阅 ${opened.length} 次，合计已播放（系统送出） ${shownSeconds(total)}；被拒绝的调阅 ${refused} 次。`,
      },
      ...(rows.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              columns: [
                { title: '资料', share: 0.1 },
                { title: '调阅人', share: 0.14 },
                { title: '调阅事由', share: 0.24 },
                { title: '开始', share: 0.18 },
                { title: '结束', share: 0.2 },
                { title: '已播放', share: 0.14 },
              ],
              rows,
            },
          ]),
    ],
  }
}
