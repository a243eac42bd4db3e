import { plain } from '../../../../foundation/plain-text.ts'
import { areOnePerson } from '../../../signing/one-person.ts'
import { nameIn } from '../openings.ts'
import type { Reading } from '../reading.ts'
import { shownTime } from '../words.ts'
import { sentence } from './sentence.ts'

/** 四: how it was taken out for this package, and by whom. */
export const extraction = [
  sentence('extracted_by', ({ facts, request, actorOf }) =>
    request
      ? `提取人 ${actorOf(request)}，于 ${shownTime(request.at)} 申请；提取时间 ${shownTime(facts.madeAt)}。提取方法（系统自述，不是流转事件）：${plain(facts.madeHow)}`
      : null,
  ),
  sentence('approved_by_another', (reading) => {
    const people = approvedByTwo(reading)
    if (!people) return null
    const remarks = reading.signatureRemarks(people.approval).join('，')
    return `本材料由${reading.actorOf(people.request)}申请、${reading.actorOf(people.approval)}于 ${shownTime(people.approval.at)} 批准，申请人与批准人是两个账号${remarks === '' ? '' : `；${remarks}`}。`
  }),
  sentence('playable_joined', ({ facts }) =>
    facts.recordings.some(({ hasPlayable }) => hasPlayable)
      ? '随材料的播放件由流转事件登记了校验值的各段文件依次相接而成；播放件只便于观看，以原始文件为准。'
      : null,
  ),
]

/** Request and approval, when they are of two accounts. */
export function approvedByTwo({ request, approval }: Reading) {
  if (!request || !approval || areOnePerson(nameIn(request), nameIn(approval))) return null
  return { request, approval }
}
