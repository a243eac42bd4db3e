import type { UserGrade } from '../../../foundation/db/words.ts'
import { plain } from '../../../foundation/plain-text.ts'
import { userGradeNames } from '../../events/words.ts'
import type { Block, Section } from './content.ts'
import type { Reading } from './reading.ts'
import { renditionBlocks } from './rendition.ts'
import { copyStateName, deviceKindName, shownBytes, shownDeviceTime, shownTime, storeName } from './words.ts'

/** Every recording of the case with its digests and its copies. */
export function recordingsSection(reading: Reading): Section {
  const { recordings } = reading.facts
  if (recordings.length === 0) {
    return { title: '录像资料', blocks: [{ kind: 'text', text: '检查点之前没有录像归入本案件。' }] }
  }
  return {
    title: '录像资料',
    blocks: [
      {
        kind: 'text',
        text: `共 ${recordings.length} 份。摘要是封存时写入台账的摘要；随包的原始文件与之逐字节核对过。`,
      },
      ...recordings.flatMap((recording) => recordingBlocks(reading, recording)),
    ],
  }
}

function recordingBlocks(reading: Reading, recording: Reading['facts']['recordings'][number]): Block[] {
  const { sealed } = recording
  const { rows } = reading.facts
  const serial = reading.subjectOf(sealed, 'device') ?? '—'
  const device = rows.devices.get(serial)
  const kind = device ? `${deviceKindName(device.kind)}${device.model ? ` ${device.model}` : ''}` : '未登记设备'
  const officer = reading.subjectOf(sealed, 'person')
  const copies = rows.copies.filter(({ recordingId }) => recordingId === recording.id)
  return [
    { kind: 'heading', text: `${reading.numberOf(recording.id)}　${plain(recording.name)}` },
    {
      kind: 'facts',
      rows: [
        ['录像编号', recording.id],
        ['设备', plain(`${kind}，序号 ${serial}`)],
        ['当班使用人', userText(officer && reading.nameOf(officer), sealed.details.userGrade)],
        ['设备时间', shownDeviceTime(sealed.details)],
        ['校正时间', shownTime(sealed.details.correctedTime)],
        ['封存时间', shownTime(sealed.at)],
        ['长度', shownBytes(recording.bytes)],
        ['SHA-256', recording.sha256],
        ['SM3', recording.sm3 ?? '封存后的校验尚未完成'],
        ['随包内容', contentOf(reading, recording)],
      ],
    },
    {
      kind: 'table',
      columns: [
        { title: '副本', share: 0.12 },
        { title: '主机', share: 0.2 },
        { title: '版本', share: 0.28, isCode: true },
        { title: '状态', share: 0.2 },
        { title: '锁定至', share: 0.2 },
      ],
      rows: copies.map((copy) => [
        storeName(copy.store),
        plain(copy.hostName),
        plain(copy.versionId),
        `${copyStateName(copy.state)}${copy.verifiedAt ? ` ${shownTime(copy.verifiedAt)}` : ''}`,
        shownTime(copy.retainUntil),
      ]),
    },
    ...renditionBlocks(reading, recording),
  ]
}

/** Whose recording it is, and how that is known: seals of before this was kept do not say. */
function userText(name: string | null, grade: UserGrade | undefined): string {
  if (name === null) return userGradeNames.unknown
  return `${name}（${grade === undefined ? '依据当时未记录' : userGradeNames[grade]}）`
}

function contentOf({ facts }: Reading, recording: Reading['facts']['recordings'][number]): string {
  if (!facts.withFootage) return '本包不含录像内容'
  if (recording.withheld === 'quarantined') return '未随包：待核实资料，尚未由两人决定接收'
  if (recording.withheld === 'not_in_case') return '未随包：已不在本案件中'
  const tracks = recording.playable?.tracks.length ?? 0
  const playable = recording.hasPlayable ? `可播放件${tracks > 1 ? `（${tracks} 个轨道）` : ''}` : '无可播放件'
  return `原始文件${recording.hasOriginal ? '' : '（缺）'}，${playable}`
}
