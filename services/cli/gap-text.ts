import { gapKindNames, gapReasonNames, gapStateNames } from '../custody/events/hand-in-words.ts'
import type { ShownGap } from '../custody/hand-ins/gap-list.ts'
import type { Table } from './csv-table.ts'
import { localTime } from './local-time.ts'

type Language = 'zh' | 'en'
type Explanation = ShownGap['explanations'][number]

/** `ID  kind  device  whose it is  what is missing  state  term  explanations  decision`, one line a gap. Pure. */
export function gapLine(gap: ShownGap, language: Language): string {
  const { id, kindWords, deviceSerial, person, stateWords, explanations, decision } = gap
  const nobody = language === 'zh' ? '使用人不明' : 'nobody known'
  const cells = [
    ...[id, kindWords[language], deviceSerial, person?.name ?? nobody, ...missingCells(gap, language)],
    ...[stateWords[language], termCell(gap, language)],
    ...explanations.map((one) => explanationText(one, language)),
    ...(decision ? [decisionText(decision, language)] : []),
  ]
  return cells.filter((cell) => cell !== null).join('  ')
}

/** Times by the clock of the device, as the dock sent them; lines of the list counted from 1. */
function missingCells(gap: ShownGap, language: Language): string[] {
  const { kind, fromTime, toTime, lengthMs, missingNumbers, lineNumbers, stillMissing } = gap
  const isChinese = language === 'zh'
  const cells = [
    fromTime && toTime ? `${localTime(fromTime)} – ${localTime(toTime)}` : null,
    lengthMs === null ? null : lengthText(lengthMs),
    kind === 'number' && missingNumbers !== null
      ? isChinese
        ? `缺 ${missingNumbers} 个编号`
        : `${missingNumbers} numbers missing`
      : null,
    lineNumbers.length === 0 ? null : linesText(lineNumbers, language),
    stillMissing === null ? null : isChinese ? `仍缺 ${stillMissing} 个` : `${stillMissing} still missing`,
  ]
  return cells.filter((cell) => cell !== null)
}

function termCell({ dueAt, overdue, state }: ShownGap, language: Language): string | null {
  if (state !== 'open' && state !== 'returned') return null
  const words = language === 'zh' ? { due: '说明期限', over: '，已逾期' } : { due: 'due', over: ', overdue' }
  return `${words.due} ${localTime(dueAt)}${overdue ? words.over : ''}`
}

/** What a custodian must know of an explanation before he decides on it: by whom it is, how he was known, and whether he stands by it. */
function explanationText({ reasonWords, words, by, gradeWords, ...one }: Explanation, language: Language): string {
  const isChinese = language === 'zh'
  const nobody = isChinese ? '未载明何人' : 'nobody named'
  const who = [by?.name ?? nobody, gradeWords[language], doubtOf(one, language)].filter((part) => part !== null)
  const said = `${reasonWords[language]}${words ? `“${words}”` : ''}`
  return isChinese ? `说明：${said}（${who.join('，')}）` : `explained: ${said} (${who.join(', ')})`
}

function doubtOf(
  { id, isOwn, identified, confirmBy }: Pick<Explanation, 'id' | 'isOwn' | 'identified' | 'confirmBy'>,
  language: Language,
): string | null {
  const isChinese = language === 'zh'
  if (isOwn === false) return isChinese ? '本人否认' : 'denied by him'
  if (isOwn || identified) return null
  if (confirmBy === null) return isChinese ? '未经本人核对' : 'not confirmed by him'
  return isChinese
    ? `${id} 待本人核对，至 ${localTime(confirmBy)}`
    : `${id} is for him to confirm until ${localTime(confirmBy)}`
}

function decisionText({ by, at, reason }: NonNullable<ShownGap['decision']>, language: Language): string {
  const decided = `${by.name} ${localTime(at)}${reason === null ? '' : ` “${reason}”`}`
  return language === 'zh' ? `复核：${decided}` : `decided: ${decided}`
}

/** Lines of a list, which people count from 1. Pure. */
export function linesText(numbers: readonly number[], language: Language): string {
  const shown = numbers.map((number) => number + 1).join(language === 'zh' ? '、' : ', ')
  return language === 'zh' ? `交存单第 ${shown} 行` : `lines ${shown} of the list`
}

/** `6:12`, `1:00:05`. */
function lengthText(lengthMs: number): string {
  const seconds = Math.round(lengthMs / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const inMinutes = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes)
  return `${inMinutes}:${String(seconds % 60).padStart(2, '0')}`
}

const columns = [
  ...['id', 'kind', 'device', 'person', 'hand_in', 'from', 'to', 'seconds', 'missing', 'lines', 'still_missing'],
  ...['found_at', 'due_at', 'overdue', 'state', 'explanations', 'reason', 'words', 'explained_by'],
  ...['decided_by', 'decided_at', 'decision_reason'],
] as const

/** Gaps as a table; of the explanations the last one that nobody has denied, and how many there are. Pure. */
export function gapTable(gaps: readonly ShownGap[]): Table {
  return { columns, rows: gaps.map(gapRow) }
}

function gapRow(gap: ShownGap): Table['rows'][number] {
  const { lengthMs, lineNumbers, explanations, decision } = gap
  const said = explanations.findLast(({ isOwn }) => isOwn !== false)
  return [
    ...[gap.id, gapKindNames[gap.kind], gap.deviceSerial, gap.person?.name ?? null, gap.handInId],
    ...[gap.fromTime, gap.toTime, lengthMs === null ? null : lengthMs / 1000, gap.missingNumbers],
    ...[lineNumbers.map((number) => number + 1).join(' '), gap.stillMissing, gap.foundAt, gap.dueAt],
    ...[gap.overdue ? '已逾期' : null, gapStateNames[gap.state], explanations.length],
    ...[said ? gapReasonNames[said.reason] : null, said?.words ?? null, said?.by?.name ?? null],
    ...[decision?.by.name ?? null, decision?.at ?? null, decision?.reason ?? null],
  ]
}
