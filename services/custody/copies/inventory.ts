import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import type { ObjectVersion, Store } from '../../foundation/store/store.ts'
import type { InventorySummary } from '../events/inventory-summary.ts'
import { recordEvent } from '../events/record.ts'
import type { RecordingFlag } from '../events/words.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from './copies.ts'
import { openOriginal } from './read-original.ts'

// The inventory of a recording: what one look at its whole file found. It lies locked beside the original on the primary
// store; its digest and summary are in the ledger.

/** An inventory that was stored and locked. */
export interface StoredInventory {
  readonly hostName: string
  readonly object: ObjectVersion
  readonly bytes: number
  readonly sha256: Buffer
  readonly retainUntil: Date
  /** First line of the version text of the tool that looked. */
  readonly tool: string
  readonly summary: InventorySummary
  /** What the file's own clock adds to the recording's flags. */
  readonly flags: readonly RecordingFlag[]
}

/**
 * The row of the inventory that was taken last of a recording, or of the one with this digest; null when there is none. A
 * recording has more than one when a later tool, or a repeated job, found other things in it.
 */
export async function inventoryRow(db: Db, recordingId: string, sha256?: Buffer) {
  let rows = db.selectFrom('recording_inventory').where('recording_id', '=', recordingId).selectAll()
  if (sha256) rows = rows.where('sha256', '=', sha256)
  const row = await rows.orderBy('taken_at', 'desc').orderBy('event_id', 'desc').limit(1).executeTakeFirst()
  return row ? { ...row, summary: row.summary as InventorySummary } : null
}

/**
 * Records a stored inventory: its event and its row, and the flags it adds to the recording. When the recording has this
 * inventory already nothing changes; returns whether it was new.
 */
export async function enterInventory(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  stored: StoredInventory,
): Promise<boolean> {
  await lockRecording(trx, recording.id)
  if (await inventoryRow(trx, recording.id, stored.sha256)) return false
  const { object, flags } = stored
  const event = await recordEvent(trx, 'recording.inventoried', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      store: 'primary',
      host: stored.hostName,
      key: object.key,
      versionId: object.versionId,
      inventorySha256: stored.sha256.toString('hex'),
      bytes: stored.bytes,
      retainUntil: stored.retainUntil.toISOString(),
      legalHold: true,
      tool: stored.tool,
      summary: stored.summary,
      ...(flags.length > 0 ? { flags: [...flags] } : {}),
    },
  })
  await trx
    .insertInto('recording_inventory')
    .values({
      recording_id: recording.id,
      sha256: stored.sha256,
      bytes: stored.bytes,
      object_key: object.key,
      version_id: object.versionId,
      host_name: stored.hostName,
      retain_until: stored.retainUntil,
      tool: stored.tool,
      summary: JSON.stringify(stored.summary),
      event_id: event.id,
      taken_at: event.at,
    })
    .execute()
  if (flags.length > 0) await addFlags(trx, recording.id, flags)
  return true
}

/** The recording's row is locked by the caller. */
async function addFlags(trx: Trx, recordingId: string, flags: readonly RecordingFlag[]): Promise<void> {
  const known = await trx
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select('flags')
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('recording')
    .set({ flags: [...new Set([...known.flags, ...flags])] })
    .where('id', '=', recordingId)
    .execute()
}

/**
 * Reads the whole inventory that was taken last of a recording, JSON in canonical form (RFC 8785), at most 4 MiB.
 *
 * @throws not_found when none was taken yet; bytes_differ when the store does not give what the ledger recorded; store_down
 */
export async function readInventory(db: Db, store: Pick<Store, 'get'>, recordingId: string): Promise<Buffer> {
  const row = await inventoryRow(db, recordingId)
  if (!row) throw new Fault('not_found', `no inventory of recording ${recordingId} was taken yet`)
  const copy = { key: row.object_key, versionId: row.version_id }
  const differs = (cause?: unknown) =>
    new Fault('bytes_differ', `the inventory of recording ${recordingId} is not the one that the ledger recorded`, {
      cause,
    })
  try {
    const source = await openOriginal({ of: { recordingId }, store, copy, bytes: row.bytes, length: 'required' })
    const chunks: Buffer[] = []
    for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (!sha256(bytes).equals(row.sha256)) throw differs()
    return bytes
  } catch (error) {
    // The row names a version that is gone.
    if (isFault(error, 'not_found')) throw differs(error)
    throw error
  }
}
