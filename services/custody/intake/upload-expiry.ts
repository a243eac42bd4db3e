import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { Store } from '../../foundation/store/store.ts'
import { recordEvent } from '../events/record.ts'
import { uploadSubjects } from './upload.ts'
import { forgetTail, removeTails } from './upload-tail.ts'

interface ExpiryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'abortMultipart' | 'list' | 'remove'>
}

const batchMax = 100

/**
 * Ends uploads that had no new byte for their idle time (30 days), each with its event, then drops their parts and tails
 * from the store. An upload whose bytes all arrived never expires. What a crash left half-done is taken up by the next
 * call. Returns how many expired.
 */
export async function expireUploads(deps: ExpiryDeps): Promise<number> {
  const { db, clock } = deps
  const idle = await db
    .selectFrom('upload')
    .select('id')
    .where('state', '=', 'receiving')
    .where('expires_at', '<=', clock.now())
    .orderBy('expires_at')
    .limit(batchMax)
    .execute()
  let expired = 0
  for (const { id } of idle) if (await expireUpload(db, clock, id)) expired++
  await dropLeftovers(deps)
  return expired
}

async function expireUpload(db: Db, clock: Clock, id: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const now = clock.now()
    // A PATCH may have moved the end, or hold the upload right now: look again under the lock.
    const upload = await trx
      .selectFrom('upload')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'receiving')
      .where('expires_at', '<=', now)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
      .forUpdate()
      .executeTakeFirst()
    if (!upload) return false
    await trx
      .updateTable('upload')
      .set({ state: 'expired', lease_holder: null, lease_until: null, release_requested: false })
      .where('id', '=', id)
      .execute()
    await recordEvent(trx, 'upload.expired', {
      clock,
      by: { id: 'expire', role: 'service' },
      subjects: uploadSubjects(upload),
      details: {
        bytes: upload.bytes,
        receivedBytes: upload.received_bytes,
        lastByteAt: upload.last_byte_at?.toISOString() ?? null,
        expiresAt: upload.expires_at.toISOString(),
      },
    })
    return true
  })
}

/** Parts and tails of uploads that ended without a recording; their row says so before the store is asked. */
async function dropLeftovers({ db, primary }: ExpiryDeps): Promise<void> {
  const ended = await db
    .selectFrom('upload')
    .select(['id', 'object_key', 'multipart_id'])
    .where('state', 'in', ['expired', 'terminated'])
    .where((where) =>
      where.or([
        where('multipart_id', 'is not', null),
        where.exists(where.selectFrom('upload_tail').select('upload_id').whereRef('upload_id', '=', 'upload.id')),
      ]),
    )
    .limit(batchMax)
    .execute()
  for (const upload of ended) {
    if (upload.multipart_id !== null) {
      const target = { bucket: 'originals', key: upload.object_key, multipartId: upload.multipart_id } as const
      await primary.abortMultipart(target)
    }
    await removeTails(primary, upload.id)
    await forgetTail(db, upload.id)
    await db.updateTable('upload').set({ multipart_id: null }).where('id', '=', upload.id).execute()
  }
}
