import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { TimestampReason } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { newestCheckpoint } from '../../ledger/log/newest-checkpoint.ts'
import { recordEvent } from '../events/record.ts'

export interface TimestampOrder {
  readonly id: string
  readonly size: number
}

/**
 * Orders time-stamps over the newest checkpoint, or over the one of `size`: row and event. Every authority of the setting
 * is then asked by the loop `timestamp`.
 *
 * @param order.actor the person who asked; null for the loop itself
 * @throws conflict when no checkpoint was signed yet; not_found when there is none of that size
 */
export async function orderTimestamp(
  trx: Trx,
  clock: Clock,
  order: {
    reason: TimestampReason
    actor: { id: string; role: string } | null
    size?: number
  },
): Promise<TimestampOrder> {
  const checkpoint = await trx
    .selectFrom('checkpoint')
    .select('size')
    .$if(order.size !== undefined, (query) => query.where('size', '=', order.size!))
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!checkpoint && order.size !== undefined) {
    throw new Fault('not_found', `there is no checkpoint of ${order.size} leaves`)
  }
  if (!checkpoint) throw new Fault('conflict', 'no checkpoint has been signed yet: there is nothing to stamp')
  const { actor, reason } = order
  const { size } = checkpoint
  const id = newId(clock.now())
  const { at } = await recordEvent(trx, 'timestamp.requested', {
    clock,
    by: actor ?? { id: 'timestamp', role: 'service' },
    subjects: [{ type: 'timestamp_order', id }, ...(actor ? [{ type: 'person', id: actor.id }] : [])],
    details: { size, reason },
  })
  await trx
    .insertInto('timestamp_order')
    .values({ id, size, reason, requested_by: actor?.id ?? null, requested_at: at })
    .execute()
  return { id, size }
}

/** Orders the regular time-stamp when the last regular one is older than `everyMs`. Answers whether it did. */
export async function orderDaily(db: Db, clock: Clock, everyMs: number): Promise<boolean> {
  if (await isOrdered(db, clock.now(), everyMs)) return false
  return db.transaction().execute(async (trx) => {
    // Two loops in an overlap of their leases must not both order.
    await sql`select pg_advisory_xact_lock(hashtextextended('timestamp daily', 0))`.execute(trx)
    const now = clock.now()
    if (!(await newestCheckpoint(trx)) || (await isOrdered(trx, now, everyMs))) return false
    await orderTimestamp(trx, clock, { reason: 'daily', actor: null })
    return true
  })
}

async function isOrdered(db: Db, now: Date, everyMs: number): Promise<boolean> {
  const recent = await db
    .selectFrom('timestamp_order')
    .where('reason', '=', 'daily')
    .where('requested_at', '>', new Date(now.getTime() - everyMs))
    .select('id')
    .executeTakeFirst()
  return recent !== undefined
}

/** Orders and how far each authority is with them, the newest first. */
export async function listOrders(db: Db, limit: number) {
  const orders = await db
    .selectFrom('timestamp_order')
    .select(['id', 'size', 'reason', 'requested_by as requestedBy', 'requested_at as requestedAt'])
    .orderBy('requested_at', 'desc')
    .limit(limit)
    .execute()
  if (orders.length === 0) return []
  const attempts = await db
    .selectFrom('timestamp_attempt')
    .where(
      'order_id',
      'in',
      orders.map(({ id }) => id),
    )
    .selectAll()
    .orderBy('authority')
    .execute()
  return orders.map((order) => ({
    ...order,
    authorities: attempts
      .filter(({ order_id }) => order_id === order.id)
      .map(({ authority, attempts: tried, done_at, last_error, run_after }) => ({
        name: authority,
        attempts: tried,
        doneAt: done_at,
        nextAt: done_at ? null : run_after,
        lastError: done_at ? null : last_error,
      })),
  }))
}
