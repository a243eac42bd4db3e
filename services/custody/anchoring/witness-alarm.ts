import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { raiseAlarm } from '../events/record.ts'

/** A witness that changes its mind must not fill the ledger: each event makes a checkpoint, which it is asked about. */
const eventEveryMs = 60 * 60_000

/**
 * Enters that a witness speaks against the log: an alarm for whoever keeps the system, and an event, once until the witness
 * cosigns again and at most once an hour. Answers whether the event is new.
 */
export async function raiseWitnessAlarm(
  db: Db,
  clock: Clock,
  alarm: { witness: string; origin: string; size: number; message: string },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await trx
      .insertInto('witness_contact')
      .values({ name: alarm.witness })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const contact = await trx
      .selectFrom('witness_contact')
      .where('name', '=', alarm.witness)
      .select(['alarm', 'alarmed_at'])
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { message } = alarm
    const now = clock.now()
    const isNew =
      contact.alarm === null &&
      (contact.alarmed_at === null || now.getTime() - contact.alarmed_at.getTime() >= eventEveryMs)
    await trx
      .updateTable('witness_contact')
      .set({ alarm: message, last_error: message, last_try_at: now, ...(isNew ? { alarmed_at: now } : {}) })
      .where('name', '=', alarm.witness)
      .execute()
    if (!isNew) return false
    await raiseAlarm(trx, 'witness_disagrees', {
      clock,
      by: { id: 'witness', role: 'service' },
      subjects: [
        { type: 'ledger', id: alarm.origin },
        { type: 'witness', id: alarm.witness },
      ],
      details: { witness: alarm.witness, size: alarm.size, reason: message },
    })
    return true
  })
}
