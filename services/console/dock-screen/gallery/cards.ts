import type { AttentionWord, SlotCard, SlotWord } from '../types.ts'

/** 17:58 of 2026-11-27 in Beijing. */
export const at = Date.UTC(2026, 10, 27, 9, 58, 0)

export const people = [
  { id: 'p1', name: '张伟', number: '100231' },
  { id: 'p2', name: '李娜', number: '100245' },
  { id: 'p3', name: '王强', number: '100252' },
  { id: 'p4', name: '刘敏', number: '100260' },
  { id: 'p5', name: '陈静怡', number: '100266' },
  { id: 'p6', name: '赵磊', number: '100271' },
  { id: 'p7', name: '欧阳明月', number: '100288' },
  { id: 'p8', name: '买买提·艾力', number: null },
] as const

const gigabyte = 1_000_000_000

/** A card with everything at rest; `changes` says what is different. */
export function card(slot: number, changes: Partial<SlotCard> = {}): SlotCard {
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
    since: at - 60_000,
    receiptAt: null,
    check: null,
    ...changes,
  }
}

/** A recorder with 14 files, as far as `word` and `share` (0 to 1 of its bytes) say. */
export function docked(slot: number, word: SlotWord, share = 1, changes: Partial<SlotCard> = {}): SlotCard {
  const total = 14
  const bytes = 11.2 * gigabyte
  const isDone = word === 'ready' || word === 'charging'
  const sent = Math.floor(total * share)
  return card(slot, {
    word,
    person: people[slot % people.length]!,
    serial: `ZJ${String(10_000 + slot * 13).padStart(5, '0')}`,
    deviceKind: 'recorder',
    mayLeave: word !== 'reading' && word !== 'asking' && word !== 'attention',
    files: {
      total,
      read: Math.min(total, sent + 1),
      onDevice: total - sent,
      sent,
      secured: isDone || word === 'provisional' ? total : Math.floor(sent * 0.7),
      receipts: isDone ? total : Math.floor(sent * 0.4),
      provisional: word === 'provisional' ? total : 0,
      cleared: word === 'charging' ? total : 0,
      unreadable: 0,
    },
    bytes: { total: bytes, read: Math.min(bytes, Math.round(bytes * (share + 0.1))), sent: Math.round(bytes * share) },
    bytesPerSecond: share < 1 ? 52_000_000 : 0,
    leftMs: share < 1 ? Math.round(((1 - share) * bytes) / 52_000) : null,
    batteryPercent: 20 + ((slot * 17) % 80),
    receiptAt: isDone ? at - 30_000 : null,
    ...changes,
  })
}

export function asksFor(slot: number, word: AttentionWord, count: number | null = null): SlotCard {
  return docked(slot, word === 'unknown_volume' ? 'asking' : 'attention', 0.6, {
    attention: { word, count, detail: null },
    ...(word === 'unknown_volume' ? { person: null, serial: null, batteryPercent: null } : {}),
  })
}

export const attentions: readonly AttentionWord[] = [
  'unknown_volume',
  'two_devices_one_serial',
  'file_unreadable',
  'pulled_out',
  'spool_full',
  'refused_by_server',
  'quarantined',
  'digest_differs',
  'changed_after_list',
  'copy_damaged',
  'receipt_wrong',
  'not_in_service',
  'volume_damaged',
  'unlock_failed',
  'card_to_seal',
  'clear_failed',
  'read_from_memory',
  'files_not_listed',
  'post_refused',
]

/** A shift end: most on their way, some done, two that need somebody, the rest free. */
export function busyWall(slots: number): SlotCard[] {
  const kinds = [
    (slot: number) => docked(slot, 'uploading', 0.71, { marked: { total: 2, secured: 1 }, gaps: 1 }),
    (slot: number) => docked(slot, 'ready'),
    (slot: number) => docked(slot, 'reading', 0.02),
    (slot: number) => docked(slot, 'copying', 0.97, { marked: { total: 1, secured: 1 } }),
    (slot: number) => docked(slot, 'charging', 1, { batteryPercent: 64 }),
    (slot: number) => docked(slot, 'provisional'),
    (slot: number) => docked(slot, 'checking', 0.93),
    (slot: number) => card(slot, slot % 2 === 0 ? {} : { word: 'taken' }),
  ]
  return Array.from({ length: slots }, (_, index) => {
    const slot = index + 1
    if (slot === 3) return asksFor(slot, 'file_unreadable', 1)
    if (slot === 5) return asksFor(slot, 'unknown_volume')
    if (slot === 11) return docked(slot, 'uploading', 0.3, { isPickedUp: true })
    return kinds[index % kinds.length]!(slot)
  })
}
