import type { Generated } from 'kysely'
import type {
  renditionFileKinds,
  renditionKinds,
  renditionMethods,
  renditionStates,
  supplyStates,
  whyNotPlayable,
} from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** What is made of a recording so that it can be watched: migrations/0003, 0011, 0016 and 0018. */
export interface RenditionsTables {
  rendition: RenditionTable
  rendition_file: RenditionFileTable
  rendition_track: RenditionTrackTable
  rendition_supply: RenditionSupplyTable
}

export interface RenditionTable {
  id: string
  recording_id: string
  state: Word<typeof renditionStates>
  kind: Word<typeof renditionKinds> | null
  method: Word<typeof renditionMethods> | null
  tool: string | null
  flags: string[] | null
  input_sha256: Buffer | null
  duration_ms: number | null
  reason: string | null
  why: Word<typeof whyNotPlayable> | null
  ready_event_id: string | null
  started_at: Timestamp
  ended_at: Timestamp | null
}

export interface RenditionFileTable {
  rendition_id: string
  track: Generated<number>
  kind: Word<typeof renditionFileKinds>
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

export interface RenditionTrackTable {
  rendition_id: string
  track: number
  kind: Word<typeof renditionKinds>
  streams: number[]
  channels: number[] | null
  codecs: string | null
  duration_ms: number | null
}

/** `rendition_id` is the rendition that says why the recording cannot be played. */
export interface RenditionSupplyTable {
  id: string
  recording_id: string
  rendition_id: string
  state: Word<typeof supplyStates>
  tool: string
  tool_version: string
  how: string
  bytes: number
  sha256: Buffer
  object_key: string
  version_id: string
  proposed_by: string
  proposed_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  reason: string | null
  failure: string | null
}
