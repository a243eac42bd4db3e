import { type TSchema, Type } from 'typebox'
import { emergencyReasons, saidGrades, volumeAnswers } from '../custody/events/words.ts'
import { clearingWays } from '../custody/settings/docks.ts'
import {
  clearingBasisWords,
  deviceKinds,
  deviceStates,
  dockClocks,
  saidClearingOutcomes,
} from '../foundation/db/words.ts'

export const Null = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const Id = Type.String({ maxLength: 64 })
/** An id that the dock makes for what it sends: the same again gives the same answer and no second event. */
export const SaidId = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9-]+$' })
export const Time = Type.String({ maxLength: 40, description: 'RFC 3339' })
const Percent = Type.Integer({ minimum: 0, maximum: 100 })
const Count = Type.Integer({ minimum: 0, maximum: 1_000_000 })
const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Serial = Type.String({ minLength: 1, maxLength: 64 })
const Offset = Type.Integer({ minimum: -1e14, maximum: 1e14 })
const Line = Type.Integer({ minimum: 0, maximum: 9_999, description: "the file's number on the hand-in's list" })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const wordsOf = <Word extends string>(table: Readonly<Record<Word, unknown>>) => Type.Enum(Object.keys(table) as Word[])
const By = Type.Object({ personId: Null(Id), grade: wordsOf(saidGrades) })

export const EnrolBody = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 100 }),
  publicKey: Type.String({ description: 'Ed25519, 32 bytes in base64', pattern: '^[A-Za-z0-9+/]{43}=$' }),
  version: Text(100),
})
export const Enrolled = Type.Object({
  dockId: Type.String(),
  name: Type.String(),
  token: Type.String({ description: 'shown once; it opens nothing before the second person’s release' }),
})

const Way = Type.Enum([...clearingWays])
export const ToldRegister = Type.Object({
  at: Time,
  station: Type.Object({ id: Type.String(), name: Type.String(), releasedAt: Null(Time) }),
  settings: Type.Object({
    clearing: Type.Object({ recorder: Way, camera: Way, audio_pen: Way, drone: Way, phone: Way }),
    lateMs: Type.Integer({ description: 'witnesses this late: a dock may clear before they sign' }),
    lateMsWhenFull: Type.Integer(),
    fullPercent: Percent,
    handInTerm: Type.Object({
      hours: Type.Union([Type.Integer(), Type.Null()]),
      days: Type.Array(Type.Object({ day: Type.String(), endsAt: Type.String() })),
    }),
    clockErrorMaxMs: Type.Integer(),
    checkBatteryPercent: Percent,
    checkFreePercent: Percent,
    names: Type.Enum(['name', 'number', 'both']),
    contact: Type.Union([Type.Object({ name: Type.String(), phone: Type.String() }), Type.Null()]),
  }),
  devices: Type.Array(
    Type.Object({
      serial: Type.String(),
      kind: Type.Enum([...deviceKinds]),
      model: Null(Type.String()),
      state: Type.Enum([...deviceStates]),
      keeper: Null(Type.String({ description: '保管人; null is the unit' })),
      lastHandIn: Null(Type.Object({ at: Time, runningNumber: Null(Type.Integer()) })),
    }),
  ),
  people: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), number: Null(Type.String()), role: Type.String() }),
  ),
  roster: Type.Array(Type.Object({ personId: Type.String(), serial: Null(Type.String()), from: Time, to: Time })),
})

export const StateBody = Type.Object({
  version: Text(100),
  slots: Count,
  slotsUsed: Count,
  spoolBytes: Bytes,
  spoolUsedBytes: Bytes,
  waitingBytes: Bytes,
  clock: Type.Enum([...dockClocks]),
  offlineSince: Null(Time),
  attention: Type.Array(Type.Object({ slot: Null(Count), word: Text(100) }), { maxItems: 200 }),
})

const filesMax = 10_000
export const ClearingBody = Type.Object({
  id: SaidId,
  fullPercent: Type.Optional(Null(Percent)),
  by: Type.Optional(By),
  files: Type.Array(
    Type.Object({
      number: Line,
      sha256: Sha256,
      basis: Type.Enum([...clearingBasisWords]),
      receiptIndex: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    }),
    { minItems: 1, maxItems: filesMax },
  ),
})
export const ClearingEndBody = Type.Object({
  cleared: Type.Array(Line, { maxItems: filesMax }),
  left: Type.Array(
    Type.Object({ number: Line, why: Type.Enum(saidClearingOutcomes.filter((one) => one !== 'cleared')) }),
    {
      maxItems: filesMax,
    },
  ),
})

const report = <Kind extends string, Members extends Record<string, TSchema>>(kind: Kind, members: Members) =>
  Type.Object({ id: SaidId, saidAt: Time, kind: Type.Literal(kind), ...members })

export const ReportBody = Type.Union([
  report('device_checked', {
    serial: Serial,
    batteryPercent: Null(Percent),
    freePercent: Null(Percent),
    clockOffsetMs: Null(Offset),
    lastReceiptAt: Null(Time),
  }),
  report('device_taken', { serial: Serial, by: By }),
  report('kept_this_time', { serial: Serial, by: By }),
  report('picked_up_in_emergency', {
    serial: Serial,
    handInId: Null(Id),
    remaining: Type.Array(Line, { maxItems: filesMax }),
    personId: Null(Id),
    reason: wordsOf(emergencyReasons),
    words: Type.Optional(Null(Text(400))),
  }),
  report('clock_set', { serial: Serial, offsetMs: Offset, setTo: Time }),
  report('unlocked', { serial: Null(Serial), profile: Text(100), ok: Type.Boolean() }),
  report('volume_stated', {
    uuid: Null(Text(100)),
    answer: wordsOf(volumeAnswers),
    serial: Null(Serial),
    words: Null(Type.String({ maxLength: 400 })),
    by: By,
  }),
  report('card_kept', {
    serial: Serial,
    handInId: Type.Optional(Null(Id)),
    sealNumber: Text(100),
    keeper: Text(100),
    place: Text(200),
    by: Type.Optional(By),
  }),
])
