import type { Generated } from 'kysely'
import type { clearingBasisWords, clearingOutcomes, uploadStates, userGrades } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** Hand-ins, uploads in progress and what is removed from devices: migrations/0002, 0003, 0012, 0013, 0023, 0029, 0030 and 0037. */
export interface IntakeTables {
  hand_in: HandInTable
  hand_in_file: HandInFileTable
  upload: UploadTable
  upload_part: UploadPartTable
  upload_tail: UploadTailTable
  clearing: ClearingTable
  clearing_file: ClearingFileTable
  clearing_giving_up: ClearingGivingUpTable
}

export interface HandInTable {
  id: string
  dock_id: string
  device_serial: string
  /** The signed head: migrations/0023. */
  head: Buffer
  signature: Buffer
  opened_at: Timestamp
  /** When the dock signed it, as the head says. */
  signed_at: Timestamp
  user_id: string | null
  device_stated: Generated<boolean>
  running_number: number | null
  recorded_until: Timestamp | null
  /** When the running numbers were compared with the device's hand-in before; null: not yet. */
  numbers_checked_at: Timestamp | null
  /** Who counted as the user of the shift when it was opened, and how that was known. */
  concerned_id: string | null
  concerned_grade: Word<typeof userGrades>
}

export interface HandInFileTable {
  hand_in_id: string
  number: number
  name: Buffer
  bytes: number
  sha256: Buffer | null
  upload_id: string | null
  device_time: string | null
  mark: boolean
  salt: Buffer
}

export interface UploadTable {
  id: string
  dock_id: string | null
  hand_in_id: string | null
  device_serial: string
  name: Buffer
  metadata: string | null
  bytes: number
  received_bytes: Generated<number>
  mark: boolean
  device_time: Timestamp | null
  device_time_text: string | null
  clock_offset_ms: number | null
  declared_sha256: Buffer | null
  dock_signature: Buffer | null
  dock_sm3: Buffer | null
  sha256: Buffer | null
  state: Word<typeof uploadStates>
  object_key: string
  multipart_id: string | null
  part_bytes: number
  version_id: string | null
  lease_holder: string | null
  lease_until: Timestamp | null
  release_requested: Generated<boolean>
  recording_id: string | null
  created_at: Timestamp
  last_byte_at: Timestamp | null
  completed_at: Timestamp | null
  expires_at: Timestamp
  cuts: Generated<number>
}

export interface UploadPartTable {
  upload_id: string
  number: number
  bytes: number
  etag: string
}

export interface UploadTailTable {
  upload_id: string
  starts_at: number
  bytes: number
  object_key: string
}

export interface ClearingTable {
  id: string
  dock_id: string
  said_id: string
  hand_in_id: string
  full_percent: number | null
  list_sha256: Buffer
  event_id: string
  announced_at: Timestamp
  /** That its dock has said what became of each file. */
  ended_at: Timestamp | null
  /** That two people gave it up: the dock's word may come all the same. */
  given_up_at: Timestamp | null
}

export interface ClearingGivingUpTable {
  id: string
  clearing_id: string
  reason: string
  asked_by: string
  asked_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface ClearingFileTable {
  clearing_id: string
  hand_in_id: string
  number: number
  recording_id: string
  sha256: Buffer
  basis: Word<typeof clearingBasisWords>
  receipt_index: number
  outcome: Word<typeof clearingOutcomes> | null
}
