import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { VerifiedTimestamp } from '../timestamp/timestamp.ts'

/** One authority's part of an order that is to be tried now. */
export interface DueAttempt {
  readonly orderId: string
  readonly authority: string
  readonly attempts: number
  readonly size: number
  /** What is to be stamped: the log's signed note, verbatim. */
  readonly note: string
  /** Another order over the same checkpoint brought this authority's token already. */
  readonly isStamped: boolean
}

const dueAtOnceMax = 50

/** Opens the attempts of new orders, one for each of these authorities. An authority that is added later has no part in old ones. */
export async function openAttempts(db: Db, authorities: readonly string[], now: Date): Promise<void> {
  await sql`
    insert into timestamp_attempt (order_id, authority, run_after)
    select timestamp_order.id, name, ${now}
    from timestamp_order cross join unnest(${[...authorities]}::text[]) as name
    where not exists (select from timestamp_attempt where order_id = timestamp_order.id)
    on conflict do nothing`.execute(db)
}

/** What is due of these authorities, the newest checkpoint first: after an outage that is what matters most. */
export async function dueAttempts(db: Db, authorities: readonly string[], now: Date): Promise<DueAttempt[]> {
  return db
    .selectFrom('timestamp_attempt as attempt')
    .innerJoin('timestamp_order', 'timestamp_order.id', 'attempt.order_id')
    .innerJoin('checkpoint', 'checkpoint.size', 'timestamp_order.size')
    .leftJoin('timestamp_token as token', (join) =>
      join.onRef('token.size', '=', 'timestamp_order.size').onRef('token.authority', '=', 'attempt.authority'),
    )
    .where('attempt.done_at', 'is', null)
    .where('attempt.run_after', '<=', now)
    .where('attempt.authority', 'in', [...authorities])
    .select((select) => [
      'attempt.order_id as orderId',
      'attempt.authority',
      'attempt.attempts',
      'timestamp_order.size',
      'checkpoint.note',
      select('token.size', 'is not', null).$castTo<boolean>().as('isStamped'),
    ])
    .orderBy('timestamp_order.size', 'desc')
    .limit(dueAtOnceMax)
    .execute()
}

/** Stores a verified token (null: it is stored already) and ends the attempt, in one transaction. */
export async function enterToken(
  db: Db,
  attempt: DueAttempt,
  token: (VerifiedTimestamp & { readonly response: Buffer }) | null,
  now: Date,
): Promise<void> {
  const { size, authority, orderId } = attempt
  await db.transaction().execute(async (trx) => {
    if (token) {
      const { response, stampedAt } = token
      await trx
        .insertInto('timestamp_token')
        .values({ size, authority, response, stamped_at: stampedAt, received_at: now })
        .onConflict((conflict) => conflict.columns(['size', 'authority']).doNothing())
        .execute()
    }
    await trx
      .updateTable('timestamp_attempt')
      .set((set) => ({ done_at: now, last_error: null, attempts: set('attempts', '+', 1) }))
      .where('order_id', '=', orderId)
      .where('authority', '=', authority)
      .where('done_at', 'is', null)
      .execute()
  })
}

export async function recordAuthorityFailure(
  db: Db,
  attempt: DueAttempt,
  failure: { message: string; runAfter: Date },
): Promise<void> {
  await db
    .updateTable('timestamp_attempt')
    .set((set) => ({ last_error: failure.message, run_after: failure.runAfter, attempts: set('attempts', '+', 1) }))
    .where('order_id', '=', attempt.orderId)
    .where('authority', '=', attempt.authority)
    .where('done_at', 'is', null)
    .execute()
}
