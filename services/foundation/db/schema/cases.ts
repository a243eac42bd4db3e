import type { Generated } from 'kysely'
import type { caseKinds, partyKinds, stages } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** Parties, their cases, and the recordings attached to them: migrations/0004. */
export interface CasesTables {
  party: PartyTable
  case_file: CaseFileTable
  case_recording: CaseRecordingTable
}

export interface PartyTable {
  id: string
  kind: Word<typeof partyKinds>
  name: string
  code: string | null
  address: string | null
  created_at: Timestamp
}

export interface CaseFileTable {
  id: string
  number: string
  kind: Word<typeof caseKinds>
  title: string
  party_id: string
  departments: string[]
  officer_ids: string[]
  participant_ids: Generated<string[]>
  fewer_officers_reason: string | null
  outside_number: string | null
  opened_at: Timestamp
}

export interface CaseRecordingTable {
  id: string
  case_id: string
  recording_id: string
  stage: Word<typeof stages>
  officer_ids: string[]
  participant_ids: Generated<string[]>
  fewer_officers_reason: string | null
  attached_by: string
  attached_at: Timestamp
  detached_at: Timestamp | null
}
