import type { storeNames } from '../../store/store.ts'
import type { Timestamp, Word } from './columns.ts'

/** Reads that the stores report, and what the nightly check found: migrations/0007. */
export interface ChecksTables {
  store_read: StoreReadTable
  store_audit: StoreAuditTable
  fsck_finding: FsckFindingTable
}

export interface StoreReadTable {
  store: Word<typeof storeNames>
  request_id: string
  api: string
  started_at: Timestamp
  at: Timestamp
  credential: string
  bucket: string
  object_key: string
  version_id: string | null
  bytes: number
  explained_by: string | null
  alarm_id: string | null
  judged_at: Timestamp | null
}

export interface StoreAuditTable {
  store: Word<typeof storeNames>
  checked_to: Timestamp
  silent_since: Timestamp | null
}

export interface FsckFindingTable {
  id: string
  check_code: string
  subject: string
  problem: string
  alarm_id: string | null
  found_at: Timestamp
  gone_at: Timestamp | null
}
