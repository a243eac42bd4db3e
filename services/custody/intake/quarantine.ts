import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { isUniqueViolation } from '../../foundation/db/failures.ts'
import type { QuarantineOutcome, QuarantineReason } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import { recordEvent } from '../events/record.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { type ShownSameSeat, showSameSeat } from '../signing/shown-signature.ts'
import { type InList, signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'

/** The custodian's half: what should become of a recording in quarantine, and why. */
export async function proposeResolution(
  db: Db,
  clock: Clock,
  actor: Signer,
  proposal: Proposal,
): Promise<{ id: string }> {
  return db.transaction().execute((trx) => proposeWithin(trx, clock, actor, proposal))
}

export interface Proposal {
  readonly recordingId: string
  readonly outcome: QuarantineOutcome
  readonly reason: string
  /** When it is one of a whole card that is proposed at once. */
  readonly batchId?: string
}

/** `proposeResolution` in the caller's transaction. */
export async function proposeWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  proposal: Proposal,
): Promise<{ id: string }> {
  const { recordingId, outcome, reason, batchId } = proposal
  const id = newId(clock.now())
  const recording = await lockQuarantined(trx, recordingId)
  if (outcome === 'accept') await requireNoTwin(trx, recording)
  const proposed = await recordEvent(trx, 'quarantine.proposed', {
    clock,
    by: actor,
    subjects: subjectsOf(recording),
    details: { proposalId: id, outcome, reason, ...(batchId && { batchId }) },
  })
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('quarantine_proposal')
    .values({
      ...{ id, recording_id: recordingId, outcome, reason, batch_id: batchId ?? null },
      ...{ proposed_by: actor.id, proposed_at: proposed.at },
    })
    .onConflict((conflict) => conflict.column('recording_id').where('decided_at', 'is', null).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new Fault('conflict', 'there is a proposal for this recording already: the supervisor decides it first')
  }
  await keepProposersSeat(trx, actor, proposed)
  return { id }
}

export interface QuarantineDecision {
  readonly recordingId: string
  readonly confirmed: boolean
  /** When it is one of a list that is signed once. */
  readonly inList?: InList
}

/** The supervisor's half: confirms the proposal, which then takes effect at once, or turns it down. */
export async function decideResolution(
  db: Db,
  clock: Clock,
  actor: Signer,
  decision: QuarantineDecision,
): Promise<{ outcome: QuarantineOutcome | null; sameSeat: ShownSameSeat | null }> {
  return db.transaction().execute((trx) => decideWithin(trx, clock, actor, decision))
}

/** `decideResolution` in the caller's transaction. */
export async function decideWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  decision: QuarantineDecision,
): Promise<{ outcome: QuarantineOutcome | null; sameSeat: ShownSameSeat | null }> {
  const recording = await lockQuarantined(trx, decision.recordingId)
  const proposal = await openProposal(trx, decision.recordingId)
  if (proposal.proposed_by === actor.id) throw new Fault('conflict', 'nobody confirms his own proposal')
  const matter = { subjectId: recording.id, memberValue: proposal.id }
  const names = [{ id: proposal.proposed_by }, actor]
  const third = decision.confirmed
    ? await requireEnoughNames(trx, { names, at: clock.now(), act: 'quarantine.resolved', matter })
    : null
  const signature = await signatureOf(trx, clock, actor, {
    ...{ kind: 'quarantine.resolved', ...matter },
    ...{ inList: decision.inList, third },
  })
  const resolved = await recordEvent(trx, 'quarantine.resolved', {
    clock,
    by: actor,
    subjects: subjectsOf(recording),
    details: {
      proposalId: proposal.id,
      proposedBy: proposal.proposed_by,
      confirmed: decision.confirmed,
      outcome: proposal.outcome,
      quarantineReason: recording.quarantine_reason,
      ...signature.details,
    },
  })
  await signature.keepSeat(resolved)
  await trx
    .updateTable('quarantine_proposal')
    .set({ decided_by: actor.id, decided_at: resolved.at, confirmed: decision.confirmed })
    .where('id', '=', proposal.id)
    .execute()
  if (decision.confirmed) await endQuarantine(trx, resolved.at, recording, proposal.outcome)
  const sameSeat = await showSameSeat(trx, signature.sameSeat)
  return { outcome: decision.confirmed ? proposal.outcome : null, sameSeat }
}

/** Locks a recording whose open proposal is this one. @throws not_found; conflict when it is decided, or is another by now */
export async function requireProposal(
  trx: Trx,
  wanted: { recordingId: string; proposalId: string },
): Promise<Quarantined> {
  const recording = await lockQuarantined(trx, wanted.recordingId)
  const proposal = await openProposal(trx, wanted.recordingId)
  if (proposal.id === wanted.proposalId) return recording
  throw new Fault('conflict', 'another proposal waits for a decision by now: look at it first')
}

async function openProposal(trx: Trx, recordingId: string) {
  const proposal = await trx
    .selectFrom('quarantine_proposal')
    .where('recording_id', '=', recordingId)
    .where('decided_at', 'is', null)
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
  if (proposal) return proposal
  throw new Fault('conflict', 'the custodian has proposed nothing for this recording yet')
}

export interface QuarantinedRow {
  readonly recordingId: string
  readonly deviceSerial: string
  readonly reason: string
  readonly sealedAt: Date
  readonly sha256: string
  readonly bytes: number
  readonly proposal: {
    id: string
    outcome: QuarantineOutcome
    reason: string
    proposedBy: string
    at: Date
    /** Of a whole card that was proposed at once. */
    batchId: string | null
  } | null
}

/** What lies in quarantine, oldest first, with the proposal that waits for the supervisor. */
export async function listQuarantine(db: Db): Promise<QuarantinedRow[]> {
  const rows = await db
    .selectFrom('recording')
    .leftJoin('quarantine_proposal as proposal', (join) =>
      join.onRef('proposal.recording_id', '=', 'recording.id').on('proposal.decided_at', 'is', null),
    )
    .where('recording.quarantine_reason', 'is not', null)
    .where('recording.quarantine_ended_at', 'is', null)
    .select([
      'recording.id',
      'recording.device_serial',
      'recording.quarantine_reason',
      'recording.sealed_at',
      'recording.sha256',
      'recording.bytes',
      'proposal.id as proposal_id',
      'proposal.outcome',
      'proposal.reason',
      'proposal.proposed_by',
      'proposal.proposed_at',
      'proposal.batch_id',
    ])
    .orderBy('recording.sealed_at')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    recordingId: row.id,
    deviceSerial: row.device_serial,
    reason: row.quarantine_reason!,
    sealedAt: row.sealed_at,
    sha256: row.sha256.toString('hex'),
    bytes: row.bytes,
    proposal: row.proposal_id
      ? {
          id: row.proposal_id,
          outcome: row.outcome!,
          reason: row.reason!,
          proposedBy: row.proposed_by!,
          at: row.proposed_at!,
          batchId: row.batch_id,
        }
      : null,
  }))
}

type Quarantined = Awaited<ReturnType<typeof lockQuarantined>>

async function lockQuarantined(trx: Trx, recordingId: string) {
  const recording = await trx
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .select(['id', 'device_serial', 'sha256', 'bytes', 'quarantine_reason', 'quarantine_ended_at'])
    .forUpdate()
    .executeTakeFirst()
  if (!recording) throw new Fault('not_found', `there is no recording ${recordingId}`)
  if (!recording.quarantine_reason || recording.quarantine_ended_at) {
    throw new Fault('conflict', 'this recording is not in quarantine')
  }
  return { ...recording, quarantine_reason: recording.quarantine_reason as QuarantineReason }
}

/** An accepted file must not stand beside the same file again: the first one is the recording. */
async function requireNoTwin(trx: Trx, recording: Quarantined): Promise<void> {
  const twin = await trx
    .selectFrom('recording')
    .where('device_serial', '=', recording.device_serial)
    .where('sha256', '=', recording.sha256)
    .where('bytes', '=', recording.bytes)
    .where('quarantine_reason', 'is', null)
    .select('id')
    .executeTakeFirst()
  if (!twin) return
  throw new Fault('conflict', `the same file of this device is recording ${twin.id}: keep this one apart`, {
    details: { recordingId: twin.id },
  })
}

async function endQuarantine(trx: Trx, at: Date, recording: Quarantined, outcome: QuarantineOutcome): Promise<void> {
  if (outcome === 'keep_apart') {
    await trx.updateTable('recording').set({ quarantine_ended_at: at }).where('id', '=', recording.id).execute()
    return
  }
  await requireNoTwin(trx, recording)
  await trx
    .updateTable('recording')
    .set({ quarantine_ended_at: at, quarantine_reason: null })
    .where('id', '=', recording.id)
    .execute()
    .catch((error: unknown) => {
      // Sealed since the look above: the database lets only one of the two stand.
      if (isUniqueViolation(error)) throw new Fault('conflict', 'the same file of this device was sealed just now')
      throw error
    })
  // A file in quarantine is copied, but never shown: from now on it may be.
  await enqueue(trx, { name: 'transcode', subjectId: recording.id, now: at })
}

function subjectsOf(recording: Quarantined) {
  return [
    { type: 'recording', id: recording.id },
    { type: 'device', id: recording.device_serial },
  ]
}
