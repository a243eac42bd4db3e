import { plain } from '../../../../foundation/plain-text.ts'
import { userGradeNames } from '../../../events/words.ts'
import type { ReportRecording } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { shownDeviceTime, shownOffset, shownSigned, shownTime } from '../words.ts'
import { signatureFaultOf } from './environment.ts'
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
      const corrected = correctedTime === null ? '没有校正时间' : `校正后 ${shownTime(correctedTime)}`
      return [`${reading.numberOf(recording.id)}：${offsetText(reading, recording, clockOffsetMs)}，${corrected}。`]
    }),
  ),
  sentence('clock_not_measured', (reading) =>
    reading.facts.recordings.flatMap(({ id, sealed }) =>
      sealed.details.clockOffsetMs === null
        ? [`${reading.numberOf(id)}：入库事件没有设备时钟偏差，设备自报的时间无从校正。`]
        : [],
    ),
  ),
]

/** How far the device's clock was off, and where that comes from: a list that a dock signed, or the seal alone. */
export function offsetText(reading: Reading, recording: ReportRecording, offsetMs: number): string {
  const handIn = signatureFaultOf(reading, recording) === null ? reading.listedAs(recording)?.handIn : undefined
  if (handIn?.opened.details.clockOffsetMs !== offsetMs) {
    return `入库事件所载设备时钟偏差${shownSigned(offsetMs)}（由谁测得未载入签名的交存单）`
  }
  const { openedAt } = handIn.opened.details
  return `${shownOffset(offsetMs)}（${reading.nameOf(handIn.dockId)}于 ${shownTime(openedAt)} 在其签名的交存单中载明）`
}

/** Whose recording it is, and how that is known: seals of before this was kept do not say. */
export function userText(reading: Reading, { sealed }: ReportRecording): string {
  const user = reading.subjectOf(sealed, 'person')
  const grade = sealed.details.userGrade
  if (user === null) return `当班使用人${userGradeNames.unknown}`
  return `当班使用人 ${reading.nameOf(user)}（${grade === undefined ? '依据当时未记录' : userGradeNames[grade]}）`
}
