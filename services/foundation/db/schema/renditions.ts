import type { Generated } from 'kysely'
import type { renditionFileKinds, renditionKinds, renditionMethods, renditionStates } from '../words.ts'
import type { Json, Timestamp, Word } from './columns.ts'

/** What is made of a recording so that it can be watched: migrations/0003. */
export interface RenditionsTables {
  rendition: RenditionTable
  rendition_file: RenditionFileTable
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
  probe: Json | null
  codecs: string | null
  duration_ms: number | null
  reason: string | null
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
