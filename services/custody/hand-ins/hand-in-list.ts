import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import type { HandInHead } from '../../ledger/format/hand-in-list.ts'
import { hasReceipt, listedRecording, listedState } from '../devices/listed-file.ts'
import { userGradeNames, userGradesInEnglish } from '../events/words.ts'
import { isNoSelfTest } from '../intake/self-test.ts'
import { concernedNow } from './concerned.ts'

/** `complete`: every file of the list is sealed, in quarantine or was here before. */
export const handInStates = ['complete', 'incomplete'] as const
export type HandInState = (typeof handInStates)[number]

export interface HandInFilter {
  readonly id?: string
  /** Only this person's own. */
  readonly personId?: string
  readonly dockId?: string
  readonly deviceSerial?: string
  /** Stations' tests of themselves are not among the incomplete ones. */
  readonly state?: HandInState
  /** Opened at or after … and before. */
  readonly from?: Date
  readonly to?: Date
  readonly cursor?: string
  readonly limit: number
}

export type HandInSummary = ReturnType<typeof summaryOf>

/** Hand-ins, the last opened first. `next` is the cursor of the following page, null on the last. */
export async function listHandIns(
  db: Db,
  filter: HandInFilter,
): Promise<{ handIns: HandInSummary[]; next: string | null }> {
  let query = summaries(db)
    .orderBy('hand_in.opened_at', 'desc')
    .orderBy('hand_in.id', 'desc')
    .limit(filter.limit + 1)
  if (filter.id) query = query.where('hand_in.id', '=', filter.id)
  if (filter.personId) query = query.where(concernedNow, '=', filter.personId)
  if (filter.dockId) query = query.where('hand_in.dock_id', '=', filter.dockId)
  if (filter.deviceSerial) query = query.where('hand_in.device_serial', '=', filter.deviceSerial)
  if (filter.from) query = query.where('hand_in.opened_at', '>=', filter.from)
  if (filter.to) query = query.where('hand_in.opened_at', '<=', filter.to)
  if (filter.state) query = query.where(isComplete, '=', filter.state === 'complete')
  // A station's test of itself that was broken off is nobody's to complete.
  if (filter.state === 'incomplete') query = query.where(isNoSelfTest)
  if (filter.cursor) {
    const { openedAt, id } = readCursor(filter.cursor)
    query = query.where((where) =>
      where(where.refTuple('hand_in.opened_at', 'hand_in.id'), '<', where.tuple(openedAt, id)),
    )
  }
  const rows = await query.execute()
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return {
    handIns: page.map(summaryOf),
    next: rows.length > filter.limit && last ? writeCursor(last.opened_at, last.id) : null,
  }
}

const isComplete = sql<boolean>`(not exists (
  select from hand_in_file file left join upload on upload.id = file.upload_id
  where file.hand_in_id = hand_in.id
    and ${listedState} not in ('sealed', 'quarantined', 'duplicate')))`

/** The list's files, counted by how they stand; a receipt counts where it is issued and the recording still as it was then. */
export const fileCounts = sql<FileCounts>`(
  select json_build_object(
    'total', count(*), 'bytes', coalesce(sum(line.bytes), 0), 'marked', count(*) filter (where line.mark),
    'expected', count(*) filter (where line.state = 'expected'),
    'receiving', count(*) filter (where line.state = 'receiving'),
    'complete', count(*) filter (where line.state = 'complete'),
    'sealed', count(*) filter (where line.state = 'sealed'),
    'quarantined', count(*) filter (where line.state = 'quarantined'),
    'duplicate', count(*) filter (where line.state = 'duplicate'),
    'receipts', count(*) filter (where ${hasReceipt}))
  from (select file.bytes, file.mark, ${listedState} as state, ${listedRecording} as recording_id
      from hand_in_file file left join upload on upload.id = file.upload_id where file.hand_in_id = hand_in.id) line
    left join recording on recording.id = line.recording_id
    left join receipt on receipt.recording_id = recording.id)`

/** The gaps of a hand-in by state. */
const gapCounts = sql<GapCounts>`(
  select json_build_object(
    'open', count(*) filter (where state in ('open', 'returned')),
    'explained', count(*) filter (where state = 'explained'), 'accepted', count(*) filter (where state = 'accepted'))
  from gap where gap.hand_in_id = hand_in.id)`

export interface FileCounts {
  readonly total: number
  readonly bytes: number
  readonly marked: number
  readonly expected: number
  readonly receiving: number
  readonly complete: number
  readonly sealed: number
  readonly quarantined: number
  readonly duplicate: number
  readonly receipts: number
}

/** By how many files of the list have ended. */
export function handInStateOf({ total, sealed, quarantined, duplicate }: FileCounts): HandInState {
  return sealed + quarantined + duplicate === total ? 'complete' : 'incomplete'
}

interface GapCounts {
  readonly open: number
  readonly explained: number
  readonly accepted: number
}

function summaries(db: Db) {
  return db
    .selectFrom('hand_in')
    .innerJoin('dock', 'dock.id', 'hand_in.dock_id')
    .leftJoin('person', (join) => join.on('person.id', '=', concernedNow))
    .select(['hand_in.id', 'hand_in.dock_id', 'dock.name as dock_name', 'hand_in.device_serial', 'hand_in.opened_at'])
    .select(isNoSelfTest.as('is_footage'))
    .select(['hand_in.head', 'hand_in.concerned_id', 'hand_in.concerned_grade', 'person.name as person_name'])
    .select([concernedNow.as('concerned_now'), fileCounts.as('counts'), gapCounts.as('gap_counts')])
    .select(({ selectFrom }) =>
      selectFrom('hand_in_statement')
        .whereRef('hand_in_statement.hand_in_id', '=', 'hand_in.id')
        .select(({ fn }) => fn.countAll<number>().as('statements'))
        .as('statements'),
    )
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>['execute']>>[number]

function summaryOf(row: SummaryRow) {
  const { openedAt, clockOffsetMs, user } = JSON.parse(row.head.toString('utf8')) as HandInHead
  const { total, bytes, marked, receipts, ...byState } = row.counts
  const isCorrected = row.concerned_now !== row.concerned_id
  const grade = isCorrected ? 'confirmed' : row.concerned_grade
  return {
    id: row.id,
    dock: { id: row.dock_id, name: row.dock_name },
    deviceSerial: row.device_serial,
    isSelfTest: !row.is_footage,
    openedAt: row.opened_at.toISOString(),
    openedAtByDock: openedAt,
    clockOffsetMs,
    user: row.concerned_now === null ? null : { id: row.concerned_now, name: row.person_name ?? '' },
    userGrade: grade,
    userGradeWords: { zh: userGradeNames[grade], en: userGradesInEnglish[grade] },
    isUserCorrected: isCorrected,
    isUserDisputed: user !== null && user.person !== row.concerned_id,
    files: { total, bytes, marked, receipts, ...byState },
    state: handInStateOf(row.counts),
    gaps: row.gap_counts,
    statements: row.statements ?? 0,
  }
}

function writeCursor(openedAt: Date, id: string): string {
  return Buffer.from(`${openedAt.toISOString()} ${id}`).toString('base64url')
}

function readCursor(cursor: string): { openedAt: Date; id: string } {
  const [, at, id] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const openedAt = new Date(at ?? Number.NaN)
  if (!id || !isId(id) || Number.isNaN(openedAt.getTime())) {
    throw new Fault('bad_request', 'cursor: this is not the cursor of a page that was answered')
  }
  return { openedAt, id }
}
