import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { GapKind, GapState } from '../../foundation/db/words.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { isNotHere } from '../devices/listed-file.ts'
import {
  gapKindNames,
  gapKindsInEnglish,
  gapReasonNames,
  gapReasonsInEnglish,
  gapStateNames,
  gapStatesInEnglish,
  identityGradeNames,
  identityGradesInEnglish,
} from '../events/hand-in-words.ts'
import { concernedNow } from './concerned.ts'

export interface GapFilter {
  readonly id?: string
  readonly handInId?: string
  /** Only what this person is to explain. */
  readonly personId?: string
  /** Only what somebody was said to have explained at a dock, and is still to confirm. */
  readonly saidBy?: string
  readonly kind?: GapKind
  readonly state?: GapState
  /** Only what is not explained although its term is over. */
  readonly overdue?: boolean
  readonly deviceSerial?: string
  readonly limit: number
}

export type ShownGap = Awaited<ReturnType<typeof listGaps>>[number]

/** Gaps that wait first, the earliest due first; then the others, the last found first. */
export async function listGaps(db: Db, filter: GapFilter, at: Date) {
  let query = gaps(db).limit(filter.limit)
  if (filter.id) query = query.where('gap.id', '=', filter.id)
  if (filter.handInId) query = query.where('gap.hand_in_id', '=', filter.handInId)
  if (filter.personId) query = query.where(concernedByGap, '=', filter.personId)
  if (filter.saidBy) {
    const unconfirmed = db
      .selectFrom('gap_explanation')
      .where('person_id', '=', filter.saidBy)
      .where('confirm_by', 'is not', null)
      .where('confirmed_at', 'is', null)
      .select('gap_id')
    query = query.where('gap.id', 'in', unconfirmed)
  }
  if (filter.kind) query = query.where('gap.kind', '=', filter.kind)
  if (filter.state) query = query.where('gap.state', '=', filter.state)
  if (filter.deviceSerial) query = query.where('gap.device_serial', '=', filter.deviceSerial)
  if (filter.overdue !== undefined) query = query.where(isOverdue(at), '=', filter.overdue)
  const rows = await query
    .orderBy(sql`gap.state in ('open', 'returned')`, 'desc')
    .orderBy(sql`case when gap.state in ('open', 'returned') then gap.due_at end`)
    .orderBy('gap.found_at', 'desc')
    .orderBy('gap.id')
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const explanations = await explanationsOf(db, ids)
  const names = await neighboursOf(db, rows)
  return rows.map((row) => shownGap(row, { at, explanations: explanations.get(row.id) ?? [], names }))
}

/** Whose a gap is to explain: of a hand-in, whose that is now. */
const concernedByGap = sql<
  string | null
>`coalesce(case when hand_in.id is not null then ${concernedNow} end, gap.person_id)`

function isOverdue(at: Date) {
  return sql<boolean>`(gap.state in ('open', 'returned') and gap.due_at < ${at})`
}

function gaps(db: Db) {
  return db
    .selectFrom('gap')
    .leftJoin('hand_in', 'hand_in.id', 'gap.hand_in_id')
    .selectAll('gap')
    .select(concernedByGap.as('concerned'))
    .select(({ selectFrom }) => [
      selectFrom('person').whereRef('person.id', '=', concernedByGap).select('person.name').as('concerned_name'),
      selectFrom('person').whereRef('person.id', '=', 'gap.decided_by').select('person.name').as('decider_name'),
    ])
    .select(
      sql<number>`(select count(*)::int from hand_in_file file left join upload on upload.id = file.upload_id
        where file.hand_in_id = gap.hand_in_id and file.number = any(gap.line_numbers)
          and ${isNotHere})`.as('still_missing'),
    )
}

type GapRow = Awaited<ReturnType<ReturnType<typeof gaps>['execute']>>[number]
type ShownExplanation = Awaited<ReturnType<typeof explanationsOf>> extends Map<string, infer One> ? One : never

async function explanationsOf(db: Db, gapIds: readonly string[]) {
  const rows = await db
    .selectFrom('gap_explanation')
    .leftJoin('person', 'person.id', 'gap_explanation.person_id')
    .where('gap_id', 'in', [...gapIds])
    .selectAll('gap_explanation')
    .select('person.name')
    .orderBy('given_at')
    .orderBy('gap_explanation.id')
    .execute()
  const shown = rows.map((row) => ({
    gapId: row.gap_id,
    id: row.id,
    reason: row.reason,
    reasonWords: { zh: gapReasonNames[row.reason], en: gapReasonsInEnglish[row.reason] },
    words: row.words,
    by: row.person_id === null ? null : { id: row.person_id, name: row.name ?? '' },
    grade: row.grade,
    gradeWords: { zh: identityGradeNames[row.grade], en: identityGradesInEnglish[row.grade] },
    identified: row.identified,
    saidAt: row.said_at,
    at: row.given_at.toISOString(),
    confirmBy: row.confirm_by?.toISOString() ?? null,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
    isOwn: row.is_own,
  }))
  return Map.groupBy(shown, ({ gapId }) => gapId)
}

/** Names of the files beside the gaps, by `hand-in/line`. */
async function neighboursOf(db: Db, rows: readonly GapRow[]): Promise<Map<string, string>> {
  const handIns = [...new Set(rows.flatMap(({ hand_in_id }) => hand_in_id ?? []))]
  const lines = [
    ...new Set(rows.flatMap(({ before_number, after_number }) => [before_number ?? [], after_number ?? []].flat())),
  ]
  if (handIns.length === 0 || lines.length === 0) return new Map()
  const files = await db
    .selectFrom('hand_in_file')
    .where('hand_in_id', 'in', handIns)
    .where('number', 'in', lines)
    .select(['hand_in_id', 'number', 'name'])
    .execute()
  return new Map(files.map(({ hand_in_id, number, name }) => [`${hand_in_id}/${number}`, displayName(name)]))
}

function shownGap(row: GapRow, beside: { at: Date; explanations: ShownExplanation; names: Map<string, string> }) {
  const { at, explanations, names } = beside
  const waits = row.state === 'open' || row.state === 'returned'
  const neighbour = (number: number | null) =>
    number === null ? null : { number, name: names.get(`${row.hand_in_id}/${number}`) ?? null }
  return {
    id: row.id,
    kind: row.kind,
    kindWords: { zh: gapKindNames[row.kind], en: gapKindsInEnglish[row.kind] },
    deviceSerial: row.device_serial,
    handInId: row.hand_in_id,
    person: row.concerned === null ? null : { id: row.concerned, name: row.concerned_name ?? '' },
    before: neighbour(row.before_number),
    after: neighbour(row.after_number),
    fromTime: row.from_time,
    toTime: row.to_time,
    lengthMs: row.length_ms,
    missingNumbers: row.missing_numbers,
    lineNumbers: row.line_numbers,
    stillMissing: row.kind === 'not_read' && row.line_numbers.length > 0 ? row.still_missing : null,
    deviceState: row.device_state,
    proposed: row.proposed === null ? null : (JSON.parse(row.proposed) as Proposal),
    foundAt: row.found_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    state: row.state,
    stateWords: { zh: gapStateNames[row.state], en: gapStatesInEnglish[row.state] },
    overdue: waits && row.due_at < at,
    explanations: explanations.map(({ gapId, ...one }) => one),
    decision:
      row.decided_by === null || row.decided_at === null
        ? null
        : {
            by: { id: row.decided_by, name: row.decider_name ?? '' },
            at: row.decided_at.toISOString(),
            reason: row.decision_reason,
          },
  }
}

interface Proposal {
  readonly reason: keyof typeof gapReasonNames
  readonly because: 'battery' | 'storage' | 'clock'
  readonly value: number
}
