import { personOf, type Register } from '../ingest/register.ts'
import { isLasting } from '../receipts/check.ts'
import { isCopyMissing } from '../receipts/mend-copies.ts'
import type { AttentionWord, SlotWord } from '../screen/card-words.ts'
import type { SlotCard, SlotFile } from '../screen/schemas.ts'
import type { FileRecord } from '../spool/records.ts'
import type { DockedFile } from './docked-files.ts'
import { insteadOf, unfitnessOf } from './fitness.ts'
import { askTakerMs } from './lifted.ts'
import { clearsByPolicy, policyOf, waitsForSeal } from './policy-of.ts'
import type { Rates } from './rates.ts'
import { isOnWall, type Session } from './session.ts'
import { needsDevice } from './take-in.ts'

/** For so long a card says that its device may be taken; then that it charges. */
const readyMs = 60_000

export function emptyCard(slot: number): SlotCard {
  return {
    slot,
    word: 'empty',
    person: null,
    serial: null,
    deviceKind: null,
    mayLeave: false,
    isPickedUp: false,
    files: {
      total: 0,
      read: 0,
      onDevice: 0,
      sent: 0,
      secured: 0,
      receipts: 0,
      provisional: 0,
      cleared: 0,
      unreadable: 0,
    },
    marked: { total: 0, secured: 0 },
    bytes: { total: 0, read: 0, sent: 0 },
    bytesPerSecond: 0,
    leftMs: null,
    gaps: 0,
    batteryPercent: null,
    attention: null,
    since: null,
    receiptAt: null,
    check: null,
  }
}

/** The card of a slot, made of what is known now. */
export function cardOf(
  session: Session,
  station: { register: Register | null; rates: Rates; all: readonly Session[]; hasRefusedPost: boolean },
  nowMs: number,
): SlotCard {
  const { register, rates, hasRefusedPost } = station
  const { files, volume, device } = session
  const records = files.map(({ file }) => file)
  const attention =
    attentionOf(session, records) ??
    (waitsForSeal(register, session) ? { word: 'card_to_seal' as const, count: null, detail: null } : null) ??
    (isReadFromMemory(register, session) ? { word: 'read_from_memory' as const, count: null, detail: null } : null) ??
    (hasRefusedPost ? { word: 'post_refused' as const, count: null, detail: null } : null)
  const bytes = bytesOf(session, records)
  const rate = rates.of(session, bytes.sent, nowMs)
  const receiptMs = Math.max(0, ...records.map((file) => (file.receipt === 'witnessed' ? (file.receiptMs ?? 0) : 0)))
  const person = session.person ?? register?.people.find(({ id }) => id === device?.keeper) ?? null
  return {
    slot: session.slot,
    word: wordOf(session, records, attention, nowMs),
    person: person && { id: person.id, name: person.name, number: person.number },
    serial: session.serial ?? volume.facts.serial,
    deviceKind: device?.kind ?? null,
    mayLeave: session.hasBegun && attention?.word !== 'spool_full' && session.stage !== 'left',
    isPickedUp: session.isPickedUp,
    files: {
      total: records.length,
      read: count(records, ({ reading }) => reading === 'done'),
      onDevice: count(records, needsDevice),
      sent: count(records, ({ sending }) => sending === 'complete' || sending === 'said'),
      secured: count(records, isSecured),
      receipts: count(records, ({ receipt }) => receipt === 'witnessed'),
      provisional: count(records, ({ receipt }) => receipt === 'provisional'),
      cleared: count(records, ({ cleared }) => cleared === 'yes' || cleared === 'before_witness'),
      unreadable: count(records, ({ reading }) => reading === 'failed'),
    },
    marked: {
      total: count(records, ({ mark }) => mark),
      secured: count(records, (file) => file.mark && isSecured(file)),
    },
    bytes,
    bytesPerSecond: rate,
    leftMs: rate > 0 && bytes.total > bytes.sent ? Math.round(((bytes.total - bytes.sent) / rate) * 1000) : null,
    gaps: session.gaps.filter(({ explained }) => explained === null).length,
    batteryPercent: session.condition.batteryPercent,
    attention,
    since: session.stageMs,
    receiptAt: receiptMs > 0 ? receiptMs : null,
    check: register && checkOf(session, register, station.all, nowMs),
  }
}

/** 班前检查, for whoever is about to take a charged device, or has just lifted it. */
function checkOf(session: Session, register: Register, all: readonly Session[], nowMs: number): SlotCard['check'] {
  const { stage, settledMs, leftMs, condition, taker } = session
  const isLifted = stage === 'left' && settledMs !== null && leftMs !== null && nowMs - leftMs < askTakerMs
  if (!isOnWall(session) || !(stage === 'released' || isLifted)) return null
  const unfit = unfitnessOf(session, register)
  const instead = unfit.length > 0 ? insteadOf(session, all, register, nowMs) : null
  const person = taker === null ? session.person : personOf(register, taker.personId)
  return {
    freePercent: condition.freePercent,
    clockOffsetMs: condition.clockOffsetMs,
    unfit,
    instead: instead && { slot: instead.slot, serial: instead.serial! },
    taker: person && { id: person.id, name: person.name, number: person.number },
  }
}

function wordOf(
  session: Session,
  files: readonly FileRecord[],
  attention: SlotCard['attention'],
  nowMs: number,
): SlotWord {
  const { stage, settledMs } = session
  if (stage === 'left') return attention ? 'attention' : 'taken'
  if (stage === 'ignored') return 'unread'
  if (stage === 'asking') return 'asking'
  if (attention) return 'attention'
  if (stage === 'recognising' || stage === 'listing') return 'reading'
  if (stage === 'taking_in' || files.some(({ sending }) => sending === 'waiting')) return 'uploading'
  if (files.some((file) => file.receipt === 'none' && !isSecured(file))) {
    return files.some(({ receipt, receiptReason }) => receipt === 'none' && receiptReason === 'not_secured')
      ? 'copying'
      : 'checking'
  }
  if (files.some(({ receipt }) => receipt === 'none')) return 'checking'
  const isUnwitnessed = files.some(({ receipt, cleared }) => receipt === 'provisional' && cleared === 'no')
  if (isUnwitnessed) return 'provisional'
  return stage === 'released' && nowMs - (settledMs ?? nowMs) > readyMs ? 'charging' : 'ready'
}

/** What asks for a person, the most pressing first. */
function attentionOf(session: Session, files: readonly FileRecord[]): SlotCard['attention'] {
  if (session.stage === 'left') return leftAttention(session, files)
  const own = session.attention
  if (own && own.word !== 'not_in_service') return { ...own, count: null }
  const found: readonly [AttentionWord, (file: FileRecord) => boolean][] = [
    ['receipt_wrong', ({ receipt }) => receipt === 'wrong'],
    ['digest_differs', ({ refusal }) => refusal === 'digest_differs'],
    ['copy_damaged', isDamagedThere],
    ['refused_by_server', ({ sending }) => sending === 'refused'],
    ['quarantined', ({ receipt, receiptReason }) => receipt === 'none' && isLasting(receiptReason)],
    ['file_unreadable', ({ reading }) => reading === 'failed'],
    ['clear_failed', ({ cleared }) => cleared === 'failed'],
  ]
  for (const [word, isSo] of found) {
    const some = count(files, isSo)
    if (some > 0) return { word, count: some, detail: detailOf(word, files.find(isSo)!) }
  }
  if (session.changed > 0) return { word: 'changed_after_list', count: session.changed, detail: null }
  const { leftOut } = session
  if (leftOut)
    return { word: 'files_not_listed', count: leftOut.files, detail: `${(leftOut.bytes / 1e9).toFixed(1)} GB` }
  if (session.handIn?.state === 'refused')
    return { word: 'refused_by_server', count: null, detail: session.handIn.refusal }
  return own ? { ...own, count: null } : null
}

/** It would be cleared by now, were it sure that a second reading comes from the device. */
function isReadFromMemory(register: Register | null, session: Session): boolean {
  const { volume, stage, settledMs, files } = session
  if (volume.isReadFromMemory !== true || stage === 'left' || settledMs === null) return false
  return clearsByPolicy(policyOf(register, session)) && files.some(({ file }) => file.cleared === 'no')
}

/** It has its receipt, and the bureau found a copy damaged when the file was to be cleared. */
const isDamagedThere = ({ cleared, receiptReason }: FileRecord) => cleared === 'failed' && receiptReason === 'damaged'

function leftAttention(session: Session, files: readonly FileRecord[]): SlotCard['attention'] {
  const missing = count(files, needsDevice)
  const wasListed = session.handIn !== null
  const isDone = session.isPickedUp || (wasListed ? missing === 0 : session.settledMs !== null)
  return isDone ? null : { word: 'pulled_out', count: wasListed ? missing : null, detail: null }
}

function detailOf(word: AttentionWord, file: FileRecord): string | null {
  if (word === 'receipt_wrong' || word === 'quarantined') return file.receiptReason
  return word === 'refused_by_server' ? file.refusal : null
}

function bytesOf({ reading, files }: Session, records: readonly FileRecord[]): SlotCard['bytes'] {
  let [total, read, sent] = [0, 0, 0]
  for (const file of records) {
    total += file.bytes
    read += file.reading === 'done' ? file.bytes : reading?.file === file ? Math.min(reading.bytes, file.bytes) : 0
    sent += file.sending === 'waiting' ? file.sentBytes : file.bytes
  }
  return files.length === 0 ? { total: 0, read: 0, sent: 0 } : { total, read, sent }
}

/** In three copies, each read back: the service gives no receipt before. */
function isSecured({ receipt, receiptReason }: FileRecord): boolean {
  const ledgerOnly = ['not_in_ledger', 'not_archived', 'not_issued']
  return receipt === 'provisional' || receipt === 'witnessed' || ledgerOnly.includes(receiptReason ?? '')
}

function count<T>(list: readonly T[], isSo: (item: T) => boolean): number {
  return list.reduce((sum, item) => sum + (isSo(item) ? 1 : 0), 0)
}

export function shownFile(
  docked: DockedFile,
  reading: Session['reading'],
  readable: (name: Buffer) => string,
): SlotFile {
  const { file, number } = docked
  const sentPercent = file.bytes === 0 ? 100 : Math.floor((file.sentBytes / file.bytes) * 100)
  return {
    number,
    name: readable(file.name),
    bytes: file.bytes,
    mark: file.mark,
    recordedAt: file.deviceTime,
    read: file.reading === 'waiting' && reading?.file === file ? 'running' : file.reading,
    sent: file.sending === 'waiting' ? sentPercent : file.sending === 'refused' ? sentPercent : 100,
    state: stateOf(file),
    receipt: file.receipt,
    receiptReason: file.receiptReason,
    cleared: shownCleared(file),
  }
}

function shownCleared(file: FileRecord): SlotFile['cleared'] {
  if (file.cleared === 'gone' || file.cleared === 'changed') return 'no'
  // `before_witness` says that the original is kept here.
  return isCopyMissing(file) ? 'yes' : file.cleared
}

function stateOf(file: FileRecord): SlotFile['state'] {
  if (file.sending === 'refused') return 'refused'
  if (isSecured(file)) return 'secured'
  if (file.receiptReason === 'quarantined') return 'quarantined'
  if (file.receiptReason === 'duplicate_unread') return 'duplicate'
  if (file.receiptReason === 'not_secured' || file.receiptReason === 'damaged') return 'sealed'
  if (file.sending === 'said' || file.sending === 'complete') return 'complete'
  return file.sentBytes > 0 ? 'receiving' : 'waiting'
}
