import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'

// One holder at a time writes an upload's row: a PATCH while its bytes come, later the one who seals it. A lease is a mark
// in that row, so it holds across processes and costs no connection. Its times are the database's: the clocks of two
// servers need not agree.

/** How long a lease lives that nobody renews: its holder died. */
export const leaseMs = 10_000

const leaseEnd = sql<Date>`now() + ${sql.lit(leaseMs)} * interval '1 millisecond'`

/** Takes the lease of an upload for `holder` (a fresh id per use). False while another's is alive. */
export async function takeUploadLease(db: Db, uploadId: string, holder: string): Promise<boolean> {
  const result = await db
    .updateTable('upload')
    .set({ lease_holder: holder, lease_until: leaseEnd, release_requested: false })
    .where('id', '=', uploadId)
    .where((where) => where.or([where('lease_holder', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Renews the leases of these holders; returns those that still hold theirs. */
export async function renewUploadLeases(db: Db, holders: readonly string[]): Promise<ReadonlySet<string>> {
  if (holders.length === 0) return new Set()
  const rows = await db
    .updateTable('upload')
    .set({ lease_until: leaseEnd })
    .where('lease_holder', 'in', [...holders])
    .returning('lease_holder')
    .execute()
  return new Set(rows.map((row) => row.lease_holder!))
}

/** Gives the lease back. Giving back what was lost does nothing. */
export async function releaseUploadLease(db: Db, uploadId: string, holder: string): Promise<void> {
  await db
    .updateTable('upload')
    .set({ lease_holder: null, lease_until: null, release_requested: false })
    .where('id', '=', uploadId)
    .where('lease_holder', '=', holder)
    .execute()
}

/** Why a holder must stop: another request asks for the upload, its dock was revoked, or the lease is another's now. */
export type StopReason = 'released' | 'revoked' | 'lost'

/** Which of these holders must stop, and why. One query for all of a process. */
export async function holdersToStop(db: Db, holders: readonly string[]): Promise<ReadonlyMap<string, StopReason>> {
  const rows = await db
    .selectFrom('upload')
    .leftJoin('dock', 'dock.id', 'upload.dock_id')
    .where('lease_holder', 'in', [...holders])
    .select(['lease_holder', 'release_requested', 'dock.revoked_at as revoked_at'])
    .execute()
  const stop = new Map<string, StopReason>(holders.map((holder) => [holder, 'lost']))
  for (const row of rows) {
    if (row.revoked_at !== null) stop.set(row.lease_holder!, 'revoked')
    else if (row.release_requested) stop.set(row.lease_holder!, 'released')
    else stop.delete(row.lease_holder!)
  }
  return stop
}

/**
 * Makes sure that nobody writes this upload any more: asks the holder to end, waits for it, and after `patienceMs` takes
 * the lease away (the holder is dead or stuck; whatever it still sends cannot reach the row). Returns at once when nobody
 * holds it.
 */
export async function endUploadLease(db: Db, uploadId: string, patienceMs: number): Promise<void> {
  const holder = await requestRelease(db, uploadId)
  if (!holder) return
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    await delay(25)
    const row = await db.selectFrom('upload').select('lease_holder').where('id', '=', uploadId).executeTakeFirst()
    if (row?.lease_holder !== holder) return
  }
  await releaseUploadLease(db, uploadId, holder)
}

async function requestRelease(db: Db, uploadId: string): Promise<string | null> {
  const row = await db
    .updateTable('upload')
    .set({ release_requested: true })
    .where('id', '=', uploadId)
    .where('state', '=', 'receiving')
    .where('lease_holder', 'is not', null)
    .returning('lease_holder')
    .executeTakeFirst()
  return row?.lease_holder ?? null
}
