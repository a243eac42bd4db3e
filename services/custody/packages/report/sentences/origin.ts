import { plain } from '../../../../foundation/plain-text.ts'
import type { ReportRecording } from '../facts.ts'
import { userText } from '../people.ts'
import type { Reading } from '../reading.ts'
import { saysItsTime, shownDeviceTime, shownOffset, shownSigned, shownTime } from '../words.ts'
import { signatureFaultOf } from './environment.ts'
import { saidTogether, sentence } from './sentence.ts'

/** 二: who and what made it, and when. */
export const origin = [
  sentence('origin_of_each', (reading) =>
    reading.facts.recordings.map((recording) => {
      const { sealed } = recording
      const device = plain(reading.subjectOf(sealed, 'device') ?? '—')
      const said = saysItsTime(sealed.details) ? `设备自报 ${shownDeviceTime(sealed.details)}` : '没有设备自报的时间'
      return `${reading.numberOf(recording.id)}：设备 ${device}，${userText(reading, recording)}；${said}，固定入库 ${shownTime(sealed.at)}。`
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
    saidTogether(reading, ({ sealed }) =>
      saysItsTime(sealed.details) && sealed.details.clockOffsetMs === null
        ? '：入库事件没有设备时钟偏差，设备自报的时间无从校正。'
        : null,
    ),
  ),
  sentence('device_time_missing', (reading) =>
    saidTogether(reading, ({ sealed }) =>
      saysItsTime(sealed.details) ? null : '：入库事件没有设备自报的时间，何时形成本材料不能说明，只能说明何时入库。',
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
