import { plain } from '../../../foundation/plain-text.ts'
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
