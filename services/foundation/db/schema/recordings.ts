import type { Generated } from 'kysely'
import type { storeNames } from '../../store/store.ts'
import type {
  copyStates,
  mediaKinds,
  quarantineOutcomes,
  quarantineReasons,
  recordingStates,
  userGrades,
} from '../words.ts'
import type { Json, Timestamp, Word } from './columns.ts'

/** Recordings, their copies, inventories, quarantine, and receipts: migrations/0003, 0007, 0013, 0015, 0018 and 0023. */
export interface RecordingsTables {
  recording: RecordingTable
  copy: CopyTable
  recording_inventory: RecordingInventoryTable
  quarantine_proposal: QuarantineProposalTable
  receipt: ReceiptTable
  receipt_due: ReceiptDueTable
}

export interface RecordingTable {
  id: string
  dock_id: string | null
  hand_in_id: string | null
  device_id: string | null
  device_serial: string
  officer_id: string | null
  user_grade: Word<typeof userGrades>
  name: Buffer
  name_parsed: Json | null
  media_kind: Word<typeof mediaKinds>
  bytes: number
  sha256: Buffer
  sm3: Buffer | null
  mark: boolean
  device_time: Timestamp | null
  device_time_text: string | null
  clock_offset_ms: number | null
  corrected_time: Timestamp | null
  flags: Generated<string[]>
  state: Word<typeof recordingStates>
  quarantine_reason: Word<typeof quarantineReasons> | null
  quarantine_ended_at: Timestamp | null
  sealed_at: Timestamp
  secured_at: Timestamp | null
}

export interface CopyTable {
  recording_id: string
  store: Word<typeof storeNames>
  object_key: string
  version_id: string
  host_name: string
  state: Word<typeof copyStates>
  retain_until: Timestamp
  legal_hold: boolean
  stored_at: Timestamp
  verified_at: Timestamp | null
}

export interface RecordingInventoryTable {
  recording_id: string
  sha256: Buffer
  bytes: number
  object_key: string
  version_id: string
  host_name: string
  retain_until: Timestamp
  tool: string
  summary: Json
  event_id: string
  taken_at: Timestamp
}

export interface QuarantineProposalTable {
  id: string
  recording_id: string
  outcome: Word<typeof quarantineOutcomes>
  reason: string
  proposed_by: string
  proposed_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
  batch_id: string | null
}

export interface ReceiptTable {
  recording_id: string
  event_id: string
  issued_at: Timestamp
}

export interface ReceiptDueTable {
  recording_id: string
}
