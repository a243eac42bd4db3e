import type { deviceKinds, deviceStates, dockClocks, guardedDeviceActs } from '../words.ts'
import type { Json, Timestamp, Word } from './columns.ts'

/** The device register and the docks: migrations/0002, 0023 and 0029. */
export interface DevicesTables {
  device: DeviceTable
  dock: DockTable
  device_keeper_change: DeviceKeeperChangeTable
  device_act: DeviceActTable
  dock_enrolment: DockEnrolmentTable
  enrolment_try: EnrolmentTryTable
  dock_state: DockStateTable
  dock_report: DockReportTable
  volume_statement: VolumeStatementTable
}

export interface DeviceTable {
  id: string
  serial: string
  kind: Word<typeof deviceKinds>
  model: string | null
  holder_id: string | null
  state: Word<typeof deviceStates>
  registered_at: Timestamp
}

export interface DockTable {
  id: string
  name: string
  token_hash: Buffer
  public_key: Buffer
  registered_at: Timestamp
  released_by: string | null
  released_at: Timestamp | null
  revoked_at: Timestamp | null
}

export interface DeviceKeeperChangeTable {
  id: string
  device_id: string
  from_person_id: string | null
  to_person_id: string | null
  note: string
  asked_by: string
  asked_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface DeviceActTable {
  id: string
  device_id: string
  act: Word<typeof guardedDeviceActs>
  card_taken_out: boolean
  files_missing: number
  gaps_open: number
  note: string
  lent_to: string | null
  told_to: string | null
  asked_by: string
  asked_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface DockEnrolmentTable {
  id: string
  name: string
  code_hash: Buffer
  made_by: string
  made_at: Timestamp
  expires_at: Timestamp
  used_at: Timestamp | null
}

export interface EnrolmentTryTable {
  address: string
  since: Timestamp
  tries: number
}

export interface DockStateTable {
  dock_id: string
  seen_at: Timestamp
  version: string
  slots: number
  slots_used: number
  spool_bytes: number
  spool_used_bytes: number
  waiting_bytes: number
  clock: Word<typeof dockClocks>
  offline_since: Timestamp | null
  attention: Json
}

export interface DockReportTable {
  dock_id: string
  said_id: string
  sha256: Buffer
  event_id: string
  reported_at: Timestamp
}

export interface VolumeStatementTable {
  event_id: string
  dock_id: string
  device_serial: string
  stated_at: Timestamp
}
