import type { Generated } from 'kysely'
import type { renditionFileKinds, renditionKinds, renditionMethods, renditionStates, whyNotPlayable } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** What is made of a recording so that it can be watched: migrations/0003, 0011. */
export interface RenditionsTables {
  rendition: RenditionTable
  rendition_file: RenditionFileTable
  rendition_track: RenditionTrackTable
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
