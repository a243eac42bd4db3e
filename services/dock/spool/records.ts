import type { HandInLine } from '../../ledger/format/hand-in-list.ts'
import type { GapReason, IdentityGrade } from '../screen/schemas.ts'

/** `opened`: the bureau has the list. `done`: nothing is left to do for it, here or on the device. */
export type HandInState = 'signed' | 'opened' | 'refused' | 'done'

/** One list that this station signed. Mutable members follow the spool: they change only by the book's own functions. */
export interface HandInRecord {
  /** Ours; the bureau's is `serverId`. */
  readonly id: string
  readonly serial: string
  /** UUID of the file system, or what else stays the same of a volume; null where nothing does. */
  readonly medium: string | null
  readonly openedMs: number
  /** Hex, of the signed head. */
  readonly filesRoot: string
  state: HandInState
  serverId: string | null
  refusal: string | null
  pickedUpMs: number | null
  readonly files: readonly FileRecord[]
}

/** What can change of a file. */
export interface FileProgress {
  reading: 'waiting' | 'done' | 'failed'
  /** When this station began to read it for the first time, by the bureau's clock as far as that was known, not later. */
  readMs: number | null
  /** Hex; both once it was read. */
  sha256: string | null
  sm3: string | null
  /** Name of the encrypted copy in the spool's folder; written whole and fsynced. */
  keptCopy: string | null
  uploadId: string | null
  sentBytes: number
  /** `complete`: every byte is there; `said`: the signed digest too. */
  sending: 'waiting' | 'complete' | 'said' | 'refused'
  refusal: string | null
  receipt: 'none' | 'provisional' | 'witnessed' | 'wrong'
  /** The service's word for what is missing; for `wrong` what does not hold. */
  receiptReason: string | null
  receiptIndex: number | null
  /** When it was issued. */
  receiptMs: number | null
  /** `changed`: what lies in its place on the device is another file by now. */
  cleared: 'no' | 'yes' | 'before_witness' | 'failed' | 'gone' | 'changed'
}

/** A line of a list, and how its file stands. */
export interface FileRecord extends FileProgress {
  readonly number: number
  readonly path: Buffer
  readonly name: Buffer
  readonly bytes: number
  readonly modifiedMs: number | null
  readonly deviceTime: string | null
  readonly runningNumber: number | null
  readonly mark: boolean
  /** The line of an earlier list by which this very file is handed in; null when it is by this one. */
  readonly home: { readonly handIn: string; readonly number: number } | null
}

export const untouched: FileProgress = {
  reading: 'waiting',
  readMs: null,
  sha256: null,
  sm3: null,
  keptCopy: null,
  uploadId: null,
  sentBytes: 0,
  sending: 'waiting',
  refusal: null,
  receipt: 'none',
  receiptReason: null,
  receiptIndex: null,
  receiptMs: null,
  cleared: 'no',
}

/** The line as it is signed. */
export function lineOf(file: FileRecord): HandInLine {
  const { number, bytes, sha256, deviceTime, mark } = file
  return { number, name: file.name.toString('base64'), bytes, sha256, deviceTime, mark }
}

/** Who said something at the screen, and how he showed it. */
export interface SaidBy {
  readonly personId: string | null
  readonly grade: IdentityGrade
}

export interface FoundGap {
  readonly id: string
  readonly kind: 'time' | 'number' | 'not_read'
  readonly beforeNumber: number | null
  readonly afterNumber: number | null
  readonly fromTime: string | null
  readonly toTime: string | null
  readonly lengthMs: number | null
  readonly missingNumbers: number | null
  readonly proposed: {
    readonly reason: GapReason
    readonly because: 'battery' | 'storage' | 'clock'
    /** Whole per cent; for the clock whole seconds. */
    readonly value: number
  } | null
}

export interface GapRecord extends FoundGap {
  explained: { readonly reason: GapReason; readonly words: string | null; readonly grade: IdentityGrade } | null
}

export interface StatementRecord {
  readonly id: string
  readonly kind: 'not_enforcement' | 'no_number_yet'
  readonly numbers: readonly number[]
  readonly words: string | null
  readonly grade: IdentityGrade
}

/** What is to be posted to the bureau, in this order. `{handIn}` in `path` becomes the bureau's id of it. */
export interface Post {
  readonly path: string
  readonly body: unknown
}

export type ClearingBasis = 'witnessed' | 'before_witness'
export type ClearingOutcome = 'waiting' | 'removing' | 'cleared' | 'gone' | 'digest_differs' | 'not_removed' | 'kept'

export interface ClearingFile {
  readonly number: number
  readonly sha256: string
  readonly basis: ClearingBasis
  readonly receiptIndex: number
  outcome: ClearingOutcome
}

/** `intended`: the bureau may or may not have heard of it. */
export interface ClearingRecord {
  readonly id: string
  readonly handIn: string
  readonly begunMs: number
  state: 'intended' | 'announced' | 'refused' | 'ended'
  serverId: string | null
  /** Who tapped [清空]; absent where nobody was asked. */
  readonly by?: SaidBy
  readonly files: readonly ClearingFile[]
}
