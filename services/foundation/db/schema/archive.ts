import type { storeNames } from '../../store/store.ts'
import type { Timestamp, Word } from './columns.ts'

/** The ledger in the three stores: migrations/0007. */
export interface ArchiveTables {
  ledger_copy: LedgerCopyTable
  event_archive_batch: EventArchiveBatchTable
  archive_object: ArchiveObjectTable
  archive_progress: ArchiveProgressTable
  archive_key: ArchiveKeyTable
}

export interface LedgerCopyTable {
  store: Word<typeof storeNames>
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
  store: Word<typeof storeNames>
  archived_to: number
}

export interface ArchiveKeyTable {
  subject: string
  key: Buffer
  created_at: Timestamp
}
