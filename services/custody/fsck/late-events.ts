import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { Report } from './finding.ts'

/** An event's own time may differ so much from the time of the checkpoint that first covers it. */
const lateMsMax = 5_000

/**
 * Names events whose own time is not the time at which the log took them: clocks that were set, a sequencer that was away,
 * or a body that was written afterwards. A notice: nothing contradicts itself, but somebody should know why.
 */
export async function checkLateEvents(db: Db, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; late_ms: number }>`
    with covered as (select size, lag(size, 1, 0::bigint) over (order by size) as first, at from checkpoint)
    select event.id, round(extract(epoch from covered.at - event.at) * 1000)::float8 as late_ms
    from covered join event on event.leaf_index >= covered.first and event.leaf_index < covered.size
    where covered.at - event.at not between ${`-${lateMsMax} ms`}::interval and ${`${lateMsMax} ms`}::interval
      -- A column that differs from its body is named as that.
      and position('"at":"' || to_char(event.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"' in event.body) > 0
    order by event.leaf_index limit 1001`.execute(db)
  for (const { id, late_ms } of rows) {
    const place = late_ms > 0 ? 'before' : 'after'
    const problem = `its own time lies ${Math.abs(late_ms) / 1000} s ${place} that of the checkpoint that took it in`
    report.notice('tree.event_late', `event ${id}`, problem)
  }
}
