import { canonicalText, type JsonValue } from '../../ledger/format/canonical.ts'
import type { EventBody } from '../../ledger/format/entry.ts'
import type { SubjectType } from './subjects.ts'

/** Columns of a row as events tell them: times ISO, bytes lower-case hex. Columns that no event tells are absent. */
export type Facts = Readonly<Record<string, JsonValue>>

/** The tables whose rows events tell. */
export type ReplayedTable =
  | 'recording'
  | 'copy'
  | 'recording_inventory'
  | 'quarantine_proposal'
  | 'case_recording'
  | 'rendition'
  | 'rendition_file'
  | 'rendition_supply'
  | 'viewing'
  | 'viewing_grant'
  | 'upload'
  | 'hand_in'
  | 'hand_in_file'
  | 'hand_in_statement'
  | 'hand_in_correction'
  | 'gap'
  | 'gap_explanation'
  | 'roster_line'
  | 'dock_pass'
  | 'dock_identification'
  | 'dock_code_lift'
  | 'dock_report'
  | 'volume_statement'
  | 'case_file'
  | 'party'
  | 'person'
  | 'account_opening'
  | 'account_shutting'
  | 'sealed_spare'
  | 'custodian_term'
  | 'device'
  | 'device_keeper_change'
  | 'device_act'
  | 'dock'
  | 'dock_enrolment'
  | 'package'
  | 'package_download'
  | 'timestamp_order'
  | 'receipt'
  | 'clearing'
  | 'clearing_file'
  | 'clearing_giving_up'
  | 'setting_version'
  | 'third_signature'
  | 'deputyship'
  | 'notice_seen'

/** Rows by table and key; the key is the same whether a row comes from events or from its table. */
export type RowSet = ReadonlyMap<ReplayedTable, ReadonlyMap<string, Facts>>

/** The rows that a sequence of events should have left behind. */
export interface Replay {
  /** Makes the row, or sets these of its columns. */
  set(table: ReplayedTable, key: string, facts: Facts): void
  /** What is told of the row so far; undefined when it was not made. */
  facts(table: ReplayedTable, key: string): Facts | undefined
  /** Keys of the table's rows that began with `prefix` and satisfy `test`, in the order in which they were made. */
  keys(table: ReplayedTable, prefix: string, test: (facts: Facts) => boolean): string[]
  rows(): RowSet
}

/** An event as the rules about rows read it. */
export interface ReplayedEvent<Details> {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly details: Details
  /** Id of its subject of this type; null when it names none. */
  subject(type: SubjectType): string | null
  /** Ids of all its subjects of this type, in their order. */
  subjects(type: SubjectType): string[]
  /** Like `subject`, for keys of rows: '' when it names none, which is the key of no row. */
  keyOf(type: SubjectType): string
}

/** What an event does to rows. */
export type RowRule<Details> = (event: ReplayedEvent<Details>, replay: Replay) => void

export function openReplay(): Replay {
  const tables = new Map<ReplayedTable, Map<string, Facts>>()
  const tableOf = (table: ReplayedTable): Map<string, Facts> => {
    const rows = tables.get(table) ?? new Map<string, Facts>()
    tables.set(table, rows)
    return rows
  }
  return {
    set(table, key, facts) {
      const rows = tableOf(table)
      rows.set(key, { ...rows.get(key), ...facts })
    },
    facts: (table, key) => tableOf(table).get(key),
    keys: (table, prefix, test) =>
      [...tableOf(table)].filter(([key, facts]) => key.startsWith(prefix) && test(facts)).map(([key]) => key),
    rows: () => tables,
  }
}

export function replayedEvent<Details>(body: Omit<EventBody, 'details'>, id: string, details: Details) {
  const subjects = (wanted: SubjectType) => body.subjects.filter(({ type }) => type === wanted).map((one) => one.id)
  return {
    id,
    at: body.at,
    actor: body.actor,
    details,
    subjects,
    subject: (type) => subjects(type)[0] ?? null,
    keyOf: (type) => subjects(type)[0] ?? '',
  } satisfies ReplayedEvent<Details>
}

/** One row that is not as its events tell. */
export interface RowFault {
  readonly fault: 'row_missing' | 'row_without_event' | 'row_differs'
  readonly table: ReplayedTable
  readonly key: string
  readonly problem: string
}

/**
 * Holds stored rows against what events tell of them. Columns that no event tells are not compared; `mayBeUntold` are rows
 * of mere progress, which need no event.
 */
export function compareRows(
  told: RowSet,
  stored: RowSet,
  mayBeUntold: (table: ReplayedTable, facts: Facts) => boolean = () => false,
): RowFault[] {
  const faults: RowFault[] = []
  for (const table of new Set([...told.keys(), ...stored.keys()])) {
    const expected = told.get(table) ?? new Map<string, Facts>()
    const actual = stored.get(table) ?? new Map<string, Facts>()
    for (const [key, facts] of expected) {
      const row = actual.get(key)
      if (!row) faults.push({ fault: 'row_missing', table, key, problem: 'its events are there, its row is gone' })
      else
        faults.push(
          ...differences(facts, row).map((problem): RowFault => ({ fault: 'row_differs', table, key, problem })),
        )
    }
    for (const [key, facts] of actual) {
      if (expected.has(key) || mayBeUntold(table, facts)) continue
      faults.push({ fault: 'row_without_event', table, key, problem: 'there is a row of it, but no event tells it' })
    }
  }
  return faults
}

function differences(expected: Facts, row: Facts): string[] {
  const columns = Object.keys(expected).filter((column) => spelled(expected[column]) !== spelled(row[column]))
  if (columns.length === 0) return []
  const each = columns.map(
    (column) => `${column} is ${spelled(row[column])}, its events say ${spelled(expected[column])}`,
  )
  return [each.join('; ')]
}

function spelled(value: JsonValue | undefined): string {
  return value === undefined ? 'absent' : canonicalText(value)
}
