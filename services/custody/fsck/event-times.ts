import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { eventTimeToleranceMs } from '../../foundation/db/event-time.ts'
import { timeOrderToleranceMs } from '../../ledger/verify/times.ts'
import type { Report } from './finding.ts'

/** How long the log may take until a checkpoint covers an event. */
const lateMsMax = 5_000
/** When more events than these go against one earlier event, that one is named instead of them. */
const namedMax = 20
/** So many leaves before and after an event of a case are compared with it, and so few after it tell nothing of its own time. */
const neighbours = 64
const followersMin = 3

/** The column is what the body says; another column is named as that. */
const isOfBody = (alias: 'event' | 'other') => sql<boolean>`
  position('"at":"' || to_char(${sql.ref(alias)}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"' in ${sql.ref(alias)}.body) > 0`
const orderTolerance = sql<string>`${`${timeOrderToleranceMs} ms`}::interval`

/** Everything that the times of events show: which were written afterwards, and which the log took in late. */
export async function checkEventTimes(db: Db, report: Report): Promise<void> {
  await checkOrder(db, report)
  await checkCommitTimes(db, report)
  await checkLateEvents(db, report)
}

/**
 * Times rise with the leaves, but for 5 s (`timesAgainstOrder` in ledger/verify): an event that goes against this was written
 * afterwards, or one before it was dated ahead.
 */
async function checkOrder(db: Db, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; before: Date; by_ms: number }>`
    with ordered as (
      select event.id, leaf.index, event.at,
        max(event.at) over (order by leaf.index rows between unbounded preceding and 1 preceding) as before
      from event join leaf on leaf.event_id = event.id where ${isOfBody('event')})
    select id, before, round(extract(epoch from before - at) * 1000)::float8 as by_ms
    from ordered where at < before - ${orderTolerance} order by index limit 1001`.execute(db)
  const followers = Map.groupBy(rows, ({ before }) => before.getTime())
  for (const group of followers.values()) {
    const ahead = await db
      .selectFrom('event')
      .where('at', '=', group[0]!.before)
      .where('leaf_index', 'is not', null)
      .orderBy('leaf_index')
      .select('id')
      .executeTakeFirst()
    const place = `event ${ahead?.id ?? 'without a row'}`
    if (group.length > namedMax) {
      const many = `${group.length}${rows.length > 1000 ? ' or more' : ''} events after it have earlier times, by up to ${secondsOf(Math.max(...group.map(({ by_ms }) => by_ms)))} s`
      report.error('tree.time_against_order', place, many)
      continue
    }
    for (const { id, by_ms } of group) {
      const problem = `its time lies ${secondsOf(by_ms)} s before that of ${place}, which has an earlier leaf`
      report.error('tree.time_against_order', `event ${id}`, problem)
    }
  }
}

/** The database takes no event of another time than its own (migrations/0024), and keeps when it took each. */
async function checkCommitTimes(db: Db, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; off_ms: number }>`
    select event.id, round(extract(epoch from event.committed_at - event.at) * 1000)::float8 as off_ms
    from event join leaf on leaf.event_id = event.id,
      (select coalesce(max(tolerance_ms), ${eventTimeToleranceMs}::bigint) + 1000 as ms from event_time_rule) as rule
    where abs(extract(epoch from event.committed_at - event.at) * 1000) > rule.ms and ${isOfBody('event')}
    order by leaf.index limit 1001`.execute(db)
  for (const { id, off_ms } of rows) {
    const place = off_ms > 0 ? 'after' : 'before'
    const problem = `the database took it in ${secondsOf(Math.abs(off_ms))} s ${place} its own time`
    report.error('tree.time_differs', `event ${id}`, problem)
  }
}

/**
 * Names events that a checkpoint covers only long after their time, as when the sequencer was away. A notice: that the database
 * took them in time is checked elsewhere, but somebody should know why.
 */
async function checkLateEvents(db: Db, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; late_ms: number }>`
    with covered as (select size, lag(size, 1, 0::bigint) over (order by size) as first, at from checkpoint)
    select event.id, round(extract(epoch from covered.at - event.at) * 1000)::float8 as late_ms
    from covered join event on event.leaf_index >= covered.first and event.leaf_index < covered.size
    where covered.at - event.at not between ${`-${lateMsMax} ms`}::interval and ${`${lateMsMax} ms`}::interval
      and ${isOfBody('event')}
    order by event.leaf_index limit 1001`.execute(db)
  for (const { id, late_ms } of rows) {
    const place = late_ms > 0 ? 'before' : 'after'
    const problem = `its own time lies ${secondsOf(Math.abs(late_ms))} s ${place} that of the checkpoint that took it in`
    report.notice('tree.event_late', `event ${id}`, problem)
  }
}

/**
 * The same for the events of one case, each compared with its neighbours in the whole ledger: one of them is later than it, or
 * it is later than all that follow.
 */
export async function checkTimesOf(db: Db, leaves: readonly number[], report: Report): Promise<void> {
  if (leaves.length === 0) return
  const { rows } = await sql<{ id: string; place: string; by_ms: number }>`
    select event.id, case when event.at < near.before - ${orderTolerance} then 'before' else 'after' end as place,
      round(extract(epoch from greatest(near.before - event.at, event.at - near.after)) * 1000)::float8 as by_ms
    from leaf join event on event.id = leaf.event_id cross join lateral (
      select max(other.at) filter (where place.index < leaf.index) as before,
        max(other.at) filter (where place.index > leaf.index) as after,
        count(*) filter (where place.index > leaf.index) as followers
      from leaf as place join event as other on other.id = place.event_id
      where place.index between leaf.index - ${neighbours}::int and leaf.index + ${neighbours}::int and ${isOfBody('other')}) as near
    where leaf.index = any(${leaves}::bigint[]) and ${isOfBody('event')}
      and (event.at < near.before - ${orderTolerance}
        or near.followers >= ${followersMin} and event.at > near.after + ${orderTolerance})
    order by leaf.index`.execute(db)
  for (const { id, place, by_ms } of rows) {
    const which = place === 'before' ? 'before that of a leaf before it' : 'after those of the leaves after it'
    const problem = `its time lies ${secondsOf(by_ms)} s ${which}`
    report.error('tree.time_against_order', `event ${id}`, problem)
  }
}

function secondsOf(ms: number): number {
  return ms / 1000
}
