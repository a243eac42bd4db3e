import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'
import { storeNames } from '../../foundation/store/store.ts'
import { archivedOn } from '../../ledger/archive/archived.ts'
import { lockRecording } from '../copies/copies.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import type { DetailsOf, EventKind } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import type { RecordingFlag } from '../events/words.ts'

/** Why a recording has no receipt yet: receipt-state.ts says it in words. */
export type ReceiptHindrance =
  | 'quarantined'
  | 'damaged'
  | 'not_secured'
  | 'not_in_ledger'
  | 'not_archived'
  | 'not_issued'

/** The events that a receipt rests on: from the dock's list to the three copies. */
const foundations: readonly EventKind[] = [
  'hand_in.opened',
  'upload.created',
  'recording.sealed',
  'recording.quarantined',
  'quarantine.resolved',
  'recording.verified',
  'recording.copied',
  'recording.secured',
]

/**
 * Recordings that a receipt may be due for: secured, not quarantined, without one. Those that wait in quarantine, or were
 * damaged, stay due and are passed over, as are those of `putOff`.
 */
export async function dueReceipts(db: Db, limit: number, putOff: readonly string[] = []): Promise<string[]> {
  const rows = await db
    .selectFrom('receipt_due')
    .innerJoin('recording', 'recording.id', 'receipt_due.recording_id')
    .where('recording.state', '=', 'secured')
    .where('recording.quarantine_reason', 'is', null)
    .where(sql<boolean>`recording.id <> all(${[...putOff]}::uuid[])`)
    .select('recording.id')
    .orderBy('recording.mark', 'desc')
    .orderBy('recording.secured_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** What keeps a recording from its receipt now; null when nothing does. A receipt that was issued is no concern here. */
export async function receiptHindrance(db: Db, recordingId: string): Promise<ReceiptHindrance | null> {
  const recording = await db
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select(['state', 'quarantine_reason', 'hand_in_id'])
    .executeTakeFirst()
  if (!recording || recording.state === 'sealed') return recording?.quarantine_reason ? 'quarantined' : 'not_secured'
  if (recording.quarantine_reason !== null) return 'quarantined'
  if (recording.state === 'damaged') return 'damaged'
  const events = await foundationEvents(db, recordingId, recording.hand_in_id)
  if (events.length === 0 || events.some(({ leaf_index }) => leaf_index === null)) return 'not_in_ledger'
  const last = Math.max(...events.map(({ leaf_index }) => leaf_index!))
  const archived = await archivedOn(db, last)
  return archived.includes('backup-a') && archived.includes('backup-b') ? null : 'not_archived'
}

/**
 * Issues the receipt of a recording, promise 4: three copies were re-read and each equals the sealed digest, and every event
 * up to that is on both backups. Event and row in one transaction; once. Answers whether it was issued now.
 */
export async function issueReceipt(db: Db, clock: Clock, recordingId: string): Promise<boolean> {
  if ((await receiptHindrance(db, recordingId)) !== null) return false
  return db.transaction().execute(async (trx) => {
    await lockRecording(trx, recordingId)
    const facts = await receiptFacts(trx, recordingId)
    if (!facts) return false
    const event = await recordEvent(trx, 'receipt.issued', { clock, by: { id: 'receipt', role: 'service' }, ...facts })
    const row = { recording_id: recordingId, event_id: event.id, issued_at: event.at }
    await trx.insertInto('receipt').values(row).execute()
    await trx.deleteFrom('receipt_due').where('recording_id', '=', recordingId).execute()
    return true
  })
}

/** What the event says; null when a receipt is there, or the recording is not one for a receipt any more. */
async function receiptFacts(trx: Trx, recordingId: string) {
  const recording = await trx
    .selectFrom('recording')
    .leftJoin('receipt', 'receipt.recording_id', 'recording.id')
    .where('recording.id', '=', recordingId)
    .where('recording.state', '=', 'secured')
    .where('recording.quarantine_reason', 'is', null)
    .where('receipt.event_id', 'is', null)
    .selectAll('recording')
    .executeTakeFirst()
  const copies = await trx
    .selectFrom('copy')
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'verified')
    .selectAll()
    .orderBy('store')
    .execute()
  if (!recording?.sm3 || copies.length < storeNames.length) return null
  const upload = await uploadOf(trx, recordingId)
  const events = await foundationEvents(trx, recordingId, recording.hand_in_id)
  const indexOf = (...kinds: EventKind[]) =>
    events.findLast(({ kind }) => kinds.some((one) => one === kind))?.leaf_index ?? null
  const hostNames = [...new Set(copies.map(({ host_name }) => host_name))].sort()
  const details: DetailsOf<'receipt.issued'> = {
    device: recording.device_serial,
    name: nameForEvent(recording.name),
    bytes: recording.bytes,
    sha256: recording.sha256.toString('hex'),
    sm3: recording.sm3.toString('hex'),
    mark: recording.mark,
    deviceTime: recording.device_time?.toISOString() ?? null,
    ...(recording.device_time_text === null ? {} : { deviceTimeText: recording.device_time_text }),
    clockOffsetMs: recording.clock_offset_ms,
    flags: recording.flags as RecordingFlag[],
    sealedAt: recording.sealed_at.toISOString(),
    securedAt: recording.secured_at?.toISOString() ?? null,
    sealedIndex: indexOf('recording.sealed', 'recording.quarantined'),
    securedIndex: indexOf('recording.secured'),
    hosts: hostNames.length,
    hostNames,
    copies: copies.map((copy) => ({
      store: copy.store,
      host: copy.host_name,
      key: copy.object_key,
      versionId: copy.version_id,
      retainUntil: copy.retain_until.toISOString(),
      verifiedAt: copy.verified_at?.toISOString() ?? null,
    })),
    handIn: upload ? await lineOf(trx, upload.id) : null,
  }
  const subjects = [
    { type: 'recording', id: recordingId },
    { type: 'device', id: recording.device_serial },
    ...(upload ? [{ type: 'upload', id: upload.id }] : []),
    ...(recording.dock_id ? [{ type: 'dock', id: recording.dock_id }] : []),
  ]
  return { subjects, details }
}

/** The line of the dock's signed list that the file came by. */
async function lineOf(trx: Trx, uploadId: string): Promise<{ id: string; line: number; listSha256: string } | null> {
  const line = await trx
    .selectFrom('hand_in_file')
    .innerJoin('hand_in', 'hand_in.id', 'hand_in_file.hand_in_id')
    .where('hand_in_file.upload_id', '=', uploadId)
    .select(['hand_in.id', 'hand_in_file.number', 'hand_in.head'])
    .executeTakeFirst()
  return line ? { id: line.id, line: line.number, listSha256: sha256(line.head).toString('hex') } : null
}

/** In the order in which they happened, those without a leaf last. */
async function foundationEvents(
  db: Db,
  recordingId: string,
  handInId: string | null,
): Promise<{ kind: string; leaf_index: number | null }[]> {
  const upload = await uploadOf(db, recordingId)
  const own = [`recording:${recordingId}`, ...(upload ? [`upload:${upload.id}`] : [])]
  const { rows } = await sql<{ kind: string; leaf_index: number | null }>`
    select kind, leaf_index from event where subjects && ${own}::text[] and kind = any(${[...foundations]}::text[])
    union all
    select kind, leaf_index from event where subjects && ${[`hand_in:${handInId}`]}::text[] and kind = ${'hand_in.opened' satisfies EventKind}
    order by leaf_index`.execute(db)
  return rows
}

/** The upload that the recording was sealed from; those that came later are duplicates. */
function uploadOf(db: Db, recordingId: string) {
  return db
    .selectFrom('upload')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['sealed', 'quarantined'])
    .select('id')
    .executeTakeFirst()
}
