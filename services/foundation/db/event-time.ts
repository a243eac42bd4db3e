import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { Fault } from '../errors.ts'
import type { Db } from './database.ts'

/** How far an event's time may lie from the clock of the database; a trigger refuses the event otherwise (migrations/0024). */
export const eventTimeToleranceMs = 5_000

/** So far a host's clock may be off: below the tolerance, so that it is noticed before events are refused. */
const clockOffMsMax = 2_000

/** @throws conflict when the database takes events of any other time than within five seconds of its clock, as in some tests */
export async function requireEventTimeRule(db: Db): Promise<void> {
  const rule = await db.selectFrom('event_time_rule').select('tolerance_ms').executeTakeFirst()
  if (rule?.tolerance_ms === eventTimeToleranceMs) return
  const found = rule ? `${rule.tolerance_ms} ms` : 'no rule'
  const message = `event_time_rule: the time of an event may lie ${eventTimeToleranceMs} ms from the clock of the database, found ${found}: find out who changed it, then set it back as the owner`
  throw new Fault('conflict', message)
}

/**
 * @throws not_ready, with the offset, when this host's clock is 2 s or more off that of the database. What the round trip may
 * account for is not counted, so a busy machine is not taken for a wrong clock.
 */
export async function requireNearClock(db: Db, clock: Clock): Promise<void> {
  const askedMs = clock.now().getTime()
  const begun = performance.now()
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  const tripMs = performance.now() - begun
  const { offMs, certainMs } = clockOffset({ askedMs, tripMs, answerMs: rows[0]!.now.getTime() })
  if (certainMs < clockOffMsMax) return
  const seconds = (Math.abs(offMs) / 1000).toFixed(1)
  const way = offMs > 0 ? 'ahead of' : 'behind'
  throw new Fault(
    'not_ready',
    `the clock of this host is ${seconds} s ${way} that of the database, less than ${clockOffMsMax / 1000} s are allowed: set both by the same time server`,
  )
}

/**
 * How far a clock is ahead (below 0: behind) of another that was asked at `askedMs` and answered `answerMs` within `tripMs`, and
 * how far it is off at least, wherever within the trip the answer was given.
 */
export function clockOffset(measured: { askedMs: number; tripMs: number; answerMs: number }): {
  offMs: number
  certainMs: number
} {
  const { askedMs, tripMs, answerMs } = measured
  const offMs = askedMs + tripMs / 2 - answerMs
  return { offMs, certainMs: Math.max(0, Math.abs(offMs) - tripMs / 2) }
}
