import type { Generated } from 'kysely'
import type { timestampReasons } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** What outsiders sign of the ledger: cosignatures and time-stamps: migrations/0007. */
export interface AnchoringTables {
  cosignature: CosignatureTable
  witnessed: WitnessedTable
  witness_contact: WitnessContactTable
  timestamp_order: TimestampOrderTable
  timestamp_token: TimestampTokenTable
  timestamp_attempt: TimestampAttemptTable
}

export interface CosignatureTable {
  size: number
  name: string
  key_id: number
  line: string
  signed_at: Timestamp
  received_at: Timestamp
}

export interface WitnessedTable {
  size: number
  at: Timestamp
}

export interface WitnessContactTable {
  name: string
  last_size: Generated<number>
  last_ok_at: Timestamp | null
  last_try_at: Timestamp | null
  last_error: string | null
  alarm: string | null
  alarmed_at: Timestamp | null
}

export interface TimestampOrderTable {
  id: string
  size: number
  reason: Word<typeof timestampReasons>
  requested_by: string | null
  requested_at: Timestamp
}

export interface TimestampTokenTable {
  size: number
  authority: string
  response: Buffer
  stamped_at: Timestamp
  received_at: Timestamp
}

export interface TimestampAttemptTable {
  order_id: string
  authority: string
  attempts: Generated<number>
  run_after: Timestamp
  done_at: Timestamp | null
  last_error: string | null
  alarmed_at: Timestamp | null
}
