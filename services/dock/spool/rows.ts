import type { Value } from './database.ts'
import type { ClearingFile, ClearingRecord, FileProgress, FileRecord, HandInRecord, SaidBy } from './records.ts'

/** Rows as the database gives them, and records made of them. */

const progressColumns: Readonly<Record<keyof FileProgress, string>> = {
  reading: 'reading',
  readMs: 'read_ms',
  sha256: 'sha256',
  sm3: 'sm3',
  keptCopy: 'kept_copy',
  uploadId: 'upload_id',
  sentBytes: 'sent_bytes',
  sending: 'sending',
  refusal: 'refusal',
  receipt: 'receipt',
  receiptReason: 'receipt_reason',
  receiptIndex: 'receipt_index',
  receiptMs: 'receipt_ms',
  cleared: 'cleared',
}

export interface FileRow {
  readonly hand_in: string
  readonly number: number
  readonly path: Uint8Array
  readonly name: Uint8Array
  readonly bytes: number
  readonly modified_ms: number | null
  readonly device_time: string | null
  readonly running_number: number | null
  readonly mark: number
  readonly home_hand_in: string | null
  readonly home_number: number | null
  readonly [column: string]: unknown
}

export interface HandInRow {
  readonly id: string
  readonly serial: string
  readonly medium: string | null
  readonly opened_ms: number
  readonly files_root: string
  readonly state: HandInRecord['state']
  readonly server_id: string | null
  readonly refusal: string | null
  readonly picked_up_ms: number | null
}

export interface ClearingRow {
  readonly id: string
  readonly hand_in: string
  readonly state: ClearingRecord['state']
  readonly server_id: string | null
  readonly begun_ms: number
  readonly asked_by: string | null
}

export interface ClearingFileRow {
  readonly clearing: string
  readonly number: number
  readonly sha256: string
  readonly basis: ClearingFile['basis']
  readonly receipt_index: number
  readonly outcome: ClearingFile['outcome']
}

/** `set` clause and values of a change. */
export function changeOf(change: Partial<FileProgress>): { set: string; values: Value[] } {
  const names = Object.keys(change) as (keyof FileProgress)[]
  return {
    set: names.map((name) => `${progressColumns[name]} = ?`).join(', '),
    values: names.map((name) => change[name] ?? null),
  }
}

export function fileValues(handIn: string, file: FileRecord): { columns: string; values: Value[] } {
  const progress = Object.keys(progressColumns) as (keyof FileProgress)[]
  const fixed: Record<string, Value> = {
    hand_in: handIn,
    number: file.number,
    path: file.path,
    name: file.name,
    bytes: file.bytes,
    modified_ms: file.modifiedMs,
    device_time: file.deviceTime,
    running_number: file.runningNumber,
    mark: file.mark ? 1 : 0,
    home_hand_in: file.home?.handIn ?? null,
    home_number: file.home?.number ?? null,
  }
  return {
    columns: [...Object.keys(fixed), ...progress.map((name) => progressColumns[name])].join(', '),
    values: [...Object.values(fixed), ...progress.map((name) => file[name])],
  }
}

export function fileOf(row: FileRow): FileRecord {
  const progress = Object.fromEntries(Object.entries(progressColumns).map(([name, column]) => [name, row[column]]))
  return {
    ...(progress as unknown as FileProgress),
    number: row.number,
    path: Buffer.from(row.path),
    name: Buffer.from(row.name),
    bytes: row.bytes,
    modifiedMs: row.modified_ms,
    deviceTime: row.device_time,
    runningNumber: row.running_number,
    mark: row.mark === 1,
    home: row.home_hand_in === null ? null : { handIn: row.home_hand_in, number: row.home_number! },
  }
}

export function handInOf(row: HandInRow, files: readonly FileRecord[]): HandInRecord {
  return {
    id: row.id,
    serial: row.serial,
    medium: row.medium,
    openedMs: row.opened_ms,
    filesRoot: row.files_root,
    state: row.state,
    serverId: row.server_id,
    refusal: row.refusal,
    pickedUpMs: row.picked_up_ms,
    files,
  }
}

export function clearingOf(row: ClearingRow, files: readonly ClearingFileRow[]): ClearingRecord {
  return {
    id: row.id,
    handIn: row.hand_in,
    begunMs: row.begun_ms,
    state: row.state,
    serverId: row.server_id,
    ...(row.asked_by !== null && { by: JSON.parse(row.asked_by) as SaidBy }),
    files: files
      .filter(({ clearing }) => clearing === row.id)
      .map(({ number, sha256, basis, receipt_index, outcome }) => ({
        number,
        sha256,
        basis,
        receiptIndex: receipt_index,
        outcome,
      })),
  }
}
