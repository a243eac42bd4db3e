import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { type StoreName, storeNames } from '../../foundation/store/store.ts'
import { raiseAlarm } from '../events/record.ts'

/** What we know that we read from a store in a span of time, and how much of it the store did not report. */
interface KnownReads {
  readonly known: number
  readonly missing: number
  readonly firstMissingAt: Date | null
}

/**
 * Holds our own reads of each store against its reports: one that does not report them reports others' reads neither,
 * which is an alarm when it begins. Looks at what was read since the last look and longer ago than `graceMs`. Returns the
 * stores that are silent.
 */
export async function checkSilence(deps: { db: Db; clock: Clock; graceMs: number }): Promise<StoreName[]> {
  const silent: StoreName[] = []
  for (const store of storeNames) {
    const isSilent = await deps.db.transaction().execute((trx) => checkStore(trx, deps, store))
    if (isSilent) silent.push(store)
  }
  return silent
}

async function checkStore(
  trx: Trx,
  { clock, graceMs }: { clock: Clock; graceMs: number },
  store: StoreName,
): Promise<boolean> {
  const now = clock.now()
  const to = new Date(now.getTime() - graceMs)
  const row = await trx.selectFrom('store_audit').where('store', '=', store).selectAll().forUpdate().executeTakeFirst()
  if (!row) {
    // What was read before the reports began is not held against them.
    await trx.insertInto('store_audit').values({ store, checked_to: now, silent_since: null }).execute()
    return false
  }
  if (to <= row.checked_to) return row.silent_since !== null
  const { known, missing, firstMissingAt } = await knownReads(trx, store, row.checked_to, to)
  const begins = missing > 0 && row.silent_since === null
  const silentSince = missing > 0 ? (row.silent_since ?? firstMissingAt) : known > 0 ? null : row.silent_since
  await trx
    .updateTable('store_audit')
    .set({ checked_to: to, silent_since: silentSince })
    .where('store', '=', store)
    .execute()
  if (begins) {
    await raiseAlarm(trx, 'audit_silent', {
      clock,
      by: { id: 'reconcile', role: 'service' },
      subjects: [{ type: 'store', id: store }],
      details: { store, known, missing, since: firstMissingAt!.toISOString() },
    })
  }
  return silentSince !== null
}

/** Copies that were read again, and on the primary what was served to viewers. */
async function knownReads(trx: Trx, store: StoreName, from: Date, to: Date): Promise<KnownReads> {
  const { rows } = await sql<{ known: number; missing: number; first_missing: Date | null }>`
    with acts as (
      select verified_at as at, object_key, interval '12 hours' as before from copy
      where store = ${store} and verified_at > ${from} and verified_at <= ${to}
      union all
      select served.served_at, file.object_key, interval '2 minutes'
      from viewing_served served
        join viewing on viewing.id = served.viewing_id
        join rendition_file file on file.rendition_id = viewing.rendition_id and file.track = served.track
          and file.kind = served.kind and file.number = served.number
      where ${store} = 'primary' and served.served_at > ${from} and served.served_at <= ${to})
    select count(*)::int as known, (count(*) filter (where not is_told))::int as missing,
      min(at) filter (where not is_told) as first_missing
    from (select acts.at, exists (
        select from store_read told where told.store = ${store} and told.object_key = acts.object_key
          and told.at between acts.at - acts.before and acts.at + interval '2 minutes') as is_told
      from acts) as judged`.execute(trx)
  const { known, missing, first_missing } = rows[0]!
  return { known, missing, firstMissingAt: first_missing }
}
