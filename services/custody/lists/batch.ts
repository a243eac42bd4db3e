import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { QuarantineOutcome } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { proposeWithin } from '../intake/quarantine.ts'
import type { Signer } from '../signing/seat.ts'
import { type SignedList, signItems } from './sign-list.ts'

/** More are two batches: all events of one are written in one transaction. */
export const batchItemsMax = 500

/** A whole card, or what came from it in one hand-in, that stood on no list which a dock signed. */
export interface BatchProposal {
  readonly deviceSerial: string
  /** Null: all that lies there of this card. */
  readonly handInId: string | null
  readonly outcome: QuarantineOutcome
  readonly reason: string
}

/**
 * The custodian's half for a whole card: proposes one outcome for everything of it that stood on no signed list and waits
 * for no decision yet; an event for each recording, all in one transaction or none.
 *
 * @throws not_found when there is nothing of the kind; bad_request when it is more than `batchItemsMax`; whatever the proposal
 *   of one recording throws
 */
export async function proposeBatch(
  db: Db,
  clock: Clock,
  actor: Signer,
  batch: BatchProposal,
): Promise<{ id: string; recordings: number }> {
  const { deviceSerial, handInId, outcome, reason } = batch
  const id = newId(clock.now())
  return db.transaction().execute(async (trx) => {
    let query = trx
      .selectFrom('recording')
      .where('device_serial', '=', deviceSerial)
      .where('quarantine_reason', '=', 'not_listed')
      .where('quarantine_ended_at', 'is', null)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('quarantine_proposal')
              .whereRef('recording_id', '=', 'recording.id')
              .where('decided_at', 'is', null)
              .select('quarantine_proposal.id'),
          ),
        ),
      )
      .select('recording.id')
      .orderBy('recording.id')
      .limit(batchItemsMax + 1)
    if (handInId) query = query.where('hand_in_id', '=', handInId)
    const rows = await query.execute()
    if (rows.length === 0) {
      throw new Fault('not_found', `nothing of ${deviceSerial} lies in quarantine because it stood on no signed list`)
    }
    if (rows.length > batchItemsMax) {
      throw new Fault('bad_request', `more than ${batchItemsMax} recordings: name one hand-in of the card at a time`)
    }
    for (const row of rows) {
      await proposeWithin(trx, clock, actor, { recordingId: row.id, outcome, reason, batchId: id })
    }
    return { id, recordings: rows.length }
  })
}

/**
 * The supervisor's half: decides everything of a batch that still waits, by one signature over the digest of the whole list.
 *
 * @throws not_found when nothing of it waits; whatever the decision of one recording throws, naming it: nothing is decided then
 */
export async function decideBatch(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { batchId: string; confirmed: boolean },
): Promise<SignedList> {
  const { batchId, confirmed } = decision
  const rows = await db
    .selectFrom('quarantine_proposal')
    .where('batch_id', '=', batchId)
    .where('decided_at', 'is', null)
    .select(['id', 'recording_id'])
    .orderBy('recording_id')
    .execute()
  if (rows.length === 0) throw new Fault('not_found', `nothing of the batch ${batchId} waits for a decision`)
  const items = rows.map((row) => ({ id: row.recording_id, proposalId: row.id }))
  return signItems(db, clock, actor, { act: 'quarantine.resolved', confirmed, items })
}
