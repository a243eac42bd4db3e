import { plain } from '../../../foundation/plain-text.ts'
import { gapKindNames, gapReasonNames, identityGradeNames } from '../../events/hand-in-words.ts'
import { eventOf, type KnownEvent } from '../../events/read.ts'
import type { Reading } from './reading.ts'
import { shownSeconds } from './words.ts'

type Found = KnownEvent<'gap.found'>
type Explained = KnownEvent<'gap.explained'>

/**
 * Each gap (中断) of the hand-ins of the case, in the order of their first acts: what is missing, how it is explained, and whether that was
 * accepted. One that was found before such events named the hand-in's list is in no package; what was done about it later is.
 */
export function handInGaps(reading: Reading): string[] {
  const acts = reading.ofKind(
    ...(['gap.found', 'gap.explained', 'gap.confirmed', 'gap.accepted', 'gap.returned', 'gap.withdrawn'] as const),
  )
  const ofGap = Map.groupBy(acts, (act) => reading.subjectOf(act, 'gap') ?? '')
  return [...ofGap.values()].flatMap((own) => {
    const found = own.flatMap((act) => eventOf(act, 'gap.found') ?? [])[0]
    const serial = plain(reading.subjectOf(own[0]!, 'device') ?? '')
    return [`设备 ${serial} 的交存：${found ? whatIsMissing(found) : notShown}；${howItStands(reading, own)}。`]
  })
}

const notShown = '中断登记早于本格式，未载入'

function whatIsMissing({ details }: Found): string {
  const { gapKind, fromTime, toTime, lengthMs, missingNumbers, lineNumbers } = details
  const span = fromTime && toTime ? `设备时钟 ${plain(fromTime)} 至 ${plain(toTime)}` : null
  const parts = [
    gapKindNames[gapKind],
    span,
    lengthMs === null ? null : shownSeconds(lengthMs),
    missingNumbers === null ? null : gapKind === 'number' ? `缺 ${missingNumbers} 个编号` : `${missingNumbers} 个文件`,
    lineNumbers.length === 0 ? null : `交存单第 ${lineNumbers.map((number) => number + 1).join('、')} 行`,
  ]
  return parts.filter((part) => part !== null).join('，')
}

/** What its events say in their order, as the rows of a gap follow from them. */
function howItStands(reading: Reading, acts: readonly KnownEvent[]): string {
  const explanations = acts.flatMap((act) => eventOf(act, 'gap.explained') ?? [])
  const confirmed = new Map<string, boolean>()
  let decision: { kind: 'gap.accepted' | 'gap.returned' | 'gap.withdrawn'; text: string } | null = null
  for (const act of acts) {
    const word = eventOf(act, 'gap.confirmed')?.details
    if (word) confirmed.set(word.explanationId, word.isOwn)
    if (decision?.kind === 'gap.withdrawn') continue
    // What its person denies is decided on anew, and so is what is explained again after it was returned.
    if (word?.isOwn === false || (act.kind === 'gap.explained' && decision?.kind === 'gap.returned')) decision = null
    if (act.kind === 'gap.accepted') decision = { kind: act.kind, text: `${reading.actorOf(act)}认可` }
    if (act.kind === 'gap.withdrawn') decision = { kind: act.kind, text: '所缺资料其后已补到，系统撤销此中断' }
    const returned = eventOf(act, 'gap.returned')
    const why = returned && plain(returned.details.reason)
    if (returned) decision = { kind: returned.kind, text: `${reading.actorOf(act)}退回：${why}` }
  }
  const said = explanations.map((one) => explanationText(reading, one, confirmed.get(one.details.explanationId)))
  const explained = said.length === 0 ? '没有说明' : `说明：${said.join('，')}`
  return `${explained}；${decision?.text ?? '未作认可'}`
}

function explanationText(reading: Reading, explained: Explained, isOwn: boolean | undefined): string {
  const { reason, words, grade, identified } = explained.details
  const person = reading.subjectOf(explained, 'person')
  const doubt = isOwn === false ? '，本人否认' : identified || isOwn ? '' : '，未经本人核对'
  const by = `${person === null ? '未载明何人' : reading.nameOf(person)}，${identityGradeNames[grade]}${doubt}`
  return `${gapReasonNames[reason]}${words ? `“${plain(words)}”` : ''}（${by}）`
}

/** Hand-ins whose device or user was corrected by two, beside what the dock signed. */
export function handInCorrections(reading: Reading): string[] {
  return reading.ofKind('hand_in.corrected').map((corrected) => {
    const { deviceSerial, userId, reason, askedBy } = corrected.details
    const [listed] = corrected.subjects.filter(({ type }) => type === 'device')
    const parts = [
      deviceSerial === null ? null : `设备为 ${plain(deviceSerial)}`,
      userId === null ? null : `当班使用人为${reading.nameOf(userId)}`,
    ]
    const what = parts.filter((part) => part !== null).join('，')
    const by = `${reading.nameOf(askedBy)}申请、${reading.actorOf(corrected)}确认`
    return `设备 ${plain(listed?.id ?? '')} 的交存经更正：${what}；原因：${plain(reason)}；${by}。交存单原载不变。`
  })
}
