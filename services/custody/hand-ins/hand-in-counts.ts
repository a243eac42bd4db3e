import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { isNoSelfTest } from '../intake/self-test.ts'
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

/** A hand-in, as far as it is counted. */
export interface CountedHandIn {
  readonly dock: { readonly id: string; readonly name: string }
  readonly openedAt: Date
  /** The station's test of itself, which is nobody's hand-in. */
  readonly isSelfTest: boolean
  readonly files: FileCounts
}

/** What was handed in at one dock: numbers, and nobody's name. */
export interface DockCounts {
  readonly dock: CountedHandIn['dock']
  readonly handIns: number
  readonly incomplete: number
  readonly files: FileCounts
  readonly gaps: GapTotals
  readonly selfTests: SelfTests
}

/** The station's tests of itself, counted apart from what people handed in; `incomplete`: those that were broken off. */
export interface SelfTests {
  readonly total: number
  readonly incomplete: number
}

/** What of it concerns whoever keeps docks running: how much came, and how much has not come yet. */
export interface DockTraffic {
  readonly dock: DockCounts['dock']
  readonly handIns: number
  readonly incomplete: number
  readonly files: Pick<FileCounts, 'total' | 'bytes' | 'expected' | 'receiving' | 'complete'>
  readonly selfTests: SelfTests
  /** Days that are left out of the numbers, and why; null when none is. */
  readonly withheld: { readonly days: number; readonly words: { readonly zh: string; readonly en: string } } | null
}

const withheldWords = {
  zh: '当日该采集站只有一次交存，数字即为该次交存的数字，故不列入',
  en: 'the dock had one hand-in on that day, so the numbers would be those of one hand-in: they are left out',
}

/**
 * Without what says of files or people whether something is the matter with them, and without the days on which a dock had a single
 * hand-in: the numbers of such a day would be that hand-in's, and so would be the difference between two spans that it parts. Pure.
 */
export function trafficOf(handIns: readonly CountedHandIn[]): DockTraffic[] {
  return byDock(handIns).map(({ dock, footage, selfTests }) => {
    const days = [...Map.groupBy(footage, ({ openedAt }) => dayIn(openedAt)).values()]
    const counted = days.filter((ofDay) => ofDay.length > 1).flat()
    const withheld = days.filter((ofDay) => ofDay.length === 1).length
    const { total, bytes, expected, receiving, complete } = sumOf(counted)
    return {
      ...{ dock, handIns: counted.length, incomplete: incompleteOf(counted), selfTests: countSelfTests(selfTests) },
      files: { total, bytes, expected, receiving, complete },
      withheld: withheld === 0 ? null : { days: withheld, words: withheldWords },
    }
  })
}

function byDock(handIns: readonly CountedHandIn[]) {
  return [...Map.groupBy(handIns, ({ dock }) => dock.id).values()].map((own) => ({
    dock: own[0]!.dock,
    footage: own.filter(({ isSelfTest }) => !isSelfTest),
    selfTests: own.filter(({ isSelfTest }) => isSelfTest),
  }))
}

const incompleteOf = (handIns: readonly CountedHandIn[]) =>
  handIns.filter(({ files }) => handInStateOf(files) === 'incomplete').length

function countSelfTests(selfTests: readonly CountedHandIn[]): SelfTests {
  return { total: selfTests.length, incomplete: incompleteOf(selfTests) }
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
  span: { from: Date; to: Date },
  at: Date,
): Promise<{ docks: DockCounts[]; missingHandIns: GapTotals }> {
  const handIns = await handInsWithin(db, span)
  const gaps = await gapTotals(db, span, at)
  const docks = byDock(handIns).map(({ dock, footage, selfTests }) => ({
    ...{ dock, handIns: footage.length, incomplete: incompleteOf(footage), files: sumOf(footage) },
    gaps: gaps.find(({ dockId }) => dockId === dock.id)?.totals ?? none,
    selfTests: countSelfTests(selfTests),
  }))
  return { docks, missingHandIns: gaps.find(({ dockId }) => dockId === null)?.totals ?? none }
}

/**
 * Every hand-in that was opened within a span, in the order of the docks' names.
 *
 * @throws bad_request for a span of more than 31 days†
 */
export async function handInsWithin(db: Db, { from, to }: { from: Date; to: Date }): Promise<CountedHandIn[]> {
  if (to.getTime() - from.getTime() > daysMax * dayMs) {
    throw new Fault('bad_request', `from, to: at most ${daysMax} days are counted at once`)
  }
  const rows = await db
    .selectFrom('hand_in')
    .innerJoin('dock', 'dock.id', 'hand_in.dock_id')
    .where('hand_in.opened_at', '>=', from)
    .where('hand_in.opened_at', '<=', to)
    .select(['dock.id', 'dock.name', 'hand_in.opened_at', isNoSelfTest.as('is_footage'), fileCounts.as('files')])
    .orderBy('dock.name')
    .orderBy('dock.id')
    .execute()
  return rows.map(({ id, name, opened_at, is_footage, files }) => {
    return { dock: { id, name }, openedAt: opened_at, isSelfTest: !is_footage, files }
  })
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

const noFiles: FileCounts = {
  ...{ total: 0, bytes: 0, marked: 0, expected: 0, receiving: 0, complete: 0 },
  ...{ sealed: 0, quarantined: 0, duplicate: 0, receipts: 0 },
}

function sumOf(handIns: readonly CountedHandIn[]): FileCounts {
  const names = Object.keys(noFiles) as (keyof FileCounts)[]
  const sums = names.map((name) => [name, handIns.reduce((sum, { files }) => sum + files[name], 0)])
  return Object.fromEntries(sums) as Record<keyof FileCounts, number>
}
