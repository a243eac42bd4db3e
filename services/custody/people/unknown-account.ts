import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { recordRefusal } from '../roles/refusal.ts'

const minuteMs = 60_000
const batchMax = 100
// The name that was typed is not kept: people type their password into that field.
const nobody = { id: 'unknown', role: 'nobody' }

/**
 * Refuses a sign-in of an account that does not exist. The first refusal of an address in a minute is an event at once; the
 * others are counted and become one event when the minute is over, so that nobody outside can fill the ledger.
 */
export async function refuseUnknownAccount(
  trx: Trx,
  clock: Clock,
  address: string,
): Promise<{ refused: 'unknown_account' }> {
  const minute = new Date(Math.floor(clock.now().getTime() / minuteMs) * minuteMs)
  const { refusals } = await trx
    .insertInto('unknown_sign_in')
    .values({ address, minute, refusals: 1 })
    .onConflict((conflict) =>
      conflict.columns(['address', 'minute']).doUpdateSet({ refusals: sql`unknown_sign_in.refusals + 1` }),
    )
    .returning('refusals')
    .executeTakeFirstOrThrow()
  if (refusals === 1) {
    const details = { reason: 'unknown_account', address } as const
    await recordRefusal(trx, clock, 'session.refused', { actor: nobody, details })
  }
  return { refused: 'unknown_account' }
}

/** Writes one event for each address and minute that is over and had more than one refusal. Returns how many events. */
export async function recordUnknownRefusals(db: Db, clock: Clock): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // A sign-in that began in the minute may still count into it for a while.
    const before = new Date(clock.now().getTime() - 2 * minuteMs)
    const over = await trx
      .deleteFrom('unknown_sign_in')
      .where(
        ({ refTuple, selectFrom }) =>
          sql<boolean>`${refTuple('address', 'minute')} in ${selectFrom('unknown_sign_in')
            .where('minute', '<=', before)
            .select(['address', 'minute'])
            .orderBy('minute')
            .limit(batchMax)}`,
      )
      .returningAll()
      .execute()
    const repeated = over.filter(({ refusals }) => refusals > 1)
    for (const { address, minute, refusals } of repeated) {
      const details = { reason: 'unknown_account', address, count: refusals - 1, since: minute.toISOString() } as const
      await recordRefusal(trx, clock, 'session.refused', { actor: nobody, details })
    }
    return repeated.length
  })
}
