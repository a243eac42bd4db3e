import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import type { ClearingOutcome } from '../../foundation/db/words.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { type AnnouncedFile, type Clearing, deviceAtDock } from './announced.ts'

/**
 * Enters what became of a file that was announced, with its event.
 *
 * @param entered `givingUpId`: by which act of two nobody waits for the dock's word any more
 */
export async function enterOutcome(
  trx: Trx,
  clock: Clock,
  clearing: Clearing,
  entered: { by: Actor; line: AnnouncedFile; outcome: ClearingOutcome; givingUpId?: string },
): Promise<void> {
  const { by, line, outcome, givingUpId } = entered
  const subjects = [
    { type: 'recording', id: line.recording_id },
    { type: 'hand_in', id: clearing.handInId },
    ...deviceAtDock(clearing),
  ]
  const event = { clock, by, subjects }
  const details = {
    clearingId: clearing.id,
    ...(clearing.isShown && { announcement: clearing.eventId }),
    line: line.number,
    basis: line.basis,
    sha256: line.sha256.toString('hex'),
    receiptIndex: line.receipt_index,
  }
  if (outcome === 'cleared') await recordEvent(trx, 'recording.cleared', { ...event, details })
  else {
    const left = { ...details, why: outcome, ...(givingUpId !== undefined && { givingUpId }) }
    await recordEvent(trx, 'recording.not_cleared', { ...event, details: left })
  }
  await trx
    .updateTable('clearing_file')
    .set({ outcome })
    .where('clearing_id', '=', clearing.id)
    .where('number', '=', line.number)
    .execute()
}
