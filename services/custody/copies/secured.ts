import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import { storeNames } from '../../foundation/store/store.ts'
import { recordEvent } from '../events/record.ts'
import { askAgain } from './ask-again.ts'

/**
 * Makes a sealed recording `secured` when all three copies were read back and equal the sealed digest. The event says on
 * how many declared hosts they lie, and names it when it is only one. The caller holds the recording's row
 * (lockRecording). Its receipt is due from then on, and what was handed in again meanwhile waits to be read again. Returns whether it became secured now; a damaged recording never does.
 */
export async function settleSecured(trx: Trx, clock: Clock, recordingId: string): Promise<boolean> {
  const copies = await trx
    .selectFrom('copy')
    .select(['store', 'host_name', 'object_key', 'version_id', 'retain_until', 'verified_at'])
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'verified')
    .orderBy('store')
    .execute()
  if (copies.length < storeNames.length) return false
  const recording = await trx
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .where('state', '=', 'sealed')
    .select(['device_serial', 'sha256', 'bytes'])
    .executeTakeFirst()
  if (!recording) return false
  await trx
    .insertInto('receipt_due')
    .values({ recording_id: recordingId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const hostNames = [...new Set(copies.map((copy) => copy.host_name))].sort()
  const { at } = await recordEvent(trx, 'recording.secured', {
    clock,
    by: { id: 'custody', role: 'service' },
    subjects: [
      { type: 'recording', id: recordingId },
      { type: 'device', id: recording.device_serial },
    ],
    details: {
      sha256: recording.sha256.toString('hex'),
      bytes: recording.bytes,
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
    },
  })
  await trx.updateTable('recording').set({ state: 'secured', secured_at: at }).where('id', '=', recordingId).execute()
  await askAgain(trx, recordingId, at)
  return true
}
