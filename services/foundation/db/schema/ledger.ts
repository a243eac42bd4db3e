import type { Generated } from 'kysely'
import type { StampedTime, Timestamp } from './columns.ts'

/** Events, the tree over them, and its checkpoints: migrations/0001; who writes which event, and when: migrations/0024. */
export interface LedgerTables {
  event: EventTable
  leaf: LeafTable
  link: LinkTable
  subject_secret: SubjectSecretTable
  tile: TileTable
  checkpoint: CheckpointTable
  event_writer: EventWriterTable
  event_time_rule: EventTimeRuleTable
}

export interface EventTable {
  id: string
  kind: string
  at: Timestamp
  body: string
  salt: Buffer
  commitment: Buffer
  subjects: string[]
  committed_at: StampedTime
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
  mac: Buffer | null
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

export interface EventWriterTable {
  kind: string
  alarm: string
  role: string
  actor: string
}

export interface EventTimeRuleTable {
  only_row: Generated<boolean>
  tolerance_ms: number
}
