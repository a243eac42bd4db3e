import type { ColumnType, Generated } from 'kysely'

/** The tables of migrations/0007_outsiders.ts; see schema.ts for how columns read. */
type Timestamp = ColumnType<Date, Date | string, Date | string>
type StoreName = 'primary' | 'backup-a' | 'backup-b'

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
  reason: 'daily' | 'demand' | 'package'
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

export interface ReceiptTable {
  recording_id: string
  event_id: string
  issued_at: Timestamp
}

export interface ReceiptDueTable {
  recording_id: string
}

export interface LedgerCopyTable {
  store: StoreName
  object_key: string
  version_id: string
  sha256: Buffer
  bytes: number
  retain_until: Timestamp | null
  stored_at: Timestamp
}

export interface EventArchiveBatchTable {
  first: number
  count: number
  with_partial_tiles: boolean
  created_at: Timestamp
}

export interface ArchiveObjectTable {
  object_key: string
  batch_first: number
  bytes: Buffer
}

export interface ArchiveProgressTable {
  store: StoreName
  archived_to: number
}

export interface ArchiveKeyTable {
  subject: string
  key: Buffer
  created_at: Timestamp
}

export interface PackageTable {
  id: string
  case_id: string
  with_footage: boolean
  purpose: string
  recipient_name: string | null
  recipient_organisation: string | null
  recipient_key: string | null
  requested_by: string
  requested_at: Timestamp
  state: 'awaiting_signature' | 'queued' | 'building' | 'ready' | 'refused' | 'failed' | 'expired'
  decided_by: string | null
  decided_at: Timestamp | null
  bytes_done: Generated<number>
  bytes_total: number | null
  checkpoint_size: number | null
  multipart_id: string | null
  object_key: string | null
  version_id: string | null
  bytes: number | null
  sha256: Buffer | null
  failure: string | null
  ready_at: Timestamp | null
  expires_at: Timestamp | null
}

export interface PackageDownloadTable {
  id: string
  package_id: string
  person_id: string
  session_hash: Buffer
  event_id: string
  started_at: Timestamp
  sent_bytes: Generated<number>
}

export interface StoreReadTable {
  store: StoreName
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
  store: StoreName
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

export interface OutsidersSchema {
  cosignature: CosignatureTable
  witnessed: WitnessedTable
  witness_contact: WitnessContactTable
  timestamp_order: TimestampOrderTable
  timestamp_token: TimestampTokenTable
  timestamp_attempt: TimestampAttemptTable
  receipt: ReceiptTable
  receipt_due: ReceiptDueTable
  ledger_copy: LedgerCopyTable
  event_archive_batch: EventArchiveBatchTable
  archive_object: ArchiveObjectTable
  archive_progress: ArchiveProgressTable
  archive_key: ArchiveKeyTable
  package: PackageTable
  package_download: PackageDownloadTable
  store_read: StoreReadTable
  store_audit: StoreAuditTable
  fsck_finding: FsckFindingTable
}
