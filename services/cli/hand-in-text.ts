import { quarantineReasonNames, userGradeNames } from '../custody/events/words.ts'
import type { ShownCorrection } from '../custody/hand-ins/correction-list.ts'
import type { HandInDetail, ListedFile } from '../custody/hand-ins/hand-in-detail.ts'
import type { HandInState, HandInSummary } from '../custody/hand-ins/hand-in-list.ts'
import type { ShownStatement } from '../custody/hand-ins/statement-list.ts'
import type { QuarantineReason } from '../foundation/db/words.ts'
import type { Table } from './csv-table.ts'
import { gapLine, linesText } from './gap-text.ts'
import { localTime } from './local-time.ts'

/** A hand-in as GET /hand-ins/ID shows it, with all files of its list. */
export interface HandInCard extends HandInDetail {
  readonly listed: readonly ListedFile[]
}

type Language = 'zh' | 'en'
type Both = Readonly<Record<Language, string>>

const stateNames: Readonly<Record<HandInState, Both>> = {
  complete: { zh: '已收齐', en: 'complete' },
  incomplete: { zh: '未收齐', en: 'incomplete' },
}
const fileStateNames: Readonly<Record<ListedFile['state'], Both>> = {
  expected: { zh: '未收到', en: 'has not come' },
  receiving: { zh: '上传中', en: 'coming' },
  complete: { zh: '已传完', en: 'came' },
  sealed: { zh: '已入库', en: 'sealed' },
  quarantined: { zh: '待核实', en: 'in quarantine' },
  duplicate: { zh: '此前已交存', en: 'was here before' },
}
const receiptNames: Readonly<Record<ListedFile['receipt']['state'], Both>> = {
  not_yet: { zh: '回执未出具', en: 'no receipt yet' },
  provisional: { zh: '临时回执', en: 'provisional receipt' },
  witnessed: { zh: '回执已外部见证', en: 'witnessed receipt' },
}

/** `ID  time  dock  device  user  files  state  gaps`, one line a hand-in. Pure. */
export function handInLine(handIn: HandInSummary, language: Language): string {
  const { id, dock, deviceSerial, openedAt, state } = handIn
  const cells = [id, localTime(openedAt), dock.name, deviceSerial, userText(handIn, language)]
  return [
    ...[...cells, filesText(handIn, language), stateNames[state][language], ...gapCells(handIn, language)],
    ...remarksOf(handIn, language),
  ].join('  ')
}

function userText({ user, userGradeWords }: HandInSummary, language: Language): string {
  const grade = userGradeWords[language]
  if (language === 'zh') return user ? `${user.name}（${grade}）` : `使用人${grade}`
  return user ? `${user.name} (${grade})` : `user ${grade}`
}

function filesText({ files }: HandInSummary, language: Language): string {
  const { total, bytes, marked, expected, quarantined, receipts } = files
  const parts =
    language === 'zh'
      ? [
          ...[`${total} 个文件`, `${bytes} B`, marked > 0 && `重点 ${marked}`, expected > 0 && `未收到 ${expected}`],
          ...[quarantined > 0 && `待核实 ${quarantined}`, `回执 ${receipts}`],
        ]
      : [
          ...[`${total} files`, `${bytes} B`, marked > 0 && `${marked} marked`, expected > 0 && `${expected} not come`],
          ...[quarantined > 0 && `${quarantined} in quarantine`, `${receipts} receipts`],
        ]
  return parts.filter((part) => part !== false).join(language === 'zh' ? '，' : ', ')
}

function gapCells({ gaps }: HandInSummary, language: Language): string[] {
  const { open, explained } = gaps
  if (open + explained === 0) return []
  return [
    language === 'zh'
      ? `中断：待说明 ${open}，待复核 ${explained}`
      : `gaps: ${open} to be explained, ${explained} to be decided on`,
  ]
}

function remarksOf({ isSelfTest, isUserCorrected, isUserDisputed }: HandInSummary, language: Language): string[] {
  const isChinese = language === 'zh'
  return [
    ...(isSelfTest ? [isChinese ? '采集站自检' : "a station's test of itself"] : []),
    ...(isUserCorrected ? [isChinese ? '使用人经更正' : 'its user was corrected'] : []),
    ...(isUserDisputed ? [isChinese ? '交存单载明的使用人不同' : 'the list names another user'] : []),
  ]
}

/** The line of the list; how it came; every file; gaps; what was said of files; corrections; clearings. Pure. */
export function handInCardLines(card: HandInCard, language: Language): string[] {
  const { listed, gapsFound, statementsSaid, corrections, clearings } = card
  const isChinese = language === 'zh'
  const cleared = clearings.map(({ announcedAt, endedAt, files }) => {
    const count = isChinese ? `${files.length} 个文件` : `${files.length} files`
    const end = endedAt === null ? (isChinese ? '未结束' : 'not closed') : localTime(endedAt)
    return [isChinese ? '清空' : 'clearing', localTime(announcedAt), count, end].join('  ')
  })
  return [
    handInLine(card, language),
    howItCame(card, language),
    ...listed.map((file) => fileLine(file, language)),
    ...gapsFound.map((gap) => `${isChinese ? '中断' : 'gap'}  ${gapLine(gap, language)}`),
    ...statementsSaid.map((one) => statementLine(one, language)),
    ...corrections.map((one) => correctionLine(one, language)),
    ...cleared,
  ]
}

function howItCame({ origin, clockOffsetMs }: HandInCard, language: Language): string {
  const isChinese = language === 'zh'
  const unstated = isChinese ? '交存单未载明来源' : 'the list does not say from where'
  const from = origin?.from ?? null
  const seconds = clockOffsetMs === null ? '-' : String(Math.round(clockOffsetMs / 1000))
  return [
    origin?.words[language] ?? unstated,
    ...(from === null ? [] : [from]),
    isChinese ? `设备时钟偏差 ${seconds} 秒` : `clock of the device off by ${seconds} s`,
  ].join('  ')
}

function fileLine(file: ListedFile, language: Language): string {
  const { number, name, bytes, mark, sha256, state, quarantineReason, receipt } = file
  const why = language === 'zh' ? quarantineReasonNames[quarantineReason as QuarantineReason] : quarantineReason
  return [
    ...[number + 1, name.text, `${bytes} B`, fileStateNames[state][language], ...(why ? [why] : [])],
    ...[receiptNames[receipt.state][language], ...(mark ? [language === 'zh' ? '重点' : 'marked'] : [])],
    sha256 ?? '-',
  ].join('  ')
}

function statementLine(one: ShownStatement, language: Language): string {
  const { kindWords, lineNumbers, words, by, gradeWords, saidAt } = one
  const isChinese = language === 'zh'
  const all = isChinese ? '全部文件' : 'all files'
  return [
    ...[isChinese ? '陈述' : 'statement', kindWords[language]],
    lineNumbers.length === 0 ? all : linesText(lineNumbers, language),
    ...(words === null ? [] : [`“${words}”`]),
    ...[by?.name ?? (isChinese ? '未载明何人' : 'nobody named'), gradeWords[language], localTime(saidAt)],
  ].join('  ')
}

/** With its id, by which it is decided on. */
function correctionLine(correction: ShownCorrection, language: Language): string {
  const { id, deviceSerial, user, reason, askedBy, askedAt, decidedBy, decidedAt, confirmed } = correction
  const isChinese = language === 'zh'
  const waits = isChinese ? '待确认' : 'to be confirmed'
  const outcome = confirmed ? (isChinese ? '已确认' : 'confirmed') : isChinese ? '未同意' : 'refused'
  return [
    ...[isChinese ? '更正' : 'correction', id],
    ...(deviceSerial === null ? [] : [`${isChinese ? '设备' : 'device'} ${deviceSerial}`]),
    ...(user === null ? [] : [`${isChinese ? '当班使用人' : 'user'} ${user.name}`]),
    ...[reason, askedBy.name, localTime(askedAt)],
    ...(confirmed === null ? [waits] : [outcome, decidedBy?.name ?? '', localTime(decidedAt ?? '')]),
  ].join('  ')
}

const columns = [
  ...['id', 'opened_at', 'dock', 'device', 'user', 'user_known_by', 'user_corrected', 'user_disputed', 'self_test'],
  ...['state', 'files', 'bytes', 'marked', 'not_come', 'sealed', 'quarantined', 'duplicate', 'receipts'],
  ...['gaps_open', 'gaps_explained', 'gaps_accepted', 'statements'],
] as const

/** Hand-ins as a table; `not_come` are files of which not every byte is here. Pure. */
export function handInTable(handIns: readonly HandInSummary[]): Table {
  return { columns, rows: handIns.map(handInRow) }
}

function handInRow(handIn: HandInSummary): Table['rows'][number] {
  const { files, gaps } = handIn
  const yes = (is: boolean) => (is ? '是' : null)
  return [
    ...[handIn.id, handIn.openedAt, handIn.dock.name, handIn.deviceSerial, handIn.user?.name ?? null],
    ...[userGradeNames[handIn.userGrade], yes(handIn.isUserCorrected), yes(handIn.isUserDisputed)],
    ...[yes(handIn.isSelfTest), stateNames[handIn.state].zh, files.total, files.bytes, files.marked],
    ...[files.expected + files.receiving, files.sealed, files.quarantined, files.duplicate, files.receipts],
    ...[gaps.open, gaps.explained, gaps.accepted, handIn.statements],
  ]
}
