import { raiseTimestampAlarm } from '../services/custody/anchoring/timestamp-alarm.ts'
import { orderDaily } from '../services/custody/anchoring/timestamp-order.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { isFault } from '../services/foundation/errors.ts'
import { askAuthority } from '../services/ledger/authority/ask.ts'
import type { TimestampAuthority } from '../services/ledger/authority/authorities.ts'
import {
  type DueAttempt,
  dueAttempts,
  enterToken,
  openAttempts,
  recordAuthorityFailure,
} from '../services/ledger/authority/queue.ts'
import type { RunDeps } from './run.ts'

export interface TimestampDeps extends RunDeps {
  readonly notices: Notices
  readonly authorities: readonly TimestampAuthority[]
  /** From one regular time-stamp to the next. */
  readonly everyMs: number
  readonly pace?: Partial<TimestampPace>
}

export interface TimestampPace {
  /** An order whose notice was lost, or whose time has come, is seen after this time. */
  readonly unnoticedMs: number
  /** For one authority's whole answer. */
  readonly answerMsMax: number
  readonly firstRetryMs: number
  readonly retryMsMax: number
  /** So long without any success before an alarm, and from one alarm to the next. */
  readonly alarmMs: number
}

const minuteMs = 60_000
const usualPace: TimestampPace = {
  unnoticedMs: 5000,
  answerMsMax: 30_000,
  firstRetryMs: minuteMs,
  retryMsMax: 60 * minuteMs,
  alarmMs: 24 * 60 * minuteMs,
}

/**
 * Orders the regular time-stamp and brings what is ordered from each authority, until `signal` ends it. Only an answer that
 * verifies is stored; anything else is noted, and asked for again later. The caller holds the lease `timestamp`; a second
 * one running would ask twice and store once.
 */
export async function runTimestamp(deps: TimestampDeps, signal: AbortSignal): Promise<void> {
  const pace = { ...usualPace, ...deps.pace }
  const orders = deps.notices.subscribe('timestamp_order', signal)
  while (!signal.aborted) {
    await timestampRound({ ...deps, pace }, signal).catch((error: unknown) => {
      if (!signal.aborted) deps.log.warn({ err: error }, 'timestamp: put off to the next round')
    })
    await orders.wait(pace.unnoticedMs, signal)
  }
}

/** Everything that is due now. Without authorities there is nothing to do: orders wait for the setting. */
async function timestampRound(deps: TimestampDeps & { pace: TimestampPace }, signal: AbortSignal): Promise<void> {
  const { db, clock, authorities, everyMs, pace } = deps
  if (authorities.length === 0) return
  const names = authorities.map(({ name }) => name)
  await orderDaily(db, clock, everyMs)
  await openAttempts(db, names, clock.now())
  const due = await dueAttempts(db, names, clock.now())
  // One authority that is slow must not keep the others waiting.
  await Promise.all(
    authorities.map(async (authority) => {
      for (const attempt of due.filter((one) => one.authority === authority.name)) {
        if (signal.aborted) return
        if (!(await tryOnce(deps, authority, attempt, signal))) return
      }
    }),
  )
  if (signal.aborted) return
  const isNew = await raiseTimestampAlarm(db, clock, { authorities: names, afterMs: pace.alarmMs })
  if (isNew) deps.log.error({ authorities: names }, 'timestamp: an alarm was raised: none came for too long')
}

/** False when the authority gave nothing: what else is due of it waits for the next round. */
async function tryOnce(
  deps: TimestampDeps & { pace: TimestampPace },
  authority: TimestampAuthority,
  attempt: DueAttempt,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock, log, pace } = deps
  const { size } = attempt
  try {
    const token = attempt.isStamped
      ? null
      : await askAuthority(authority, Buffer.from(attempt.note), { timeoutMs: pace.answerMsMax, signal })
    await enterToken(db, attempt, token, clock.now())
    log.info({ authority: authority.name, size, stampedAt: token?.stampedAt }, 'timestamp: stored')
    return true
  } catch (error) {
    if (signal.aborted) return false
    const waitMs = Math.min(pace.firstRetryMs * 2 ** Math.min(attempt.attempts, 20), pace.retryMsMax)
    log.warn({ err: error, authority: authority.name, size, waitMs }, 'timestamp: not stamped')
    const message = isFault(error) ? error.message : 'asking for the time-stamp failed'
    await recordAuthorityFailure(db, attempt, { message, runAfter: new Date(clock.now().getTime() + waitMs) })
    return false
  }
}
