import { sql } from 'kysely'
import type { Trx } from '../../foundation/db/database.ts'

/**
 * Lets one act of this dock at a time go on until its transaction ends: the same request sent twice at once is then found by
 * the second of them, and answered like the first.
 */
export async function oneActOfDock(trx: Trx, dockId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`dock ${dockId}`}, 0))`.execute(trx)
}
