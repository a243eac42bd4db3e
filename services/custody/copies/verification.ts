import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import type { Digests } from '../../foundation/hash.ts'
import type { ObjectVersion, StoreName } from '../../foundation/store/store.ts'
import { raiseAlarm, recordEvent } from '../events/record.ts'
import { lockRecording, type ProvenCopy, recordingSubjects, type SealedRecording } from './copies.ts'
import { endPreview } from './preview-end.ts'
import { settleSecured } from './secured.ts'

/** What a re-read of a copy gave; null: the version is not there any more. */
export type Found = { readonly sha256: Buffer; readonly bytes: number } | null

/** True when what was read is what was sealed. Pure. */
export function equalsSealed(recording: Pick<SealedRecording, 'sha256' | 'bytes'>, found: Found): boolean {
  return found !== null && found.bytes === recording.bytes && found.sha256.equals(recording.sha256)
}

/**
 * Enters that the primary copy was read again and equals the sealed digest: the copy is verified, SM3 is set the first
 * time, and `secured` follows when it was the third. Changes nothing when it was entered before; returns whether it was
 * new.
 */
export async function enterVerified(
  trx: Trx,
  clock: Clock,
  recording: SealedRecording,
  digests: Digests,
): Promise<boolean> {
  await lockRecording(trx, recording.id)
  const copy = await trx
    .selectFrom('copy')
    .where('recording_id', '=', recording.id)
    .where('store', '=', 'primary')
    .where('state', '=', 'stored')
    .select(['object_key', 'version_id', 'host_name'])
    .executeTakeFirst()
  if (!copy) return false
  await trx
    .updateTable('recording')
    .set({ sm3: digests.sm3 })
    .where('id', '=', recording.id)
    .where('sm3', 'is', null)
    .execute()
  const { at } = await recordEvent(trx, 'recording.verified', {
    clock,
    by: { id: 'checksum', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      store: 'primary',
      host: copy.host_name,
      key: copy.object_key,
      versionId: copy.version_id,
      bytes: digests.bytes,
      sha256: digests.sha256.toString('hex'),
      sm3: digests.sm3.toString('hex'),
    },
  })
  await trx
    .updateTable('copy')
    .set({ state: 'verified', verified_at: at })
    .where('recording_id', '=', recording.id)
    .where('store', '=', 'primary')
    .execute()
  await settleSecured(trx, clock, recording.id)
  return true
}

/** A copy that is not what was sealed. */
export interface Damage {
  readonly store: StoreName
  readonly hostName: string
  readonly object: ObjectVersion
  readonly found: Found
  /** The job that saw it. */
  readonly actor: string
  /** For a version on a backup that no row names yet: its lock, as it was read back. */
  readonly unentered?: Pick<ProvenCopy, 'retainUntil' | 'storedAt'>
}

/**
 * Enters that a copy differs from what was sealed, or is gone: copy and recording are `damaged`, with an event that names
 * both digests and an alarm. The bytes stay where they are. What was made of the primary copy before it was read as a whole
 * is withdrawn. Entered once; returns whether it was new.
 */
export async function enterDamage(
  trx: Trx,
  clock: Clock,
  recording: SealedRecording,
  damage: Damage,
): Promise<boolean> {
  await lockRecording(trx, recording.id)
  if (damage.store === 'primary') await endPreview(trx, clock, recording, 'withdrawn')
  if (!(await markDamaged(trx, recording, damage))) return false
  await trx
    .updateTable('recording')
    .set({ state: 'damaged' })
    .where('id', '=', recording.id)
    .where('state', '<>', 'damaged')
    .execute()
  const details = {
    store: damage.store,
    host: damage.hostName,
    key: damage.object.key,
    versionId: damage.object.versionId,
    sealed: { sha256: recording.sha256.toString('hex'), bytes: recording.bytes },
    found: damage.found && { sha256: damage.found.sha256.toString('hex'), bytes: damage.found.bytes },
  }
  const event = { clock, by: { id: damage.actor, role: 'service' }, subjects: recordingSubjects(recording), details }
  await recordEvent(trx, 'recording.damaged', event)
  await raiseAlarm(trx, 'copy_damaged', event)
  return true
}

async function markDamaged(trx: Trx, recording: SealedRecording, damage: Damage): Promise<boolean> {
  if (damage.unentered) {
    const inserted = await trx
      .insertInto('copy')
      .values({
        recording_id: recording.id,
        store: damage.store,
        object_key: damage.object.key,
        version_id: damage.object.versionId,
        host_name: damage.hostName,
        state: 'damaged',
        retain_until: damage.unentered.retainUntil,
        legal_hold: true,
        stored_at: damage.unentered.storedAt,
      })
      .onConflict((conflict) => conflict.columns(['recording_id', 'store']).doNothing())
      .returning('store')
      .executeTakeFirst()
    return inserted !== undefined
  }
  const updated = await trx
    .updateTable('copy')
    .set({ state: 'damaged', verified_at: null })
    .where('recording_id', '=', recording.id)
    .where('store', '=', damage.store)
    .where('state', '<>', 'damaged')
    .returning('store')
    .executeTakeFirst()
  return updated !== undefined
}
