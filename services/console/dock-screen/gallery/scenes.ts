import type { Page } from '../page.ts'
import type { DeskState, DeviceChoice, ScreenState, SlotCard, SlotDetail } from '../types.ts'
import { asksFor, at, attentions, busyWall, card, docked, people } from './cards.ts'
import { detailOf, filesOf, gaps } from './details.ts'

/** One picture of the screen: what the agent would say, and where somebody stands. */
export interface Scene {
  readonly state: ScreenState
  readonly details: ReadonlyMap<number, SlotDetail>
  readonly devices: readonly DeviceChoice[]
  /** Null: this station has no desk for cards. */
  readonly desk: DeskState | null
  readonly isLinked: boolean
  readonly begin: { readonly slot?: number; readonly page?: Page }
}

export function stateOf(slots: readonly SlotCard[], changes: Partial<ScreenState> = {}): ScreenState {
  const receiving = slots.filter(({ bytesPerSecond }) => bytesPerSecond > 0).length
  return {
    station: '采集站一',
    at,
    server: 'online',
    clock: 'proven',
    contact: { name: '周海', phone: '8123' },
    receiving,
    bytesPerSecond: 412_000_000,
    today: { handedIn: 31, expected: 57 },
    spool: { usedBytes: 41_000_000_000, sizeBytes: 500_000_000_000, state: 'ok', waitingBytes: 0 },
    witnessedAt: at - 20_000,
    settings: { names: 'both', sounds: true, quietFrom: '22:00', quietTo: '06:00', printer: true },
    slots: [...slots],
    recent: [
      { at: at - 40_000, person: '李娜', serial: 'ZJ00031', files: 14, result: 'receipts' },
      { at: at - 360_000, person: '张强', serial: 'ZJ00044', files: 3, result: 'provisional' },
      { at: at - 900_000, person: null, serial: 'UAV-02', files: 41, result: 'no_receipt' },
      { at: at - 1_200_000, person: '赵磊', serial: 'ZJ00071', files: 6, result: 'picked_up' },
    ],
    ...changes,
  }
}

export const devices: readonly DeviceChoice[] = people.map(({ name }, index) => ({
  serial: `ZJ000${10 + index * 7}`,
  kind: ['recorder', 'recorder', 'drone', 'camera', 'audio_pen'][index % 5]!,
  model: index % 2 === 0 ? 'DSJ-5' : null,
  keeper: index % 3 === 2 ? null : name,
  label: `DEV-ZJ000${10 + index * 7}`,
}))

export const desk: DeskState = {
  media: [
    {
      id: 'card-1',
      kind: 'card',
      name: '存储卡 6BEA-F925',
      serial: null,
      bytes: 12_400_000_000,
      isUnreadable: false,
      slot: null,
    },
    {
      id: 'card-2',
      kind: 'card',
      name: '存储卡 12AB-34CD',
      serial: 'ZJ00017',
      bytes: 3_100_000_000,
      isUnreadable: false,
      slot: 2,
    },
    {
      id: 'folder-1',
      kind: 'folder',
      name: `录音笔导出 / ${'2026-11-26 询问'.repeat(4)}`,
      serial: null,
      bytes: null,
      isUnreadable: false,
      slot: null,
    },
    { id: 'folder-2', kind: 'folder', name: '共享', serial: null, bytes: null, isUnreadable: true, slot: null },
    {
      id: 'cable-1',
      kind: 'cable',
      name: 'USB PTP Class Camera',
      serial: 'PTP0001',
      bytes: 800_000_000,
      isUnreadable: false,
      slot: null,
    },
  ],
  devices: [...devices],
  people: people.map(({ id, name, number }) => ({ id, name, number })),
}

function scene(
  slots: readonly SlotCard[],
  changes: Partial<Omit<Scene, 'state'>> & { state?: Partial<ScreenState> } = {},
): Scene {
  const { state, ...rest } = changes
  const details = new Map(slots.map((one) => [one.slot, detailOf(one)]))
  return { state: stateOf(slots, state), details, devices, desk: null, isLinked: true, begin: {}, ...rest }
}

/** A wall with one slot open; `changes` are of its detail. */
function opened(one: SlotCard, changes: Partial<SlotDetail> = {}): Scene {
  const slots = busyWall(24).map((other) => (other.slot === one.slot ? one : other))
  return scene(slots, { details: new Map([[one.slot, detailOf(one, changes)]]), begin: { slot: one.slot } })
}

// What a name can do: turn the direction of writing, be endless, be GBK read as something else, be markup.
export const hostileNames = [
  '\u202egpj.4PM_0001',
  'A'.repeat(200),
  'Ö´·¨¼Ç\u00c2\u00bcÒÇ_0001.MP4',
  '<img src=x onerror=alert(1)>.MP4',
  `${'e\u0301'.repeat(40)}\u200b\u0000.mp4`,
  '执法'.repeat(100),
]

function hostile(): Scene {
  const slots = busyWall(24).map((one, index) => {
    const name = hostileNames[index % hostileNames.length]!
    return one.word === 'empty' ? one : { ...one, person: { id: 'x', name, number: name }, serial: name }
  })
  const open = docked(1, 'uploading', 0.5, {
    person: { id: 'x', name: hostileNames[0]!, number: null },
    serial: hostileNames[1]!,
    gaps: 1,
  })
  const files = filesOf(open).map((file, index) => ({ ...file, name: hostileNames[index % hostileNames.length]! }))
  const gap = { ...gaps[0]!, before: hostileNames[1]!, after: hostileNames[0]! }
  const all = slots.map((one) => (one.slot === 1 ? open : one))
  return scene(all, {
    details: new Map([[1, detailOf(open, { files, gaps: [gap], model: hostileNames[5]! })]]),
    state: {
      station: hostileNames[5]!,
      contact: { name: hostileNames[0]!, phone: hostileNames[1]! },
      recent: [{ at, person: hostileNames[1]!, serial: hostileNames[0]!, files: 3, result: 'pulled_out' }],
    },
  })
}

const fit: NonNullable<SlotCard['check']> = {
  ...{ freePercent: 97, clockOffsetMs: 300, unfit: [], instead: null, taker: null },
}
const unfit: NonNullable<SlotCard['check']> = {
  ...{ freePercent: 97, clockOffsetMs: 62_000, unfit: ['battery', 'clock'] },
  ...{ instead: { slot: 7, serial: 'ZJ00031' }, taker: null },
}
const uploading = docked(2, 'uploading', 0.5, { marked: { total: 2, secured: 1 }, gaps: 2 })

export const scenes: Readonly<Record<string, () => Scene>> = {
  'wall-12': () => scene(busyWall(12)),
  'wall-24': () => scene(busyWall(24)),
  'wall-57': () => scene(busyWall(57)),
  'wall-60': () => scene(busyWall(60)),
  'wall-calm': () =>
    scene(
      Array.from({ length: 24 }, (_, index) => card(index + 1)),
      { state: { recent: [] } },
    ),
  'wall-attentions': () => scene(attentions.map((word, index) => asksFor(index + 1, word, index + 1))),
  'wall-attentions-60': () =>
    scene(Array.from({ length: 60 }, (_, index) => asksFor(index + 1, attentions[index % attentions.length]!, 12))),
  'wall-server-away': () =>
    scene(busyWall(24), {
      state: { server: 'offline', spool: { usedBytes: 2.1e11, sizeBytes: 5e11, state: 'ok', waitingBytes: 1.6e11 } },
    }),
  'wall-spool-full': () =>
    scene(busyWall(24), {
      state: {
        server: 'offline',
        clock: 'off',
        spool: { usedBytes: 4.99e11, sizeBytes: 5e11, state: 'full', waitingBytes: 4.4e11 },
      },
    }),
  'wall-refused-files': () =>
    scene(busyWall(24), {
      state: { spool: { usedBytes: 6e10, sizeBytes: 5e11, state: 'ok', waitingBytes: 1.9e10, refusedFiles: 14 } },
    }),
  'wall-devices-wanted': () =>
    scene(busyWall(24), {
      state: {
        spool: { usedBytes: 6e10, sizeBytes: 5e11, state: 'ok', waitingBytes: 0, devicesWanted: ['ZJ00031', 'UAV-02'] },
      },
    }),
  'wall-missing-copies': () =>
    scene(busyWall(24), {
      state: { spool: { usedBytes: 6e10, sizeBytes: 5e11, state: 'ok', waitingBytes: 0, missingCopies: 3 } },
    }),
  'wall-refused': () => scene(busyWall(24), { state: { server: 'refused', clock: 'unproven' } }),
  'wall-unlinked': () => scene(busyWall(24), { isLinked: false }),
  'wall-hostile': hostile,
  'slot-uploading': () => opened(uploading),
  'slot-no-gap': () => opened(docked(2, 'copying', 0.97)),
  'slot-explained': () =>
    opened(uploading, {
      gaps: gaps.map((gap) => ({ ...gap, explained: { reason: 'battery', words: null, grade: 'slot' } })),
      statements: [
        { kind: 'not_enforcement', numbers: [3, 4], words: null, grade: 'card' },
        { kind: 'no_number_yet', numbers: [], words: null, grade: 'slot' },
      ],
    }),
  'slot-ask': () => opened(docked(2, 'ready'), { policy: 'ask' }),
  'slot-kept': () => opened(docked(2, 'ready'), { isKeptThisTime: true }),
  'slot-seal-card': () => opened(docked(2, 'ready', 1, { deviceKind: 'drone', person: null }), { policy: 'seal_card' }),
  'slot-card-to-seal': () =>
    opened(asksFor(2, 'card_to_seal'), { policy: 'seal_card', files: filesOf(docked(2, 'ready')) }),
  'slot-card-sealed': () =>
    opened(docked(2, 'ready'), {
      policy: 'seal_card',
      keptCard: { sealNumber: 'A0012873', keeper: '资料管理员', place: '资料室保险柜' },
    }),
  'slot-fit': () => opened(docked(2, 'charging', 1, { check: { ...fit, taker: people[1] } })),
  'slot-unfit': () => opened(docked(2, 'taken', 1, { batteryPercent: 32, check: unfit })),
  'wall-morning': () =>
    scene(
      Array.from({ length: 24 }, (_, index) =>
        docked(index + 1, index % 5 === 4 ? 'taken' : 'charging', 1, {
          batteryPercent: index % 3 === 1 ? 32 : 96,
          check: index % 3 === 1 ? unfit : { ...fit, taker: index % 2 === 0 ? people[index % people.length]! : null },
        }),
      ),
    ),
  'slot-unfit-gap': () => opened(docked(2, 'charging', 1, { batteryPercent: 32, check: unfit, gaps: 2 })),
  'slot-taken-gap': () => opened(docked(2, 'taken', 1, { check: fit, gaps: 2 })),
  'slot-provisional': () => opened(docked(2, 'provisional', 1, { gaps: 1 })),
  'slot-picked-up': () => opened(docked(2, 'uploading', 0.3, { isPickedUp: true })),
  'slot-unreadable': () =>
    opened(asksFor(2, 'file_unreadable', 1), {
      files: filesOf(docked(2, 'uploading', 0.9)).map((file) =>
        file.number === 4
          ? { ...file, read: 'failed', sent: 0, state: 'waiting', receipt: 'none', receiptReason: null }
          : file,
      ),
    }),
  'slot-asking': () => opened(asksFor(5, 'unknown_volume')),
  'slot-empty': () => opened(card(8)),
  'slot-10000-files': () => {
    const one = docked(2, 'uploading', 0.4)
    const many = {
      ...one,
      files: { ...one.files, total: 10_000, sent: 4_000, onDevice: 6_000, receipts: 3_000, secured: 3_500 },
    }
    return opened(many, { clockOffsetMs: -7_260_000 })
  },
  'slot-hostile': () => ({ ...hostile(), begin: { slot: 1 } }),
  desk: () => scene(busyWall(12), { desk, begin: { page: 'desk' } }),
  'desk-server-away': () => scene(busyWall(12), { desk, state: { server: 'offline' }, begin: { page: 'desk' } }),
  'desk-empty': () => scene(busyWall(12), { desk: { ...desk, media: [] }, begin: { page: 'desk' } }),
  today: () => scene(busyWall(24), { begin: { page: 'today' } }),
  help: () => scene(busyWall(24), { begin: { page: 'help' } }),
}
