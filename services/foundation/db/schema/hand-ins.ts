import type {
  deviceStates,
  dockPassMeans,
  gapKinds,
  gapReasons,
  gapStates,
  identityGrades,
  statementKinds,
} from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** What people say at the dock and about what they handed in, the roster, and how they are known at a dock: migrations/0030. */
export interface HandInsTables {
  gap: GapTable
  gap_explanation: GapExplanationTable
  hand_in_statement: HandInStatementTable
  hand_in_correction: HandInCorrectionTable
  roster_line: RosterLineTable
  dock_pass: DockPassTable
  dock_identification: DockIdentificationTable
  dock_code_lift: DockCodeLiftTable
}

export interface GapTable {
  id: string
  kind: Word<typeof gapKinds>
  device_serial: string
  hand_in_id: string | null
  dock_gap_id: string | null
  before_number: number | null
  after_number: number | null
  from_time: string | null
  to_time: string | null
  length_ms: number | null
  missing_numbers: number | null
  line_numbers: number[]
  proposed: string | null
  device_state: Word<typeof deviceStates> | null
  roster_line_id: string | null
  person_id: string | null
  due_at: Timestamp
  found_by: string
  found_at: Timestamp
  state: Word<typeof gapStates>
  decided_by: string | null
  decided_at: Timestamp | null
  decision_reason: string | null
}

export interface GapExplanationTable {
  id: string
  gap_id: string
  /** The dock's own id of it; null for one that was given with a password. */
  dock_message_id: string | null
  reason: Word<typeof gapReasons>
  words: string | null
  person_id: string | null
  grade: Word<typeof identityGrades>
  /** This server had identified that person at that dock: false for what somebody at the screen claimed. */
  identified: boolean
  said_at: string | null
  given_by: string
  given_at: Timestamp
  /** Until when the person is to confirm it; null where the person is known well enough. */
  confirm_by: Timestamp | null
  confirmed_at: Timestamp | null
  is_own: boolean | null
}

export interface HandInStatementTable {
  id: string
  hand_in_id: string
  dock_message_id: string
  kind: Word<typeof statementKinds>
  /** Lines of the list; empty for all. */
  line_numbers: number[]
  words: string | null
  person_id: string | null
  grade: Word<typeof identityGrades>
  identified: boolean
  said_at: string
  kept_at: Timestamp
}

export interface HandInCorrectionTable {
  id: string
  hand_in_id: string
  device_serial: string | null
  user_id: string | null
  reason: string
  asked_by: string
  asked_at: Timestamp
  decided_by: string | null
  decided_at: Timestamp | null
  confirmed: boolean | null
}

export interface RosterLineTable {
  id: string
  person_id: string
  device_serial: string | null
  day: string
  starts_at: Timestamp
  ends_at: Timestamp
  entered_by: string
  entered_at: Timestamp
  withdrawn_by: string | null
  withdrawn_at: Timestamp | null
}

export interface DockPassTable {
  id: string
  person_id: string
  means: Word<typeof dockPassMeans>
  digest: Buffer
  given_by: string
  given_at: Timestamp
  released_by: string | null
  released_at: Timestamp | null
  taken_back_by: string | null
  taken_back_at: Timestamp | null
}

/** That a dock takes dock codes again on a day on which too many wrong ones were tried. */
export interface DockCodeLiftTable {
  event_id: string
  dock_id: string
  lifted_by: string
  lifted_at: Timestamp
}

/** A try to be known at a dock: a right one names the person. */
export interface DockIdentificationTable {
  event_id: string
  dock_id: string
  device_serial: string
  hand_in_id: string | null
  means: Word<typeof dockPassMeans>
  person_id: string | null
  at: Timestamp
}
