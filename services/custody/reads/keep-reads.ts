import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { StoreName } from '../../foundation/store/store.ts'
import type { StoreRead } from './store-report.ts'

/** Keeps reads of one store. What was reported before is passed over. Returns how many were new. */
export async function keepReads(db: Db, store: StoreName, reads: readonly StoreRead[]): Promise<number> {
  if (reads.length === 0) return 0
  const column = <T>(pick: (read: StoreRead) => T) => reads.map(pick)
  const result = await sql`
    insert into store_read (store, request_id, api, started_at, at, credential, bucket, object_key, version_id, bytes)
    select ${store}, reported.* from unnest(
      ${column((r) => r.requestId)}::text[], ${column((r) => r.api)}::text[], ${column((r) => r.startedAt)}::timestamptz[],
      ${column((r) => r.at)}::timestamptz[], ${column((r) => r.credential)}::text[], ${column((r) => r.bucket)}::text[],
      ${column((r) => r.objectKey)}::text[], ${column((r) => r.versionId)}::text[], ${column((r) => r.bytes)}::bigint[]
    ) as reported
    on conflict (store, request_id) do nothing`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}
