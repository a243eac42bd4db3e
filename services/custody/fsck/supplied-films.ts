import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { hashStream } from '../../foundation/hash.ts'
import type { Store } from '../../foundation/store/store.ts'
import { openSuppliedFilm } from '../viewing/supplied-film.ts'
import type { Report } from './finding.ts'

const batchRows = 64

/** Every film that was supplied, whatever was decided on it, against the primary store. */
export async function checkSuppliedFilms(
  db: Db,
  store: Pick<Store, 'get' | 'stat'>,
  options: { readonly isRead: (id: string) => boolean; readonly signal?: AbortSignal },
  report: Report,
): Promise<void> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db
      .selectFrom('rendition_supply')
      .where('id', '>', last)
      .select(['id', 'recording_id', 'object_key', 'version_id', 'bytes', 'sha256'])
      .orderBy('id')
      .limit(batchRows)
      .execute()
    options.signal?.throwIfAborted()
    for (const { id, recording_id, object_key, version_id, ...known } of rows) {
      if (report.isDistrusted(`recording:${recording_id}`)) continue
      const subject = `rendition_supply ${recording_id}/${id}`
      const object = { bucket: 'derived', key: object_key, versionId: version_id } as const
      try {
        const { bytes } = await store.stat(object)
        if (bytes !== known.bytes) {
          report.error('stores.size_differs', subject, `${bytes} bytes instead of ${known.bytes}`)
        }
        if (!options.isRead(id)) continue
        const { sha256 } = await hashStream(await openSuppliedFilm(store, { object }, options.signal), { sm3: false })
        if (!sha256.equals(known.sha256)) {
          report.error('stores.bytes_differ', subject, 'its bytes have another SHA-256')
        }
      } catch (error) {
        if (!isFault(error, 'not_found')) throw error
        report.error('stores.version_missing', subject, `version ${version_id} of ${object_key} is gone`)
      }
    }
    if (rows.length < batchRows) return
    last = rows.at(-1)!.id
  }
}
