import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { EventKind } from '../events/kinds.ts'
import { kindsWithRows } from '../events/read.ts'
import { compareRows, type Facts, type ReplayedTable, type RowFault, type RowSet } from '../events/replay.ts'
import type { Report } from './finding.ts'
import { onlyTables, toldOf } from './replayed-rows.ts'
import { inSnapshot } from './snapshot.ts'
import { storedOfDocks } from './stored-docks.ts'
import {
  idColumns,
  storedOfDevices,
  storedOfGaps,
  storedOfHandIns,
  storedOfPackages,
  storedOfPeople,
  storedOfRecordings,
  storedOfRegister,
  storedOfSettings,
} from './stored-rows.ts'

/** Rows that are checked together because the same subject's events tell them. */
interface Group {
  readonly type: string
  readonly table: 'recording' | 'package' | keyof typeof idColumns
  readonly idColumn: string
  readonly kinds: readonly EventKind[]
  readonly tables: readonly string[]
  readonly stored: (db: Db, ids: readonly string[]) => Promise<RowSet>
}

/** A kind, or all kinds that begin like this. */
type Kinds = EventKind | (EventKind extends `${infer Subject}.${string}` ? `${Subject}.` : never)

const kindsOf = (...prefixes: Kinds[]) =>
  kindsWithRows.filter((kind) => prefixes.some((prefix) => kind.startsWith(prefix)))

const recordingTables = [
  'recording',
  'copy',
  'recording_inventory',
  'quarantine_proposal',
  'case_recording',
  'rendition',
  'rendition_file',
  'rendition_supply',
  'viewing',
  'viewing_grant',
  'receipt',
  'clearing_file',
]

/** Everything that hangs on a recording, by its own events. */
export const recordingGroup: Group = {
  type: 'recording',
  table: 'recording',
  idColumn: 'id',
  kinds: kindsOf('recording.', 'quarantine.', 'viewing.', 'rendition.', 'receipt.'),
  tables: recordingTables,
  stored: storedOfRecordings,
}

/** A dock's list, which upload brought each of its files, what was said of it, how it was corrected, and what was removed. */
const handInGroup: Group = {
  type: 'hand_in',
  table: 'hand_in',
  idColumn: 'id',
  kinds: kindsOf('hand_in.', 'upload.created', 'clearing.'),
  tables: ['hand_in', 'hand_in_file', 'hand_in_statement', 'hand_in_correction', 'clearing', 'clearing_giving_up'],
  stored: storedOfHandIns,
}

function register(type: string, table: keyof typeof idColumns, ...prefixes: Kinds[]): Group {
  return {
    type,
    table,
    idColumn: idColumns[table],
    kinds: kindsOf(...prefixes),
    tables: [table],
    stored: (db, ids) => storedOfRegister(db, table, ids),
  }
}

export const caseGroup = register('case', 'case_file', 'case.')

/** A device, how it came to whoever keeps it, and what two people had to say of it. */
const deviceGroup: Group = {
  type: 'device',
  table: 'device',
  idColumn: 'serial',
  kinds: kindsOf('device.'),
  tables: ['device', 'device_keeper_change', 'device_act'],
  stored: storedOfDevices,
}

const gapGroup: Group = {
  type: 'gap',
  table: 'gap',
  idColumn: 'id',
  kinds: kindsOf('gap.'),
  tables: ['gap', 'gap_explanation'],
  stored: storedOfGaps,
}

const packageGroup: Group = {
  type: 'package',
  table: 'package',
  idColumn: 'id',
  kinds: kindsOf('package.'),
  tables: ['package', 'package_download'],
  stored: storedOfPackages,
}

const groups: readonly Group[] = [
  recordingGroup,
  register('upload', 'upload', 'upload.', 'recording.sealed', 'recording.quarantined', 'recording.duplicate'),
  handInGroup,
  gapGroup,
  caseGroup,
  register('party', 'party', 'party.'),
  deviceGroup,
  packageGroup,
  register('third_signature', 'third_signature', 'signature.'),
  register('timestamp_order', 'timestamp_order', 'timestamp.'),
]

/** Rows that are so few that they are checked all at once; their keys begin with the id of a subject of this type. */
interface Whole {
  readonly type: string
  readonly ids: (db: Db) => Promise<string[]>
  readonly kinds: readonly EventKind[]
  readonly tables: readonly ReplayedTable[]
  readonly stored: (db: Db) => Promise<RowSet>
}

const wholes: readonly Whole[] = [
  {
    // The events of a hand-over are about two people.
    type: 'person',
    ids: async (db) => (await db.selectFrom('person').select('id').execute()).map(({ id }) => id),
    kinds: kindsOf('person.', 'spare.', 'custodian.', 'deputyship.', 'notice.', 'dock_pass.', 'roster.'),
    tables: [
      'person',
      'account_opening',
      'account_shutting',
      'sealed_spare',
      'custodian_term',
      'deputyship',
      'notice_seen',
      'dock_pass',
      'roster_line',
    ],
    stored: storedOfPeople,
  },
  {
    // A code that no dock has used yet is of no dock.
    type: 'dock',
    ids: async (db) => {
      const docks = await db.selectFrom('dock').select('id').execute()
      const enrolments = await db.selectFrom('dock_enrolment').select('id').execute()
      return [...docks, ...enrolments].map(({ id }) => id)
    },
    kinds: kindsOf('dock.', 'identity.', 'station.', 'device.card_kept'),
    tables: ['dock', 'dock_enrolment', 'dock_identification', 'dock_code_lift', 'dock_report', 'volume_statement'],
    stored: storedOfDocks,
  },
  {
    type: 'setting',
    ids: async (db) => {
      const rows = await db.selectFrom('setting_version').select('key').distinct().execute()
      return rows.map(({ key }) => key)
    },
    kinds: kindsOf('setting.'),
    tables: ['setting_version'],
    stored: storedOfSettings,
  },
]

const batchSubjects = 100

/** Every row that events tell against those events, both ways: none is missing, none is there without its event. */
export async function checkRows(
  db: Db,
  report: Report,
  options: { onProgress?: (what: string) => void; signal?: AbortSignal } = {},
): Promise<void> {
  for (const group of groups) {
    options.onProgress?.(`rows: ${group.table}`)
    for (const list of [storedIds, lostIds]) {
      for await (const ids of list(db, group)) {
        options.signal?.throwIfAborted()
        await checkGroup(db, group, ids, report)
      }
    }
  }
  for (const whole of wholes) await checkWhole(db, whole, report)
}

/** One snapshot for events and rows: a change that is committed between two reads would look like a fault. */
export async function checkGroup(db: Db, group: Group, ids: readonly string[], report: Report): Promise<void> {
  const trusted = ids.filter((id) => !report.isDistrusted(`${group.type}:${id}`))
  if (trusted.length === 0) return
  const subjects = trusted.map((id) => `${group.type}:${id}`)
  const faults = await inSnapshot(db, async (snapshot) => {
    const told = await toldOf(snapshot, subjects, group.kinds)
    const stored = await group.stored(snapshot, trusted)
    return compareRows(onlyTables(told, group.tables), stored, isProgress)
  })
  for (const fault of withoutConsequences(faults)) reportFault(fault, report)
}

async function checkWhole(db: Db, whole: Whole, report: Report): Promise<void> {
  const { type, kinds, tables } = whole
  const faults = await inSnapshot(db, async (snapshot) => {
    const ids = await whole.ids(snapshot)
    const lost = await snapshot
      .selectFrom('subject_secret')
      .select('subject')
      .where('subject', 'like', `${type}:%`)
      .execute()
    const subjects = new Set([...ids.map((id) => `${type}:${id}`), ...lost.map(({ subject }) => subject)])
    const told = await toldOf(snapshot, [...subjects], kinds)
    return compareRows(onlyTables(told, tables), await whole.stored(snapshot))
  })
  for (const fault of faults) {
    if (!report.isDistrusted(`${type}:${fault.key.split('/')[0]}`)) reportFault(fault, report)
  }
}

function reportFault({ fault, table, key, problem }: RowFault, report: Report): void {
  report.error(`rows.${fault}`, `${table} ${key}`, problem)
}

function isProgress(table: ReplayedTable, facts: Facts): boolean {
  // A rendition under way, or one that was given up before it published anything, has no event.
  return table === 'rendition' && (facts.state === 'running' || facts.state === 'abandoned')
}

/** A rendition that is gone takes its files out of sight, a viewing its grants: those are not named besides. */
function withoutConsequences(faults: readonly RowFault[]): RowFault[] {
  const gone = faults.filter(({ fault }) => fault === 'row_missing')
  const hidden: Partial<Record<string, string>> = {
    rendition_file: 'rendition',
    viewing_grant: 'viewing',
    package_download: 'package',
    hand_in_file: 'hand_in',
    clearing: 'hand_in',
    clearing_giving_up: 'hand_in',
    hand_in_statement: 'hand_in',
    hand_in_correction: 'hand_in',
    gap_explanation: 'gap',
  }
  return faults.filter(({ table, key }) => {
    const parent = hidden[table]
    return !parent || !gone.some((one) => one.table === parent && key.startsWith(`${one.key}/`))
  })
}

async function* storedIds(db: Db, group: Group): AsyncGenerator<string[]> {
  const id = sql.ref(group.idColumn)
  let last: string | null = null
  for (;;) {
    const after: RawBuilder<unknown> = last === null ? sql`true` : sql`${id} > ${last}`
    const query = sql<{ id: string }>`
      select ${id}::text as id from ${sql.table(group.table)} where ${after} order by ${id} limit ${batchSubjects}`
    const { rows } = await query.execute(db)
    if (rows.length > 0) yield rows.map((row) => row.id)
    if (rows.length < batchSubjects) return
    last = rows.at(-1)!.id
  }
}

/** Subjects that the ledger knows, but whose row is gone. */
async function* lostIds(db: Db, group: Group): AsyncGenerator<string[]> {
  let last = ''
  for (;;) {
    const { rows } = await sql<{ subject: string }>`
      select subject from subject_secret
      where subject like ${`${group.type}:%`} and subject > ${last} and not exists (
        select from ${sql.table(group.table)} stored
        where stored.${sql.ref(group.idColumn)}::text = substr(subject, ${group.type.length + 2}))
      order by subject limit ${batchSubjects}`.execute(db)
    if (rows.length > 0) yield rows.map(({ subject }) => subject.slice(group.type.length + 1))
    if (rows.length < batchSubjects) return
    last = rows.at(-1)!.subject
  }
}
