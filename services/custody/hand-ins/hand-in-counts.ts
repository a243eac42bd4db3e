import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { dayIn } from '../settings/calendar.ts'
import { namedBeginning, namedEnd } from '../settings/named-time.ts'
import { type FileCounts, fileCounts, handInStateOf } from './hand-in-list.ts'

const dayMs = 24 * 60 * 60_000
/** † Each hand-in's files are counted anew: more days than this nobody looks at in one table. */
const daysMax = 31

export interface GapTotals {
  readonly open: number
  readonly explained: number
  readonly accepted: number
  /** Of the open ones: those whose term is over. */
  readonly overdue: number
}

/** What was handed in at one dock: numbers, and nobody's name. */
export interface DockCounts {
  readonly dock: { readonly id: string; readonly name: string }
  readonly handIns: number
  readonly incomplete: number
  readonly files: FileCounts
  readonly gaps: GapTotals
}

/** What of it concerns whoever keeps docks running: how much came, and how much has not come yet. */
export interface DockTraffic {
  readonly dock: DockCounts['dock']
  readonly handIns: number
  readonly incomplete: number
  readonly files: Pick<FileCounts, 'total' | 'bytes' | 'expected' | 'receiving' | 'complete'>
}

/** Without what says of files or people whether something is the matter with them. Pure. */
export function trafficOf({ dock, handIns, incomplete, files }: DockCounts): DockTraffic {
  const { total, bytes, expected, receiving, complete } = files
  return { dock, handIns, incomplete, files: { total, bytes, expected, receiving, complete } }
}

/**
 * The span of whole days that are over, in Asia/Shanghai; of yesterday unless days are named. Of a shorter span, or of a day that
 * goes on while somebody asks again and again, the numbers would be those of one officer's hand-in.
 *
 * @throws bad_request for a time, and for a day that is not over
 */
export function finishedDays(named: { from?: string; to?: string }, now: Date): { from: Date; to: Date } {
  const last = named.to ?? dayIn(new Date(now.getTime() - dayMs))
  const days = { from: named.from ?? last, to: last }
  const [from, to] = [dayNamed('from', days.from), dayNamed('to', days.to)]
  if (days.to >= dayIn(now)) throw misfit('to', 'days are counted for you when they are over')
  return { from: namedBeginning(from)!, to: namedEnd(to)! }
}

function dayNamed(field: string, text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && namedBeginning(text)) return text
  throw misfit(field, 'a whole day (2026-12-01, in Asia/Shanghai) is counted for you')
}

function misfit(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}

/**
 * The hand-ins that were opened within a span, counted by dock, in the order of the docks' names; and the gaps of shifts after
 * which nothing was handed in, which are of no dock.
 *
 * @throws bad_request for a span of more than 31 days†
 */
export async function countHandIns(
  db: Db,
  { from, to }: { from: Date; to: Date },
  at: Date,
): Promise<{ docks: DockCounts[]; missingHandIns: GapTotals }> {
  if (to.getTime() - from.getTime() > daysMax * dayMs) {
    throw new Fault('bad_request', `from, to: at most ${daysMax} days are counted at once`)
  }
  const rows = await db
    .selectFrom('hand_in')
    .innerJoin('dock', 'dock.id', 'hand_in.dock_id')
    .where('hand_in.opened_at', '>=', from)
    .where('hand_in.opened_at', '<=', to)
    .select(['dock.id', 'dock.name', fileCounts.as('files')])
    .orderBy('dock.name')
    .orderBy('dock.id')
    .execute()
  const gaps = await gapTotals(db, { from, to }, at)
  const docks = [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => ({
    dock: { id, name: own[0]!.name },
    handIns: own.length,
    incomplete: own.filter(({ files }) => handInStateOf(files) === 'incomplete').length,
    files: sumOf(own.map(({ files }) => files)),
    gaps: gaps.find(({ dockId }) => dockId === id)?.totals ?? none,
  }))
  return { docks, missingHandIns: gaps.find(({ dockId }) => dockId === null)?.totals ?? none }
}

const none: GapTotals = { open: 0, explained: 0, accepted: 0, overdue: 0 }

/** Gaps by the dock of their hand-in, of those that have none by null: a missing one counts by when it was found. */
async function gapTotals(db: Db, { from, to }: { from: Date; to: Date }, at: Date) {
  const count = (condition: ReturnType<typeof sql<boolean>>) => sql<number>`count(*) filter (where ${condition})::int`
  const rows = await db
    .selectFrom('gap')
    .leftJoin('hand_in', 'hand_in.id', 'gap.hand_in_id')
    .where(sql<Date>`coalesce(hand_in.opened_at, gap.found_at)`, '>=', from)
    .where(sql<Date>`coalesce(hand_in.opened_at, gap.found_at)`, '<=', to)
    .groupBy('hand_in.dock_id')
    .select('hand_in.dock_id as dockId')
    .select([
      count(sql`gap.state in ('open', 'returned')`).as('open'),
      count(sql`gap.state = 'explained'`).as('explained'),
      count(sql`gap.state = 'accepted'`).as('accepted'),
      count(sql`gap.state in ('open', 'returned') and gap.due_at < ${at}`).as('overdue'),
    ])
    .execute()
  return rows.map(({ dockId, ...totals }) => ({ dockId, totals }))
}

function sumOf(all: readonly FileCounts[]): FileCounts {
  const names = Object.keys(all[0]!) as (keyof FileCounts)[]
  const sums = names.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0)])
  return Object.fromEntries(sums) as Record<keyof FileCounts, number>
}
