import { plain } from '../../../foundation/plain-text.ts'
import { eventOf } from '../../events/read.ts'
import type { Section } from './content.ts'
import type { ReportRecording } from './facts.ts'
import type { Reading } from './reading.ts'
import { deviceKindName, makingVerb, shownPlace, shownTime } from './words.ts'

/**
 * 《证据清单》: one line for each recording, under the number that its name has everywhere, and `3-1` for its transcript that is
 * handed over apart.
 */
export function evidenceListSection(reading: Reading): Section {
  const recordings = reading.facts.recordings
  const rows = recordings.flatMap((one, at) => [
    [String(at + 1), ...recordingRow(reading, one)],
    ...transcriptRows(reading, one).map((row) => [`${at + 1}-1`, ...row]),
  ])
  const ofCase = { kind: 'text', text: caseText(reading) } as const
  return {
    title: '证据清单',
    startsPage: true,
    blocks:
      rows.length === 0
        ? [ofCase, { kind: 'text', text: '本报告写成时没有音像资料归入本案件。' }]
        : [
            ofCase,
            {
              kind: 'table',
              columns: [
                { title: '序号', share: 0.06 },
                { title: '名称', share: 0.22 },
                { title: '来源', share: 0.24 },
                { title: '证明对象', share: 0.24 },
                { title: '页/时长', share: 0.1 },
                { title: '原件或复制件', share: 0.14 },
              ],
              rows,
            },
            {
              kind: 'text',
              text: '提交人（签名或盖章）：　　　　　　　　　签收人：　　　　　　　　　日期：　　　　年　　月　　日',
            },
          ],
  }
}

function caseText(reading: Reading): string {
  const title = reading.ofKind('case.opened')[0]?.details.title
  return plain(`案件编号：${reading.facts.closure.caseNumber}${title === undefined ? '' : `　案件名称：${title}`}`)
}

function recordingRow(reading: Reading, recording: ReportRecording): string[] {
  const { sealed } = recording
  const serial = reading.subjectOf(sealed, 'device') ?? '—'
  const device = reading.register.devices.get(serial)?.registered.details
  const dock = reading.subjectOf(sealed, 'dock')
  const asked = reading.askedOf(recording.id)
  return [
    plain(`${reading.numberOf(recording.id)}　${recording.name}`),
    `${plain(`${device ? deviceKindName(device.deviceKind) : '设备'} ${serial}`)}${makingVerb(reading.kindOf(recording))}；${shownTime(sealed.at)} 经${dock === null ? '上传' : reading.nameOf(dock)}入库`,
    asked ? plain(asked.proves) : '未填写',
    durationText(reading, recording),
    recording.hasOriginal ? '复制件（电子数据拷贝）' : '未随材料',
  ]
}

function transcriptRows(reading: Reading, { id }: ReportRecording): string[][] {
  const asked = reading.askedOf(id)
  if (asked?.transcript !== 'separate') return []
  return [[`${reading.numberOf(id)}的声音文字记录`, '提供人另附', plain(asked.proves), '', '']]
}

/** Of a film, what the file states, or what can be played of it. */
function durationText(reading: Reading, recording: ReportRecording): string {
  const kind = reading.kindOf(recording)
  if (kind === 'still') return '1 张'
  if (kind === 'document') return '不适用'
  const ready = reading
    .about(recording.id)
    .flatMap((body) => eventOf(body, 'rendition.ready') ?? [])
    .at(-1)
  const durationMs = ready?.details.statedMs ?? ready?.details.durationMs ?? null
  return durationMs === null ? '未测得' : shownPlace(Math.round(durationMs / 1000) * 1000)
}
