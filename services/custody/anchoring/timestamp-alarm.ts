import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { raiseAlarm } from '../events/record.ts'

/** An authority may answer with any text; of a longer one the beginning is kept. */
const errorCharsMax = 1000

/**
 * Enters that no authority gave a time-stamp for `afterMs` although one was ordered so long ago: an event, again after the
 * same time while it lasts. Answers whether it is new.
 */
export async function raiseTimestampAlarm(
  db: Db,
  clock: Clock,
  alarm: { authorities: readonly string[]; afterMs: number },
): Promise<boolean> {
  const since = new Date(clock.now().getTime() - alarm.afterMs)
  if ((await lateAttempts(db, since)).length === 0) return false
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('timestamp alarm', 0))`.execute(trx)
    const late = await lateAttempts(trx, since)
    if (late.length === 0 || late.some(({ alarmed_at }) => alarmed_at !== null && alarmed_at > since)) return false
    const recent = await trx
      .selectFrom('timestamp_token')
      .where('received_at', '>', since)
      .select('size')
      .limit(1)
      .executeTakeFirst()
    if (recent) return false
    const last = late[0]!
    const { at } = await raiseAlarm(trx, 'timestamp_missing', {
      clock,
      by: { id: 'timestamp', role: 'service' },
      subjects: [{ type: 'timestamp_order', id: last.order_id }],
      details: {
        authorities: [...alarm.authorities],
        orderedAt: last.requested_at.toISOString(),
        lastError: last.last_error?.slice(0, errorCharsMax).toWellFormed() ?? null,
      },
    })
    for (const { order_id, authority } of late) {
      await trx
        .updateTable('timestamp_attempt')
        .set({ alarmed_at: at })
        .where('order_id', '=', order_id)
        .where('authority', '=', authority)
        .execute()
    }
    return true
  })
}

/** The newest order first. */
function lateAttempts(db: Db, since: Date) {
  return db
    .selectFrom('timestamp_attempt as attempt')
    .innerJoin('timestamp_order', 'timestamp_order.id', 'attempt.order_id')
    .where('attempt.done_at', 'is', null)
    .where('timestamp_order.requested_at', '<=', since)
    .select([
      'attempt.order_id',
      'attempt.authority',
      'attempt.alarmed_at',
      'attempt.last_error',
      'timestamp_order.requested_at',
    ])
    .orderBy('timestamp_order.requested_at', 'desc')
    .execute()
}
