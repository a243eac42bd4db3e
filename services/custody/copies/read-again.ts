import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { ObjectVersion, StoreName } from '../../foundation/store/store.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'
import { recordEvent } from '../events/record.ts'
import { recordingSubjects, type SealedRecording } from './copies.ts'

/** An upload of a file that was handed in before: its copies are to be read again, promise 4. */
export interface HandedInAgain {
  readonly uploadId: string
  readonly recordingId: string
  readonly completedAt: Date
}

/**
 * The upload, while the copies of its recording still wait to be read again for it: all three were read back once, and not all
 * of them since its last byte. Null where there is nothing to do, or not yet: what becomes secured asks anew (`askAgain`).
 */
export async function waitingToBeRead(db: Db, uploadId: string): Promise<HandedInAgain | null> {
  const row = await db
    .selectFrom('upload')
    .innerJoin('recording', 'recording.id', 'upload.recording_id')
    .where('upload.id', '=', uploadId)
    .where('upload.state', '=', 'duplicate')
    .where('recording.state', '=', 'secured')
    .select(['recording.id as recordingId', 'upload.completed_at as completedAt'])
    .executeTakeFirst()
  if (!row?.completedAt) return null
  const old = await db
    .selectFrom('copy')
    .where('recording_id', '=', row.recordingId)
    .where('verified_at', '<', row.completedAt)
    .select('store')
    .executeTakeFirst()
  return old ? { uploadId, recordingId: row.recordingId, completedAt: row.completedAt } : null
}

/**
 * Enters that all three copies were read again and equal the sealed digest. The copies count as read back when the reading
 * began: what is handed in meanwhile is not covered by it. The caller holds the recording's row (lockRecording).
 */
export async function enterReadAgain(
  trx: Trx,
  clock: Clock,
  recording: SealedRecording,
  reading: {
    uploadId: string
    begunAt: Date
    copies: readonly { store: StoreName; hostName: string; object: ObjectVersion }[]
  },
): Promise<void> {
  const { uploadId, begunAt, copies } = reading
  await recordEvent(trx, 'recording.read_again', {
    clock,
    by: { id: 'checksum', role: 'service' },
    subjects: [...recordingSubjects(recording), { type: 'upload', id: uploadId }],
    details: {
      device: recording.deviceSerial,
      bytes: recording.bytes,
      sha256: recording.sha256.toString('hex'),
      begunAt: begunAt.toISOString(),
      copies: copies.map(({ store, hostName, object: { key, versionId } }) => ({
        store,
        host: hostName,
        key,
        versionId,
      })),
    },
  })
  await trx.updateTable('copy').set({ verified_at: begunAt }).where('recording_id', '=', recording.id).execute()
}

/** That the copies of a recording were read again: the event, and its place in the ledger, null before it has one. */
export interface ReadAgain {
  readonly eventId: string
  readonly index: number | null
  readonly at: Date
  readonly begunAt: Date
}

/** Of each of these recordings all such events, the oldest first. Reads no more of events than the login of ingest may. */
export async function readingsAgain(
  db: Db,
  recordingIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ReadAgain[]>> {
  const found = new Map<string, ReadAgain[]>()
  if (recordingIds.length === 0) return found
  const wanted = recordingIds.map((id) => `recording:${id}`)
  const { rows } = await sql<{ id: string; leaf_index: number | null; body: string }>`
    select event.id, event.leaf_index, read.body from event join receipt_event read on read.id = event.id
    where event.subjects && ${wanted}::text[] and event.kind = 'recording.read_again'
    order by event.leaf_index nulls last`.execute(db)
  for (const { id, leaf_index: index, body } of rows) {
    const parsed = bodyOrNull(body)
    const event = parsed && eventOf(parsed, 'recording.read_again')
    const recordingId = event?.subjects.find(({ type }) => type === 'recording')?.id
    if (!event || recordingId === undefined) continue
    const reading = { eventId: id, index, at: new Date(event.at), begunAt: new Date(event.details.begunAt) }
    found.set(recordingId, [...(found.get(recordingId) ?? []), reading])
  }
  return found
}

/** The first of them that began after a moment. Pure. */
export function firstSince(readings: readonly ReadAgain[] | undefined, since: Date): ReadAgain | null {
  return readings?.find(({ begunAt }) => begunAt >= since) ?? null
}
