import type { deviceKinds, deviceStates } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** The device register and the docks: migrations/0002 and 0023. */
export interface DevicesTables {
  device: DeviceTable
  dock: DockTable
  device_keeper_change: DeviceKeeperChangeTable
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
