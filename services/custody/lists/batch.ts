import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { QuarantineOutcome } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import { textDigest } from '../events/signed-list.ts'
import { proposeWithin } from '../intake/quarantine.ts'
import type { Signer } from '../signing/seat.ts'
import { type PutUp, putUpOf } from './light-acts.ts'
import { listTextOf, type SignedList, signItems } from './sign-list.ts'

/** More are two batches: all events of one are written in one transaction. */
export const batchItemsMax = 500

const act = 'quarantine.resolved'

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
 * for no decision yet; an event for each recording, all in one transaction or none. Of equal files of the card the first is
 * accepted, and the others are kept apart.
 *
 * @returns how many recordings, and how many of them are kept apart as twins of an accepted one
 * @throws not_found when there is nothing of the kind; bad_request when it is more than `batchItemsMax`; whatever the proposal
 *   of one recording throws
 */
export async function proposeBatch(
  db: Db,
  clock: Clock,
  actor: Signer,
  batch: BatchProposal,
): Promise<{ id: string; recordings: number; twins: number }> {
  const { deviceSerial, handInId, outcome, reason } = batch
  const id = newId(clock.now())
  return db.transaction().execute(async (trx) => {
    let query = trx
      .selectFrom('recording')
      .leftJoin('quarantine_proposal as proposal', (join) =>
        join.onRef('proposal.recording_id', '=', 'recording.id').on('proposal.decided_at', 'is', null),
      )
      .where('device_serial', '=', deviceSerial)
      .where('quarantine_reason', '=', 'not_listed')
      .where('quarantine_ended_at', 'is', null)
      .where('proposal.id', 'is', null)
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
    let twins = 0
    for (const row of rows) {
      const proposal = { recordingId: row.id, outcome, reason, batchId: id }
      const proposed = await proposeWithin(trx, clock, actor, proposal)
      if (proposed.outcome !== outcome) twins += 1
    }
    return { id, recordings: rows.length, twins }
  })
}

/** What waits of a batch, as whoever decides it is shown it and signs it. */
export interface ShownBatch {
  readonly id: string
  readonly items: readonly ShownItem[]
  /** The digest of the list that is signed: of one that confirms it all, and of one that turns it all down. */
  readonly sha256: { readonly confirmed: string; readonly refused: string }
}

interface ShownItem {
  readonly recordingId: string
  readonly proposalId: string
  readonly deviceSerial: string
  readonly name: { readonly base64: string; readonly text: string }
  readonly bytes: number
  /** Of the file. */
  readonly sha256: string
  readonly outcome: QuarantineOutcome
  readonly reason: string
  /** As the list names them. */
  readonly object: string
  readonly putUpSha256: string
}

/**
 * The list of what waits of a batch, item by item in the order in which it is signed.
 *
 * @throws not_found when nothing of it waits
 */
export async function showBatch(db: Db, batchId: string): Promise<ShownBatch> {
  const rows = await waitingOf(db, batchId)
  const putUps: PutUp[] = []
  for (const row of rows) {
    putUps.push(await putUpOf(db, act, { subjectId: row.recording_id, memberValue: row.id }, []))
  }
  const digestOf = (confirmed: boolean) => textDigest(listTextOf({ id: batchId, act, confirmed }, putUps))
  return {
    id: batchId,
    items: rows.map((row, at) => ({
      ...{ recordingId: row.recording_id, proposalId: row.id, deviceSerial: row.device_serial },
      ...{ name: nameForEvent(row.name), bytes: row.bytes, sha256: row.sha256.toString('hex') },
      ...{ outcome: row.outcome, reason: row.reason },
      ...{ object: putUps[at]!.object, putUpSha256: textDigest(putUps[at]!.body) },
    })),
    sha256: { confirmed: digestOf(true), refused: digestOf(false) },
  }
}

/**
 * The supervisor's half: decides everything of a batch that still waits, by one signature over the digest of the list that
 * `showBatch` showed.
 *
 * @param decision `sha256`: that digest, so that nothing is signed but what was looked at
 * @throws not_found when nothing of it waits; conflict when it is not the list as it stands now; whatever the decision of one
 *   recording throws, naming it: nothing is decided then
 */
export async function decideBatch(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: { batchId: string; confirmed: boolean; sha256: string },
): Promise<SignedList> {
  const { batchId, confirmed, sha256 } = decision
  const rows = await waitingOf(db, batchId)
  const items = rows.map((row) => ({ id: row.recording_id, proposalId: row.id }))
  return signItems(db, clock, actor, { act, confirmed, items, shown: { id: batchId, sha256 } })
}

async function waitingOf(db: Db, batchId: string) {
  const rows = await db
    .selectFrom('quarantine_proposal as proposal')
    .innerJoin('recording', 'recording.id', 'proposal.recording_id')
    .where('batch_id', '=', batchId)
    .where('decided_at', 'is', null)
    .select(['proposal.id', 'proposal.recording_id', 'proposal.outcome', 'proposal.reason'])
    .select(['device_serial', 'recording.name', 'recording.bytes', 'recording.sha256'])
    .orderBy('recording_id')
    .execute()
  if (rows.length === 0) throw new Fault('not_found', `nothing of the batch ${batchId} waits for a decision`)
  return rows
}
