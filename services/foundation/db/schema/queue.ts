import type { Generated } from 'kysely'
import type { jobStates } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** Background jobs, and the leases of loops that must run once: migrations/0005. */
export interface QueueTables {
  job: JobTable
  lease: LeaseTable
}

export interface JobTable {
  id: string
  name: string
  subject_id: string
  state: Generated<Word<typeof jobStates>>
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
