import type { AnchoringTables } from './schema/anchoring.ts'
import type { ArchiveTables } from './schema/archive.ts'
import type { CasesTables } from './schema/cases.ts'
import type { ChecksTables } from './schema/checks.ts'
import type { DevicesTables } from './schema/devices.ts'
import type { HandInsTables } from './schema/hand-ins.ts'
import type { IntakeTables } from './schema/intake.ts'
import type { LedgerTables } from './schema/ledger.ts'
import type { PackagesTables } from './schema/packages.ts'
import type { PeopleTables } from './schema/people.ts'
import type { QueueTables } from './schema/queue.ts'
import type { RecordingsTables } from './schema/recordings.ts'
import type { RenditionsTables } from './schema/renditions.ts'
import type { SettingsTables } from './schema/settings.ts'
import type { ViewingTables } from './schema/viewing.ts'

/**
 * Every table of migrations/*.ts as kysely sees it. What the columns mean is written in the migrations; a test compares
 * tables, columns, types and words with the migrated database.
 */
export interface Database
  extends LedgerTables,
    PeopleTables,
    DevicesTables,
    IntakeTables,
    HandInsTables,
    RecordingsTables,
    RenditionsTables,
    CasesTables,
    ViewingTables,
    QueueTables,
    AnchoringTables,
    ArchiveTables,
    PackagesTables,
    ChecksTables,
    SettingsTables {}
