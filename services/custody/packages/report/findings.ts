import type { EventBody } from '../../../ledger/format/entry.ts'
import type { EventKind } from '../../events/kinds.ts'
import { quarantineReasonNames } from '../../events/words.ts'
import { renditionNotesHeading } from '../../viewing/rendition-notes.ts'
import type { Block, Section } from './content.ts'
import { type Reading, shownKind } from './reading.ts'
import { notesOf } from './rendition.ts'
import { flagName, shownTime } from './words.ts'

/** Kinds that are said openly wherever they stand in a case. */
const notableKinds: readonly EventKind[] = [
  'recording.damaged',
  'recording.quarantined',
  'quarantine.proposed',
  'quarantine.resolved',
  'recording.detached',
  'recording.duplicate',
  'upload.refused',
  'upload.terminated',
  'upload.expired',
  'rendition.not_playable',
  'rendition.supply_proposed',
  'rendition.supplied',
  'rendition.supply_refused',
  'rendition.supply_failed',
  'viewing.refused',
  'access.refused',
  'package.failed',
  'alarm.raised',
]
const clockOffsetNotableMs = 60_000

/** What is missing, doubtful or went wrong: said by the report itself, not left to be found. */
export function findingsOf(reading: Reading): Section {
  const gaps = [
    ...packageGaps(reading),
    ...unreadableGaps(reading),
    ...reading.facts.recordings.flatMap((one) => recordingGaps(reading, one)),
  ]
  const notable = reading.bodies.filter(({ kind }) => notableKinds.some((one) => one === kind))
  const blocks: Block[] = [
    gaps.length === 0
      ? { kind: 'text', text: '未发现缺口：每份录像三份副本齐备，摘要一致，采集时的清单与时间齐全。' }
      : { kind: 'list', items: gaps },
  ]
  if (notable.length > 0) blocks.push({ kind: 'heading', text: '异常与例外事件' }, notableTable(reading, notable))
  return { title: '发现的问题与缺口', blocks }
}

function notableTable(reading: Reading, notable: readonly EventBody[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: '时间', share: 0.18 },
      { title: '事件', share: 0.16 },
      { title: '经办', share: 0.22 },
      { title: '内容', share: 0.44 },
    ],
    rows: notable.map((body) => [
      shownTime(body.at),
      shownKind(body.kind),
      reading.actorOf(body),
      reading.summaryOf(body),
    ]),
  }
}

/** An event that says less than its kind declares was not written by this product: nothing about it is passed over in silence. */
function unreadableGaps(reading: Reading): string[] {
  return reading.unreadable.map(
    (body) =>
      `${shownTime(body.at)} ${reading.actorOf(body)}的事件“${shownKind(body.kind)}”内容与其类型不符，无法读取；次数已计入，其余内容未能采用。`,
  )
}

function packageGaps({ facts }: Reading): string[] {
  const gaps: string[] = []
  const { checkpoint } = facts
  if (!checkpoint.witnessedAt) {
    gaps.push('本包的检查点尚未得到足够的外部见证：在此之前，仅凭台账运营方自己的签名不能排除其另写一份历史。')
  }
  if (facts.timestamps.length === 0)
    gaps.push('没有可信时间戳覆盖本包的检查点或更早的检查点：时间只有台账与见证方的陈述。')
  return gaps
}

function recordingGaps(reading: Reading, recording: Reading['facts']['recordings'][number]): string[] {
  const { sealed } = recording
  const name = reading.numberOf(recording.id)
  const copies = reading.facts.rows.copies.filter(({ recordingId }) => recordingId === recording.id)
  const good = copies.filter(({ state }) => state === 'verified')
  const hosts = new Set(good.map(({ hostName }) => hostName))
  const gaps: string[] = []
  const { reason, flags, deviceTime, deviceTimeText, clockOffsetMs: offsetMs } = sealed.details
  if (recording.withheld === 'quarantined') {
    const why = reason ? `（${quarantineReasonNames[reason]}）` : ''
    gaps.push(`${name}属于待核实资料${why}，其内容不随包。`)
  }
  if (recording.withheld === 'not_in_case') gaps.push(`${name}已移出本案件，其记录仍列出，内容不随包。`)
  if (good.length < 3) gaps.push(`${name}只有 ${good.length} 份副本经过读回校验（应为 3 份）。`)
  if (good.length > 1 && hosts.size < good.length) {
    gaps.push(`${name}的 ${good.length} 份副本只在 ${hosts.size} 台主机上。`)
  }
  for (const flag of flags) gaps.push(`${name}：${flagName(flag)}。`)
  if (deviceTime === null && !deviceTimeText) gaps.push(`${name}没有设备时间。`)
  if (offsetMs === null) gaps.push(`${name}采集时未测得设备时钟偏差，录制时间无法校正。`)
  else if (Math.abs(offsetMs) >= clockOffsetNotableMs) {
    gaps.push(`${name}采集时设备时钟偏差 ${(offsetMs / 1000).toFixed(1)} 秒；设备时间与校正时间并列保存。`)
  }
  if (!recording.withheld && reading.facts.withFootage && !recording.hasPlayable) gaps.push(`${name}没有可播放件。`)
  if (notesOf(reading, recording).length > 0)
    gaps.push(`${name}的播放件另有说明，见“录像资料”中的${renditionNotesHeading.zh}。`)
  return gaps
}
