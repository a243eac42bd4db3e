import { type Static, type TProperties, type TUnsafe, Type } from 'typebox'
import { renditionFileKinds } from '../../foundation/db/words.ts'
import type { DeepReadonly, EventDefinition } from './event.ts'
import { fsckChecks } from './fsck-checks.ts'
import { damageDetails } from './recording.ts'
import { Bytes, Count, closed, Digest, Id, orNull, StoreWord, Text, Time } from './shapes.ts'
import { type Subjects, subjectTypes } from './subjects.ts'
import { uploadSubjectTypes } from './upload.ts'

const onlyStore = { store: 'one' } as const
const renditionFile = {
  subjects: { recording: 'one', viewing: 'optional' },
  details: {
    renditionId: Id,
    /** Absent in bodies written before renditions had tracks: 0. */
    track: Type.Optional(Count),
    fileKind: Type.Enum([...renditionFileKinds]),
    number: Count,
    expected: Digest,
    /** Null when the file is gone, or longer than it may be, or was not read. */
    found: orNull(Digest),
  },
} as const
const ledgerCopy = {
  subjects: { store: 'optional', ledger: 'optional' },
  details: { store: orNull(StoreWord), host: orNull(Text), reason: Text },
} as const
const storeRead = {
  subjects: { store: 'one', recording: 'optional' },
  details: {
    store: StoreWord,
    credential: Text,
    call: Text,
    object: Text,
    version: orNull(Text),
    bytes: Bytes,
    at: Time,
    recordingId: orNull(Id),
    why: Text,
  },
} as const

/** Every alarm by its word. All of them are written as `alarm.raised`, with the word as the member `alarm`. */
export const alarms = {
  rendition_bytes_differ: {
    zh: '播放件与登记的校验值不一致',
    en: "a rendition's file is not what the ledger committed",
    ...renditionFile,
  },
  rendition_row_differs: {
    zh: '播放件的登记与流转日志不一致',
    en: "a rendition file's row is not what the ledger committed",
    ...renditionFile,
  },
  preview_differs: {
    zh: '预览所用数据与原始文件不一致',
    en: 'a preview was made of other bytes than those of the original',
    subjects: { recording: 'one', device: 'one' },
    details: {
      renditionId: Id,
      /** The first stretch of the original that differs: offsets of its first byte, and of the one after the last. */
      fromByte: Bytes,
      toByte: Bytes,
      /** What the original, which has the sealed digest, holds there. */
      expected: Digest,
      /** What the store gave for the preview; null when that was not kept. */
      found: orNull(Digest),
    },
  },
  supplied_film_differs: {
    zh: '所提交影片与登记的校验值不一致',
    en: 'a supplied film is not what the ledger committed',
    subjects: { recording: 'one', device: 'one' },
    details: {
      supplyId: Id,
      key: Text,
      versionId: Text,
      committed: closed({ sha256: Digest, bytes: Bytes }),
      /** Null when the version is gone. */
      found: orNull(closed({ sha256: Digest, bytes: Bytes })),
    },
  },
  copy_damaged: {
    zh: '原始件或备份与固定入库时不一致',
    en: 'a copy is not what was sealed',
    subjects: { recording: 'one', device: 'one' },
    details: damageDetails,
  },
  parts_lost: {
    zh: '未完成上传的数据在存储中丢失',
    en: 'the store lost the parts of an unfinished upload',
    subjects: uploadSubjectTypes,
    details: { store: StoreWord, receivedBytes: Bytes },
  },
  timestamp_missing: {
    zh: '未取得可信时间戳',
    en: 'no authority gave a time-stamp',
    subjects: { timestamp_order: 'one' },
    details: { authorities: Type.Array(Text), orderedAt: Time, lastError: orNull(Text) },
  },
  witness_disagrees: {
    zh: '外部见证单位不认同流转日志',
    en: 'a witness disagrees with the log',
    subjects: { ledger: 'one', witness: 'one' },
    details: { witness: Text, size: Count, reason: Text },
  },
  ledger_copy_differs: {
    zh: '流转日志的存档不一致',
    en: "a store's copy of the ledger differs",
    ...ledgerCopy,
  },
  ledger_older_than_store: {
    zh: '数据库中的流转日志早于存档',
    en: 'the database is older than the ledger on a store',
    ...ledgerCopy,
  },
  event_differs: {
    zh: '流转事件与流转日志不一致',
    en: 'an event is not what the ledger committed',
    ...ledgerCopy,
  },
  locks_do_not_hold: {
    zh: '防删改锁定失效',
    en: "a store's locks do not hold",
    subjects: onlyStore,
    details: { store: StoreWord, host: Text, reason: Text },
  },
  audit_silent: {
    zh: '存储未报告读取记录',
    en: 'a store does not report its reads',
    subjects: onlyStore,
    details: { store: StoreWord, known: Count, missing: Count, since: Time },
  },
  unexplained_read: {
    zh: '来由不明的读取',
    en: 'a read that nothing explains',
    ...storeRead,
  },
  unexplained_reads_many: {
    zh: '大量来由不明的读取',
    en: 'many reads that nothing explains',
    ...storeRead,
  },
  fsck_error: {
    zh: '全库核对发现错误',
    en: 'the full check found an error',
    subjects: { recording: 'optional', ledger: 'optional' },
    details: { runId: Id, check: Type.Enum([...fsckChecks]), subject: Text, problem: Text },
  },
  fsck_errors_many: {
    zh: '全库核对发现大量错误',
    en: 'the full check found many errors',
    subjects: { ledger: 'one' },
    details: { runId: Id, more: Count },
  },
} as const satisfies Record<string, AlarmDefinition>

interface AlarmDefinition {
  readonly zh: string
  readonly en: string
  readonly subjects: Subjects
  readonly details: TProperties
}

export type AlarmWord = keyof typeof alarms
/** What an alarm says besides its word. */
export type AlarmMembers<Word extends AlarmWord> = {
  [One in Word]: DeepReadonly<Static<ReturnType<typeof closed<(typeof alarms)[One]['details']>>>>
}[Word]
type AlarmDetails = { [Word in AlarmWord]: { readonly alarm: Word } & AlarmMembers<Word> }[AlarmWord]

const shapes = Object.entries(alarms).map(([word, { details }]) => closed({ alarm: Type.Literal(word), ...details }))

export const alarmEvents = {
  'alarm.raised': {
    zh: '告警',
    en: 'alarm raised',
    subjects: Object.fromEntries(subjectTypes.map((type) => [type, 'any'])),
    // The compiler loses the words in a list that is made by a loop; the list itself is what AlarmDetails says.
    shape: Type.Union(shapes) as unknown as TUnsafe<AlarmDetails>,
    rows: null,
    fromOlder: (details) => {
      const { reason, ...rest } = details
      // The first `parts_lost` were written with their word as `reason`.
      return details.alarm === undefined && reason === 'parts_lost' ? { ...rest, alarm: reason } : details
    },
  } satisfies EventDefinition<TUnsafe<AlarmDetails>>,
} as const
