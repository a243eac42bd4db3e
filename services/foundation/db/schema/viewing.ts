import type { Generated } from 'kysely'
import type { renditionFileKinds, viewingEndKinds } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** Viewings, what each was granted and what was served: migrations/0004. */
export interface ViewingTables {
  viewing: ViewingTable
  viewing_grant: ViewingGrantTable
  viewing_served: ViewingServedTable
}

export interface ViewingTable {
  id: string
  recording_id: string
  rendition_id: string
  person_id: string
  session_hash: Buffer
  purpose: string
  case_id: string | null
  opened_at: Timestamp
  lease_until: Timestamp
  ended_at: Timestamp | null
  end_kind: Word<typeof viewingEndKinds> | null
  unwitnessed_since: Timestamp | null
}

export interface ViewingGrantTable {
  viewing_id: string
  number: number
  from_ms: number
  to_ms: number
  event_id: string
  granted_at: Timestamp
}

export interface ViewingServedTable {
  id: string
  viewing_id: string
  track: Generated<number>
  kind: Word<typeof renditionFileKinds>
  number: number
  from_ms: number
  to_ms: number
  bytes: number
  sha256: Buffer
  served_at: Timestamp
}
