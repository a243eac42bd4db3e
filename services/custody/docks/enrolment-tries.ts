import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { recordEvent } from '../events/record.ts'

/** So many wrong codes from one address within this time; then every code from there is refused until it is over. */
export const triesMax = 5
const triesCountForMs = 15 * 60_000

/** Lets one enrolment at a time go on until its transaction ends, so that tries made together are counted like others. */
export async function oneAtATime(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('dock enrolment', 0))`.execute(trx)
}

/** How many wrong codes an address may still try. */
export async function triesLeft(trx: Trx, at: Date, address: string): Promise<number> {
  const row = await trx
    .selectFrom('enrolment_try')
    .where('address', '=', address)
    .select(['tries', 'since'])
    .executeTakeFirst()
  if (!row || isOver(row.since, at)) return triesMax
  return Math.max(0, triesMax - row.tries)
}

/** Counts a wrong code and writes its event. Tries that no longer count are forgotten, of every address. */
export async function refuseTry(trx: Trx, clock: Clock, address: string): Promise<'refused'> {
  const at = clock.now()
  await trx
    .deleteFrom('enrolment_try')
    .where('since', '<=', new Date(at.getTime() - triesCountForMs))
    .execute()
  const { tries } = await trx
    .insertInto('enrolment_try')
    .values({ address, since: at, tries: 1 })
    .onConflict((conflict) =>
      conflict.column('address').doUpdateSet(({ eb }) => ({ tries: eb('enrolment_try.tries', '+', 1) })),
    )
    .returning('tries')
    .executeTakeFirstOrThrow()
  await recordEvent(trx, 'station.enrolment_refused', {
    clock,
    by: { id: 'unknown', role: 'nobody' },
    subjects: [{ type: 'dock', id: 'unknown' }],
    details: { address, tries },
  })
  return 'refused'
}

export async function forgetTries(trx: Trx, address: string): Promise<void> {
  await trx.deleteFrom('enrolment_try').where('address', '=', address).execute()
}

function isOver(since: Date, at: Date): boolean {
  return at.getTime() - since.getTime() >= triesCountForMs
}
