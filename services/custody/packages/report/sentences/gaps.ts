import { quarantineReasonNames, recordingFlags } from '../../../events/words.ts'
import { renditionNotesHeading } from '../../../viewing/rendition-notes.ts'
import { handInCorrections, handInGaps } from '../hand-in-gaps.ts'
import { quarantineLines } from '../quarantine.ts'
import { shownKind } from '../reading.ts'
import { notesOf } from '../rendition.ts'
import { flagName, saysItsTime, shownTime } from '../words.ts'
import { environment } from './environment.ts'
import { keeping } from './keeping.ts'
import { wasTakenOut } from './relevance.ts'
import { type Sentence, saidTogether, sentence } from './sentence.ts'

const clockOffsetNotableMs = 60_000

/** Statements of other sections that speak against "no gaps". */
const alsoGaps: readonly string[] = ['fewer_copies', 'damaged', 'dock_signature_missing']

/** What is missing, doubtful or went wrong: said by the report itself, not left to be found. */
const missing = [
  sentence('gap_not_witnessed', ({ facts }) =>
    facts.witnessedAt === null
      ? '本报告写成时尚未得到足够的外部见证：仅凭流转日志运营方自己的签名，不能排除其另写一份。'
      : null,
  ),
  sentence('gap_no_timestamp', ({ facts }) =>
    facts.timestamps.length === 0 ? '没有可信时间戳：时间只有流转日志和外部见证单位的陈述。' : null,
  ),
  // An event that says less than its kind declares was not written by this product.
  sentence('gap_unreadable', (reading) =>
    reading.unreadable.map(
      (body) =>
        `${shownTime(body.at)} ${reading.actorOf(body)}的事件“${shownKind(body.kind)}”内容与其类型不符，无法读取；次数已计入，其余内容未能采用。`,
    ),
  ),
  sentence('gap_loose', ({ facts }) =>
    facts.closure.loose.length === 0
      ? null
      : `有 ${facts.closure.loose.length} 条较早的登记事件，本材料只能出示，不能证明没有遗漏。`,
  ),
  sentence('gap_in_hand_in', handInGaps),
  sentence('gap_hand_in_corrected', handInCorrections),
  sentence('gap_quarantined', (reading) =>
    saidTogether(reading, ({ withheld, sealed }) => {
      if (withheld !== 'quarantined') return null
      const { reason } = sealed.details
      return `属于待核实资料${reason ? `（${quarantineReasonNames[reason]}）` : ''}，其内容不随材料。`
    }),
  ),
  sentence('gap_accepted', (reading) =>
    saidTogether(reading, (one) => {
      if (one.withheld === 'quarantined') return null
      const lines = quarantineLines(reading, one)
      return lines.length === 0 ? null : `：${lines.join('；')}。`
    }),
  ),
  sentence('gap_not_in_case', (reading) =>
    saidTogether(reading, (one) => {
      if (one.withheld !== 'not_in_case') return null
      return `${wasTakenOut(reading, one) ? '已移出' : '未归入'}本案件，其记录仍列出，内容不随材料。`
    }),
  ),
  sentence('gap_one_host', (reading) =>
    saidTogether(reading, ({ id }) => {
      const copies = reading.copiesOf(id).filter(({ state }) => state === 'verified')
      const hosts = new Set(copies.map(({ host }) => host)).size
      return copies.length > hosts ? `的存放（每份资料 ${copies.length} 份）只在 ${hosts} 台主机上。` : null
    }),
  ),
  sentence('gap_flags', (reading) =>
    recordingFlags.flatMap((flag) =>
      saidTogether(reading, ({ sealed }) => (sealed.details.flags.includes(flag) ? `：${flagName(flag)}。` : null)),
    ),
  ),
  sentence('gap_no_device_time', (reading) =>
    saidTogether(reading, ({ sealed }) => (saysItsTime(sealed.details) ? null : '没有设备时间，何时形成无从说明。')),
  ),
  sentence('gap_no_offset', (reading) =>
    saidTogether(reading, ({ sealed }) =>
      saysItsTime(sealed.details) && sealed.details.clockOffsetMs === null
        ? '没有设备时钟偏差的记载，设备时间无从校正。'
        : null,
    ),
  ),
  sentence('gap_clock_off', (reading) =>
    saidTogether(reading, ({ sealed }) => {
      const offsetMs = sealed.details.clockOffsetMs
      if (offsetMs === null || Math.abs(offsetMs) < clockOffsetNotableMs) return null
      return `入库事件所载设备时钟偏差 ${(offsetMs / 1000).toFixed(1)} 秒；设备时间与校正时间并列列出。`
    }),
  ),
  sentence('gap_no_playable', (reading) =>
    saidTogether(reading, ({ withheld, hasPlayable }) =>
      !withheld && reading.request?.details.withFootage && !hasPlayable ? '没有播放件。' : null,
    ),
  ),
  sentence('gap_rendition_notes', (reading) =>
    saidTogether(reading, (one) =>
      notesOf(reading, one).length > 0 ? `的播放件另有说明，见“音像资料”中的${renditionNotesHeading.zh}。` : null,
    ),
  ),
]

export const gaps: readonly Sentence[] = [
  ...missing,
  sentence('no_gaps', (reading) => {
    const { recordings } = reading.facts
    const others = [...keeping, ...environment].filter(({ id }) => alsoGaps.includes(id))
    if (recordings.length === 0 || [...missing, ...others].some((one) => one.say(reading).length > 0)) return null
    return '未发现缺口：每份音像资料有三份经读回一致的存放，都在采集站签名的交存单上，设备时间和时钟偏差都有记载。'
  }),
]
