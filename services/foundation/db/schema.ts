import type { ColumnType, Generated } from 'kysely'
import type { OutsidersSchema } from './schema-outsiders.ts'

/**
 * The tables of migrations/*.ts as TypeScript sees them: bigint is a safe integer number, timestamptz a Date (UTC), bytea a
 * Buffer. What the columns mean stands in the migrations.
 */
type Timestamp = ColumnType<Date, Date | string, Date | string>
type Json = ColumnType<unknown, string | null, string | null>

export interface EventTable {
  id: string
  kind: string
  at: Timestamp
  body: string
  salt: Buffer
  commitment: Buffer
  subjects: string[]
  committed_at: ColumnType<Date, Date | string | undefined, never>
  leaf_index: number | null
}

export interface LeafTable {
  index: number
  event_id: string
  data: Buffer
  hash: Buffer
}

export interface LinkTable {
  subject: string
  n: number
  event_id: string
  leaf_index: number
}

export interface SubjectSecretTable {
  subject: string
  secret: Buffer
  proof: Buffer
}

export interface TileTable {
  level: number
  index: number
  hashes: Buffer
}

export interface CheckpointTable {
  size: number
  root: Buffer
  note: string
  at: Timestamp
}

export interface PersonTable {
  id: string
  name: string
  role: 'officer' | 'custodian' | 'auditor' | 'legal_reviewer' | 'supervisor' | 'administrator'
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
}

export interface CustodianTermTable {
  id: string
  person_id: string
  started_at: Timestamp
  ended_at: Timestamp | null
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
  part: 'outgoing' | 'incoming' | 'supervisor' | 'legal_office'
  signed_at: Timestamp
}

export interface DeviceTable {
  id: string
  serial: string
  kind: 'recorder' | 'camera' | 'audio_pen' | 'drone'
  model: string | null
  holder_id: string | null
  state: 'in_service' | 'in_repair' | 'retired'
  registered_at: Timestamp
}

export interface DockTable {
  id: string
  name: string
  token_hash: Buffer
  public_key: Buffer
  registered_at: Timestamp
  revoked_at: Timestamp | null
}

export interface HandInTable {
  id: string
  dock_id: string
  device_serial: string
  list: Buffer
  signature: Buffer
  opened_at: Timestamp
}

export interface HandInFileTable {
  hand_in_id: string
  number: number
  name: Buffer
  bytes: number
  sha256: Buffer | null
  upload_id: string | null
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
  clock_offset_ms: number | null
  declared_sha256: Buffer | null
  sha256: Buffer | null
  state: 'receiving' | 'complete' | 'sealed' | 'quarantined' | 'duplicate' | 'terminated' | 'expired'
  object_key: string
  multipart_id: string | null
  part_bytes: number
  version_id: string | null
  tail_key: string | null
  tail_bytes: Generated<number>
  lease_holder: string | null
  lease_until: Timestamp | null
  release_requested: Generated<boolean>
  recording_id: string | null
  created_at: Timestamp
  last_byte_at: Timestamp | null
  completed_at: Timestamp | null
  expires_at: Timestamp
}

export interface UploadPartTable {
  upload_id: string
  number: number
  bytes: number
  etag: string
}

export interface RecordingTable {
  id: string
  dock_id: string | null
  hand_in_id: string | null
  device_id: string | null
  device_serial: string
  officer_id: string | null
  name: Buffer
  name_parsed: Json | null
  media_kind: 'video' | 'audio' | 'still' | 'document' | 'unknown'
  bytes: number
  sha256: Buffer
  sm3: Buffer | null
  mark: boolean
  device_time: Timestamp | null
  clock_offset_ms: number | null
  corrected_time: Timestamp | null
  flags: Generated<string[]>
  state: 'sealed' | 'secured' | 'damaged'
  quarantine_reason: string | null
  quarantine_ended_at: Timestamp | null
  sealed_at: Timestamp
  secured_at: Timestamp | null
}

export interface CopyTable {
  recording_id: string
  store: 'primary' | 'backup-a' | 'backup-b'
  object_key: string
  version_id: string
  host_name: string
  state: 'stored' | 'verified' | 'damaged'
  retain_until: Timestamp
  legal_hold: boolean
  stored_at: Timestamp
  verified_at: Timestamp | null
}

export interface QuarantineProposalTable {
  id: string
  recording_id: string
  outcome: 'accept' | 'keep_apart'
  reason: string
  proposed_by: string
  proposed_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface RenditionTable {
  id: string
  recording_id: string
  state: 'running' | 'ready' | 'not_playable' | 'abandoned'
  kind: 'video' | 'audio' | 'still' | null
  method: 'remux' | 'transcode' | 'copy' | null
  tool: string | null
  flags: string[] | null
  input_sha256: Buffer | null
  probe: Json | null
  codecs: string | null
  duration_ms: number | null
  reason: string | null
  started_at: Timestamp
  ended_at: Timestamp | null
}

export interface RenditionFileTable {
  rendition_id: string
  kind: 'init' | 'segment' | 'thumbnail' | 'still'
  number: number
  start_ms: number
  duration_ms: number
  bytes: number
  content_type: string
  sha256: Buffer
  object_key: string
  version_id: string
  event_id: string
}

export interface PartyTable {
  id: string
  kind: 'household' | 'shop' | 'company' | 'person'
  name: string
  code: string | null
  address: string | null
  created_at: Timestamp
}

export interface CaseFileTable {
  id: string
  number: string
  kind: 'inspection' | 'simple' | 'general' | 'no_penalty'
  title: string
  party_id: string
  departments: string[]
  officer_ids: string[]
  outside_number: string | null
  opened_at: Timestamp
}

export interface CaseRecordingTable {
  id: string
  case_id: string
  recording_id: string
  stage: 'initiation' | 'investigation' | 'review' | 'decision' | 'service' | 'enforcement'
  officer_ids: string[]
  attached_by: string
  attached_at: Timestamp
  detached_at: Timestamp | null
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
  end_kind: 'closed' | 'expired' | 'lost' | null
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
  kind: 'init' | 'segment' | 'thumbnail' | 'still'
  number: number
  from_ms: number
  to_ms: number
  bytes: number
  sha256: Buffer
  served_at: Timestamp
}

export interface JobTable {
  id: string
  name: string
  subject_id: string
  state: Generated<'pending' | 'done'>
  attempts: Generated<number>
  run_after: Timestamp
  published_at: Timestamp | null
  last_error: string | null
  created_at: Timestamp
  finished_at: Timestamp | null
}

export interface LeaseTable {
  name: string
  holder: string
  until: Timestamp
}

/** The whole schema, as kysely sees it. */
export interface Schema extends OutsidersSchema {
  event: EventTable
  leaf: LeafTable
  link: LinkTable
  subject_secret: SubjectSecretTable
  tile: TileTable
  checkpoint: CheckpointTable
  person: PersonTable
  session: SessionTable
  custodian_term: CustodianTermTable
  custodian_handover: CustodianHandoverTable
  custodian_handover_signature: CustodianHandoverSignatureTable
  device: DeviceTable
  dock: DockTable
  hand_in: HandInTable
  hand_in_file: HandInFileTable
  upload: UploadTable
  upload_part: UploadPartTable
  recording: RecordingTable
  copy: CopyTable
  quarantine_proposal: QuarantineProposalTable
  rendition: RenditionTable
  rendition_file: RenditionFileTable
  party: PartyTable
  case_file: CaseFileTable
  case_recording: CaseRecordingTable
  viewing: ViewingTable
  viewing_grant: ViewingGrantTable
  viewing_served: ViewingServedTable
  job: JobTable
  lease: LeaseTable
}
