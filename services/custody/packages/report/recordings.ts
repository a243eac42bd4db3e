import { plain } from '../../../foundation/plain-text.ts'
import type { Block, Section } from './content.ts'
import type { ReportRecording } from './facts.ts'
import { userText } from './people.ts'
import { quarantineRows } from './quarantine.ts'
import type { Reading } from './reading.ts'
import { renditionBlocks } from './rendition.ts'
import { contentOf, deviceLine } from './sheet.ts'
import { copyStateName, shownBytes, shownDeviceTime, shownTime, storeName } from './words.ts'

/** Every recording of the case, with what has to be known when its rendition is watched. */
export function recordingsSection(reading: Reading): Section {
  const { recordings } = reading.facts
  if (recordings.length === 0) {
    return { title: '音像资料', blocks: [{ kind: 'text', text: '本报告写成时没有音像资料归入本案件。' }] }
  }
  return { title: '音像资料', blocks: recordings.flatMap((recording) => recordingBlocks(reading, recording)) }
}

function recordingBlocks(reading: Reading, recording: ReportRecording): Block[] {
  const { sealed } = recording
  return [
    { kind: 'heading', text: `${reading.numberOf(recording.id)}　${plain(recording.name)}` },
    {
      kind: 'facts',
      rows: [
        ['资料编号', recording.id],
        ['设备', deviceLine(reading, recording)],
        ['使用', userText(reading, recording)],
        ['设备时间', shownDeviceTime(sealed.details)],
        ['校正时间', shownTime(sealed.details.correctedTime)],
        ['入库时间', shownTime(sealed.at)],
        ['文件大小', shownBytes(recording.bytes)],
        ...quarantineRows(reading, recording),
        ['随材料内容', contentOf(reading, recording)],
      ],
    },
    ...renditionBlocks(reading, recording),
  ]
}

/** Where each recording lies, as the events say. */
export function copiesSection(reading: Reading): Section {
  const rows = reading.facts.recordings.flatMap(({ id }) =>
    reading
      .copiesOf(id)
      .map(({ store, host, versionId, state, verifiedAt, retainUntil, legalHold }) => [
        reading.numberOf(id),
        storeName(store),
        plain(host),
        plain(versionId),
        `${copyStateName(state)}${verifiedAt ? ` ${shownTime(verifiedAt)}` : ''}`,
        `${shownTime(retainUntil)}${legalHold ? '' : '（未载明保留）'}`,
      ]),
  )
  if (rows.length === 0) return { title: '存放', blocks: [{ kind: 'text', text: '没有存放的事件。' }] }
  return {
    title: '存放',
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: '资料', share: 0.09 },
          { title: '存放', share: 0.1 },
          { title: '主机', share: 0.18 },
          { title: '版本', share: 0.27, isCode: true },
          { title: '状态', share: 0.18 },
          { title: '锁定至', share: 0.18 },
        ],
        rows,
      },
    ],
  }
}
