import { plain } from '../../../../foundation/plain-text.ts'
import { userGradeNames } from '../../../events/words.ts'
import type { ReportRecording } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { shownDeviceTime, shownOffset, shownTime } from '../words.ts'
import { sentence } from './sentence.ts'

/** 二: who and what made it, and when. */
export const origin = [
  sentence('origin_of_each', (reading) =>
    reading.facts.recordings.map((recording) => {
      const { sealed } = recording
      const device = plain(reading.subjectOf(sealed, 'device') ?? '—')
      return `${reading.numberOf(recording.id)}：设备 ${device}，${userText(reading, recording)}；设备自报 ${shownDeviceTime(sealed.details)}，固定入库 ${shownTime(sealed.at)}。`
    }),
  ),
  sentence('clock_measured', (reading) =>
    reading.facts.recordings.flatMap((recording) => {
      const { clockOffsetMs, correctedTime } = recording.sealed.details
      if (clockOffsetMs === null) return []
      const handIn = reading.handInOf(recording)
      const how =
        handIn?.opened.details.clockOffsetMs === clockOffsetMs
          ? `由${reading.nameOf(handIn.dockId)}在交存时将两个时钟比对测得，写入其签名的交存单`
          : '测得的方法未随材料提供'
      const corrected = correctedTime === null ? '没有设备时间可供校正' : `校正后 ${shownTime(correctedTime)}`
      return [`${reading.numberOf(recording.id)}：${shownOffset(clockOffsetMs)}（${how}），${corrected}。`]
    }),
  ),
  sentence('clock_not_measured', (reading) =>
    reading.facts.recordings.flatMap(({ id, sealed }) =>
      sealed.details.clockOffsetMs === null
        ? [`${reading.numberOf(id)}：采集时未测得设备时钟偏差，摄录时间只有设备自报。`]
        : [],
    ),
  ),
]

/** Whose recording it is, and how that is known: seals of before this was kept do not say. */
export function userText(reading: Reading, { sealed }: ReportRecording): string {
  const user = reading.subjectOf(sealed, 'person')
  const grade = sealed.details.userGrade
  if (user === null) return `当班使用人${userGradeNames.unknown}`
  return `当班使用人 ${reading.nameOf(user)}（${grade === undefined ? '依据当时未记录' : userGradeNames[grade]}）`
}
