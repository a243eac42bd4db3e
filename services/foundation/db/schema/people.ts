import type { Generated } from 'kysely'
import type { deputyshipStates, handoverParts, offices, openingCauses, roles } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** People, their accounts and sessions, where they acted from, deputies, the one custodian: migrations/0002, 0020 to 0022, 0025. */
export interface PeopleTables {
  person: PersonTable
  session: SessionTable
  act_seat: ActSeatTable
  third_signature: ThirdSignatureTable
  account_opening: AccountOpeningTable
  account_shutting: AccountShuttingTable
  sealed_spare: SealedSpareTable
  custodian_term: CustodianTermTable
  deputyship: DeputyshipTable
  notice_seen: NoticeSeenTable
  custodian_handover: CustodianHandoverTable
  custodian_handover_signature: CustodianHandoverSignatureTable
  unknown_sign_in: UnknownSignInTable
}

export interface PersonTable {
  id: string
  name: string
  role: Word<typeof roles>
  account: string
  officer_number: string | null
  certificate_number: string | null
  password_hash: string
  must_change_password: Generated<boolean>
  awaits_release: Generated<boolean>
  failed_sign_ins: Generated<number>
  locked_until: Timestamp | null
  disabled_at: Timestamp | null
  created_at: Timestamp
}

export interface SessionTable {
  token_hash: Buffer
  person_id: string
  created_at: Timestamp
  last_seen_at: Timestamp
  expires_at: Timestamp
  ended_at: Timestamp | null
  address: string | null
  browser_mark: Buffer | null
}

export interface ActSeatTable {
  event_id: string
  matter_id: string
  person_id: string
  acted_at: Timestamp
  address: string
  browser_mark: Buffer | null
  same_person_id: string | null
}

export interface ThirdSignatureTable {
  id: string
  act: string
  matter_id: string
  signer_name: string
  signer_office: string
  scan_sha256: Buffer
  added_by: string
  added_at: Timestamp
  confirm_by: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface AccountOpeningTable {
  id: string
  person_id: string
  cause: Word<typeof openingCauses>
  made_by: string
  made_at: Timestamp
  expires_at: Timestamp
  released_by: string | null
  released_at: Timestamp | null
  office: Word<typeof offices> | null
  effective_from: Timestamp | null
  code_hash: Buffer | null
  code_expires_at: Timestamp | null
  confirmed_by: string | null
  confirmed_at: Timestamp | null
  stopped_by: string | null
  stopped_at: Timestamp | null
  used_at: Timestamp | null
  spare_id: string | null
}

export interface AccountShuttingTable {
  id: string
  person_id: string
  reason: string
  asked_by: string
  asked_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface SealedSpareTable {
  id: string
  person_id: string
  code_hash: Buffer
  seal_number: string
  place: string
  sealed_by: string
  sealed_at: Timestamp
  with_person_id: string
  confirmed_at: Timestamp | null
  asked_by: string | null
  asked_at: Timestamp | null
  opened_by: string | null
  opened_at: Timestamp | null
  expires_at: Timestamp | null
  used_at: Timestamp | null
  replaced_at: Timestamp | null
}

export interface CustodianTermTable {
  id: string
  person_id: string
  started_at: Timestamp
  ended_at: Timestamp | null
}

export interface DeputyshipTable {
  id: string
  supervisor_id: string
  deputy_id: string
  reason: string
  starts_at: Timestamp
  ends_at: Timestamp
  named_at: Timestamp
  state: Word<typeof deputyshipStates>
  decided_by: string | null
  decided_at: Timestamp | null
  ended_by: string | null
  ended_at: Timestamp | null
}

export interface NoticeSeenTable {
  person_id: string
  notice_id: string
  seen_at: Timestamp
}

export interface CustodianHandoverTable {
  id: string
  from_person_id: string
  to_person_id: string
  reason: string
  absent: boolean
  proposed_by: string
  proposed_at: Timestamp
  completed_at: Timestamp | null
  withdrawn_at: Timestamp | null
}

export interface CustodianHandoverSignatureTable {
  handover_id: string
  person_id: string
  part: Word<typeof handoverParts>
  signed_at: Timestamp
}

/** Refused sign-ins of accounts that do not exist, by address and minute, until their event is written. */
export interface UnknownSignInTable {
  address: string
  minute: Timestamp
  refusals: number
}
