import { type Static, type TSchema, Type } from 'typebox'
import { attentionWords, slotWords } from './card-words.ts'
import { RecentHandIn } from './schemas-recent.ts'

/**
 * What the dock's screen is told, and may ask. No footage, ever: names and figures only. Times are milliseconds since 1970 by
 * the station's clock, durations milliseconds, rates bytes a second.
 */

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })
const Ms = Type.Integer()

export const gapReasons = [
  'battery',
  'storage_full',
  'device_fault',
  'asked_by_party',
  'operating_error',
  'clock',
  'other',
] as const
export type GapReason = (typeof gapReasons)[number]

/** What a dock does with files that it may clear. `seal_card`: the card is taken out and kept under a numbered seal. */
export const clearingPolicies = ['clear', 'keep', 'ask', 'seal_card'] as const
export type ClearingPolicy = (typeof clearingPolicies)[number]

/** How somebody showed who he is. `slot`: only by the device in its slot (凭设备在槽). */
export const identityGrades = ['slot', 'card', 'code', 'password'] as const
export type IdentityGrade = (typeof identityGrades)[number]

/** Why a device should not go out for a shift. */
export const unfitWords = ['battery', 'space', 'clock', 'state'] as const
export type Unfit = (typeof unfitWords)[number]

const Person = Type.Object({ id: Type.String(), name: Type.String(), number: orNull(Type.String()) })

export const SlotCard = Type.Object({
  slot: Type.Integer({ minimum: 1 }),
  word: Type.Enum([...slotWords]),
  person: orNull(Person),
  serial: orNull(Type.String()),
  deviceKind: orNull(Type.String()),
  /** The list is signed and everything that must be read from the device is safe here or goes on by itself. */
  mayLeave: Type.Boolean(),
  /** Taken in an emergency: what is left follows at any dock. */
  isPickedUp: Type.Boolean(),
  files: Type.Object({
    total: Count,
    read: Count,
    /** Those that only the device can still give: not read whole, or neither sent nor kept on the spool. */
    onDevice: Count,
    sent: Count,
    secured: Count,
    receipts: Count,
    provisional: Count,
    cleared: Count,
    unreadable: Count,
  }),
  marked: Type.Object({ total: Count, secured: Count }),
  bytes: Type.Object({ total: Count, read: Count, sent: Count }),
  bytesPerSecond: Count,
  /** Smoothed over 5 s; null when nobody can say. */
  leftMs: orNull(Count),
  /** Gaps that nobody has explained. */
  gaps: Count,
  batteryPercent: orNull(Count),
  attention: orNull(
    Type.Object({ word: Type.Enum([...attentionWords]), count: orNull(Count), detail: orNull(Type.String()) }),
  ),
  /** When the state of `word` began. */
  since: orNull(Ms),
  receiptAt: orNull(Ms),
  /** 班前检查, of a device that is charged, or was just lifted; null for every other. */
  check: orNull(
    Type.Object({
      freePercent: orNull(Count),
      clockOffsetMs: orNull(Type.Integer()),
      unfit: Type.Array(Type.Enum([...unfitWords])),
      /** What to take instead of one that is not fit. */
      instead: orNull(Type.Object({ slot: Type.Integer(), serial: Type.String() })),
      /** Who takes it, as somebody tapped or the roster says. */
      taker: orNull(Person),
    }),
  ),
})
export type SlotCard = Static<typeof SlotCard>

export const ScreenState = Type.Object({
  station: Type.String(),
  at: Ms,
  server: Type.Enum(['online', 'offline', 'refused']),
  /** What is wrong with the certificate of whoever answers as the server; null when it is not that. */
  certificate: Type.Optional(orNull(Type.Enum(['not_trusted', 'out_of_date', 'other_name']))),
  /** What keeps the store of a vendor's station from being taken in; null when nothing does. */
  trouble: Type.Optional(
    orNull(Type.Object({ word: Type.Enum(['store_unreadable', 'file_held']), store: Type.String() })),
  ),
  /** Whether this station's own time is proven: only then does it set the clock of a device. */
  clock: Type.Enum(['proven', 'unproven', 'off']),
  /** Who is responsible when something is red: from the settings. */
  contact: orNull(Type.Object({ name: Type.String(), phone: Type.String() })),
  receiving: Count,
  bytesPerSecond: Count,
  today: Type.Object({ handedIn: Count, expected: Count }),
  spool: Type.Object({
    usedBytes: Count,
    sizeBytes: Count,
    state: Type.Enum(['ok', 'filling', 'full']),
    waitingBytes: Count,
    /** Kept here, and refused by the server. */
    refusedFiles: Type.Optional(Count),
    /** Of files that were cleared before they were witnessed: gone from here. */
    missingCopies: Type.Optional(Count),
    /** Serials of devices whose bytes are lost here, and must be read again. */
    devicesWanted: Type.Optional(Type.Array(Type.String())),
  }),
  /** Of the newest checkpoint that enough witnesses cosigned; null while the server has none. */
  witnessedAt: orNull(Ms),
  settings: Type.Object({
    names: Type.Enum(['name', 'number', 'both']),
    sounds: Type.Boolean(),
    /** `HH:MM` in the bureau's time, or null. */
    quietFrom: orNull(Type.String()),
    quietTo: orNull(Type.String()),
    printer: Type.Boolean(),
  }),
  slots: Type.Array(SlotCard),
  /** The last that left. */
  recent: Type.Array(RecentHandIn),
})
export type ScreenState = Static<typeof ScreenState>

/** `sent`: 0 to 100 per cent. */
export const SlotFile = Type.Object({
  number: Count,
  name: Type.String({ description: 'to read; never trusted as markup' }),
  bytes: Count,
  mark: Type.Boolean(),
  recordedAt: orNull(Type.String({ description: 'by the clock of the device, as the list says it' })),
  read: Type.Enum(['waiting', 'running', 'done', 'failed']),
  sent: Count,
  state: Type.Enum(['waiting', 'receiving', 'complete', 'sealed', 'secured', 'quarantined', 'duplicate', 'refused']),
  receipt: Type.Enum(['none', 'provisional', 'witnessed', 'wrong']),
  /** What is missing for the receipt, as the service says it; null when nothing is. */
  receiptReason: orNull(Type.String()),
  cleared: Type.Enum(['no', 'yes', 'before_witness', 'failed']),
})
export type SlotFile = Static<typeof SlotFile>

/** A stretch that nothing was recorded for, or numbers that are missing. */
export const SlotGap = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['time', 'number', 'not_read']),
  /** Names of the files beside it. */
  before: orNull(Type.String()),
  after: orNull(Type.String()),
  fromTime: orNull(Type.String()),
  toTime: orNull(Type.String()),
  lengthMs: orNull(Count),
  missingNumbers: orNull(Count),
  /** What battery, space and clock suggest, with why. */
  proposed: orNull(
    Type.Object({
      reason: Type.Enum([...gapReasons]),
      because: Type.Enum(['battery', 'storage', 'clock']),
      value: Type.Number(),
    }),
  ),
  explained: orNull(
    Type.Object({
      reason: Type.Enum([...gapReasons]),
      words: orNull(Type.String()),
      grade: Type.Enum([...identityGrades]),
    }),
  ),
})
export type SlotGap = Static<typeof SlotGap>

/** 留存原卡: under which seal a card is kept, by whom and where. */
const Written = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
export const KeptCard = Type.Object({ sealNumber: Written(100), keeper: Written(100), place: Written(200) })
export type KeptCard = Static<typeof KeptCard>

export const SlotDetail = Type.Object({
  card: SlotCard,
  handInId: orNull(Type.String()),
  insertedAt: orNull(Ms),
  model: orNull(Type.String()),
  /** Before anything set it. */
  clockOffsetMs: orNull(Type.Integer()),
  isClockSet: Type.Boolean(),
  /** Why the serial counts as this device's. */
  serialBy: orNull(Type.Enum(['device', 'remembered', 'label', 'stated'])),
  policy: Type.Enum([...clearingPolicies]),
  /** Somebody said [本次保留]. */
  isKeptThisTime: Type.Boolean(),
  keptCard: orNull(KeptCard),
  files: Type.Array(SlotFile),
  gaps: Type.Array(SlotGap),
  statements: Type.Array(
    Type.Object({
      kind: Type.Enum(['not_enforcement', 'no_number_yet']),
      numbers: Type.Array(Count),
      words: orNull(Type.String()),
      grade: Type.Enum([...identityGrades]),
    }),
  ),
})
export type SlotDetail = Static<typeof SlotDetail>

/** Who takes a device along. */
export const Taking = Type.Object({ personId: Type.String({ maxLength: 64 }) })
export const ScreenPerson = Person

/** Answers to what is asked on K2 and K4. */
export const Explanation = Type.Object({
  gapId: Type.String({ maxLength: 64 }),
  reason: Type.Enum([...gapReasons]),
  words: orNull(Type.String({ maxLength: 400 })),
})
/** Which files it is about; empty for all of the hand-in. */
export const Statement = Type.Object({
  kind: Type.Enum(['not_enforcement', 'no_number_yet']),
  numbers: Type.Array(Count, { maxItems: 10_000 }),
  words: orNull(Type.String({ maxLength: 400 })),
})
export const WhoseVolume = Type.Union([
  Type.Object({ answer: Type.Literal('ours'), serial: Type.String({ maxLength: 64 }) }),
  Type.Object({ answer: Type.Literal('foreign'), words: Type.String({ maxLength: 200 }) }),
  Type.Object({ answer: Type.Literal('not_a_device') }),
])
/** Who takes it along before everything is in, and why. */
export const EmergencyPickUp = Type.Object({
  personId: orNull(Type.String({ maxLength: 64 })),
  reason: Type.Enum(['call_out', 'shift_change', 'other']),
})
/** A work card's number as a keyboard reader types it, or a six-digit dock code with the account's name. */
export const SignIn = Type.Union([
  Type.Object({ card: Type.String({ minLength: 4, maxLength: 64 }) }),
  Type.Object({ code: Type.String({ pattern: '^[0-9]{6}$' }) }),
])
export const SignedIn = Type.Object({
  person: Person,
  grade: Type.Enum([...identityGrades]),
  /** Ends by itself then; any touch renews it. */
  endsAt: Ms,
})
/** Devices that a volume may belong to: the likeliest first. */
export const DeviceChoice = Type.Object({
  serial: Type.String(),
  kind: Type.String(),
  model: orNull(Type.String()),
  keeper: orNull(Type.String()),
  label: Type.String({ description: 'what the code on its label says' }),
})
export type DeviceChoice = Static<typeof DeviceChoice>
