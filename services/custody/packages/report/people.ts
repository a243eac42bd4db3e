import type { UserGrade } from '../../../foundation/db/words.ts'
import { plain } from '../../../foundation/plain-text.ts'
import type { ReportRecording } from './facts.ts'
import type { Reading } from './reading.ts'

/** 执法证号 as it was entered with the account; null where no event has one. */
export function certificateOf({ register }: Pick<Reading, 'register'>, id: string): string | null {
  const number = register.people.get(id)?.created.details.certificateNumber
  return number ? plain(number) : null
}

/** `张三（执法证号 0042，执法人员编号 012345）` */
export function officerText(reading: Reading, id: string): string {
  const officerNumber = reading.register.people.get(id)?.created.details.officerNumber
  const certificate = certificateOf(reading, id)
  const numbers = [
    certificate === null ? '执法证号未载入事件' : `执法证号 ${certificate}`,
    ...(officerNumber ? [`执法人员编号 ${plain(officerNumber)}`] : []),
  ]
  return `${reading.nameOf(id)}（${numbers.join('，')}）`
}

/** `孙杰（执法辅助人员）`; without what he is where his account was not made as an assistant's. */
export function participantText(reading: Reading, id: string): string {
  const isAssistant = reading.register.people.get(id)?.created.details.role === 'assistant'
  return `${reading.nameOf(id)}${isAssistant ? '（执法辅助人员）' : ''}`
}

/** How surely somebody used the device: the register says who keeps it, and no more. */
const useOfGrade: Readonly<Record<UserGrade, string>> = {
  confirmed: '当班使用该设备（本人确认）',
  roster: '按排班当班使用该设备',
  register: '推定当班使用该设备（登记的保管人，没有本人确认或排班的记载）',
  unknown: '是否当班使用该设备不明',
}

/** What is known of the use of the device by whoever the seal names; seals of before this was kept do not say how. */
export function useText({ sealed }: ReportRecording): string {
  const grade = sealed.details.userGrade
  return grade === undefined ? '入库事件载为当班使用人（依据当时未记录）' : useOfGrade[grade]
}

/** Whose recording it is, and how that is known. */
export function userText(reading: Reading, recording: ReportRecording): string {
  const user = reading.subjectOf(recording.sealed, 'person')
  return user === null ? '当班使用人不明' : `${reading.nameOf(user)}${useText(recording)}`
}
