import { sql } from 'kysely'
import type { Trx } from '../../../services/foundation/db/database.ts'
import type { Answer, Bureau } from './bureau.ts'

/**
 * Starts the acts one after the other while a transaction of the test holds what they need, each once the one before waits;
 * returns their answers, and when they were let go. PostgreSQL gives a row to whoever waited first.
 */
export async function whileHeld(
  { world }: Bureau,
  hold: (trx: Trx) => Promise<unknown>,
  ...acts: readonly (() => Promise<Answer>)[]
): Promise<{ answers: Answer[]; freedAt: number }> {
  const acting: Promise<Answer>[] = []
  let freedAt = 0
  await world.db.transaction().execute(async (trx) => {
    await hold(trx)
    for (const act of acts) {
      acting.push(act())
      await world.until(async () => (await waiting(world)) >= acting.length)
    }
    freedAt = Date.now()
  })
  return { answers: await Promise.all(acting), freedAt }
}

/** How many connections wait for a lock in this database. */
export function waiting(world: Bureau['world']): Promise<number> {
  return world.asSuperuser(async (db) => {
    const { rows } =
      await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        db,
      )
    return rows.length
  })
}
