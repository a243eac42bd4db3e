import { sql } from 'kysely'
import type { Trx } from '../../foundation/db/database.ts'

/** Lets one try at a dock go on at a time, until its transaction ends: a limit counts all that were before. */
export async function oneTryAtDock(trx: Trx, dockId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('identify', hashtext(${dockId})))`.execute(trx)
}
