import type { SlotCard, SlotDetail, SlotFile, SlotGap } from '../types.ts'
import { at } from './cards.ts'

const stretch = ['13:50:02', '14:22:10', '14:40:00', '15:05:31', '15:31:04', '16:02:45', '16:20:11']

/** The files of a card, as far as its figures say. */
export function filesOf(card: SlotCard): SlotFile[] {
  return Array.from({ length: card.files.total }, (_, index) => {
    const number = index + 1
    const isSent = number <= card.files.sent
    const isRunning = number === card.files.sent + 1
    const hasReceipt = number <= card.files.receipts
    const isProvisional = !hasReceipt && number <= card.files.receipts + card.files.provisional
    const isSecured = number <= card.files.secured
    const time = stretch[index % stretch.length]!
    return {
      number,
      name: `${card.serial ?? 'X'}_100245_20261127${time.replaceAll(':', '')}_${String(number).padStart(4, '0')}.MP4`,
      bytes: 812_000_000 - (index % 20) * 31_000_000,
      mark: index < card.marked.total,
      recordedAt: `2026-11-27T${time}+08:00`,
      read: isSent ? 'done' : isRunning ? 'running' : 'waiting',
      sent: isSent ? 100 : isRunning ? 71 : 0,
      state: isSecured ? 'secured' : isSent ? 'sealed' : isRunning ? 'receiving' : 'waiting',
      receipt: hasReceipt ? 'witnessed' : isProvisional ? 'provisional' : 'none',
      receiptReason: isSent && !hasReceipt && !isProvisional ? (isSecured ? 'not_issued' : 'not_secured') : null,
      cleared: number <= card.files.cleared ? 'yes' : 'no',
    }
  })
}

export const gaps: readonly SlotGap[] = [
  {
    id: 'gap-1',
    kind: 'time',
    before: 'ZJ10013_100245_20261127135002_0001.MP4',
    after: 'ZJ10013_100245_20261127142210_0002.MP4',
    fromTime: '2026-11-27T14:15:58+08:00',
    toTime: '2026-11-27T14:22:10+08:00',
    lengthMs: 372_000,
    missingNumbers: null,
    proposed: { reason: 'battery', because: 'battery', value: 3 },
    explained: null,
  },
  {
    id: 'gap-2',
    kind: 'number',
    before: 'ZJ10013_100245_20261127144000_0003.MP4',
    after: 'ZJ10013_100245_20261127150531_0005.MP4',
    fromTime: null,
    toTime: null,
    lengthMs: null,
    missingNumbers: 1,
    proposed: null,
    explained: null,
  },
]

export function detailOf(card: SlotCard, changes: Partial<SlotDetail> = {}): SlotDetail {
  const isThere = card.files.total > 0
  return {
    card,
    handInId: isThere ? '0199c2a4-7d11-7b60-9c55-3a0c11f2d118' : null,
    insertedAt: isThere ? at - 17 * 60_000 : null,
    model: isThere ? 'DSJ-5' : null,
    clockOffsetMs: isThere ? 12_400 : null,
    isClockSet: isThere,
    serialBy: isThere ? 'device' : null,
    policy: 'clear',
    isKeptThisTime: false,
    keptCard: null,
    files: filesOf(card),
    gaps: card.gaps > 0 ? gaps.slice(0, card.gaps) : [],
    statements: [],
    ...changes,
  }
}
