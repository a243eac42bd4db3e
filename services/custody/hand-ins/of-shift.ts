import { type RawBuilder, sql } from 'kysely'

/** † A device may be docked so long before its shift is over, though nothing was recorded in it. */
const dockedEarlyMs = 60 * 60_000

/**
 * Of the rows `hand_in` and `line` (of the roster) of a query: whether the list says something of this shift. It does when it was
 * signed from an hour before the shift's end on, or in the shift with a file that was recorded in it, later than the slack in which
 * recordings of the user before count as his: what he docks when the shift has begun, and a few seconds filmed right after that,
 * say nothing of it. The hour and the slack are half of the shift at most.
 */
export function isOfShift(slackMs: number): RawBuilder<boolean> {
  const within = (ms: number) => sql`least(${ms} * interval '1 millisecond', (line.ends_at - line.starts_at) / 2)`
  return sql<boolean>`(hand_in.signed_at >= line.ends_at - ${within(dockedEarlyMs)} or hand_in.signed_at >= line.starts_at
    and hand_in.recorded_until between line.starts_at + ${within(slackMs)} and line.ends_at)`
}
