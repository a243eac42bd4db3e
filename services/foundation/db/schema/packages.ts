import type { Generated } from 'kysely'
import type { downloadEnds, packageStates } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** Evidence packages and their downloads: migrations/0007, 0022. */
export interface PackagesTables {
  package: PackageTable
  package_download: PackageDownloadTable
  download_answer: DownloadAnswerTable
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
  state: Word<typeof packageStates>
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
  ended_at: Timestamp | null
  ended_why: Word<typeof downloadEnds> | null
}

/** An answer that is still going out. */
export interface DownloadAnswerTable {
  id: string
  download_id: string
  first_byte: number
  last_byte: number
  sent_bytes: Generated<number>
  seen_at: Timestamp
}
