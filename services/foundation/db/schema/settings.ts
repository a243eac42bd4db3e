import type { settingStates } from '../words.ts'
import type { Timestamp, Word } from './columns.ts'

/** What a bureau has set for itself: migrations/0019. */
export interface SettingsTables {
  setting_version: SettingVersionTable
}

export interface SettingVersionTable {
  id: string
  key: string
  value: string
  source: string
  valid_from: Timestamp
  proposed_by: string
  proposed_at: Timestamp
  state: Word<typeof settingStates>
  decided_by: string | null
  decided_at: Timestamp | null
}
