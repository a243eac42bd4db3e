import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { isUniqueViolation } from '../../foundation/db/failures.ts'
import type { QuarantineOutcome, QuarantineReason } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'
import { recordEvent } from '../events/record.ts'
import { nameBehind } from '../signing/one-person.ts'
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
  const { id } = await db.transaction().execute((trx) => proposeWithin(trx, clock, actor, proposal))
  return { id }
}

export interface Proposal {
  readonly recordingId: string
  readonly outcome: QuarantineOutcome
  readonly reason: string
  /** When it is one of a whole card that is proposed at once: a file that cannot be accepted beside its twin is kept apart then. */
  readonly batchId?: string
}

/** `proposeResolution` in the caller's transaction. */
export async function proposeWithin(
  trx: Trx,
  clock: Clock,
  actor: Signer,
  proposal: Proposal,
): Promise<{ id: string; outcome: QuarantineOutcome }> {
  const { recordingId, reason, batchId } = proposal
  const id = newId(clock.now())
  const recording = await lockQuarantined(trx, recordingId)
  const isAccepted = proposal.outcome === 'accept'
  const twin = isAccepted ? ((await acceptedTwin(trx, recording)) ?? (await proposedTwin(trx, recording))) : null
  if (twin && !batchId) throw twinFault(twin)
  const outcome = twin ? 'keep_apart' : proposal.outcome
  const proposed = await recordEvent(trx, 'quarantine.proposed', {
    clock,
    by: actor,
    subjects: subjectsOf(recording),
    details: { proposalId: id, outcome, reason, ...(batchId && { batchId }), ...(twin && { twinOf: twin.id }) },
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
  return { id, outcome }
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
  const proposer = await nameBehind(trx, {
    ...{ by: proposal.proposed_by, kind: 'quarantine.proposed', subject: `recording:${recording.id}` },
    isIt: ({ proposalId }) => proposalId === proposal.id,
  })
  if (proposer.id === actor.id) throw new Fault('conflict', 'nobody confirms his own proposal')
  const matter = { subjectId: recording.id, memberValue: proposal.id }
  const names = [proposer, actor]
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
async function acceptedTwin(trx: Trx, recording: Quarantined): Promise<Twin | null> {
  const twin = await trx
    .selectFrom('recording')
    .where('device_serial', '=', recording.device_serial)
    .where('sha256', '=', recording.sha256)
    .where('bytes', '=', recording.bytes)
    .where('quarantine_reason', 'is', null)
    .select('id')
    .executeTakeFirst()
  return twin ? { id: twin.id, what: 'is recording' } : null
}

/** The same file among those that wait to be accepted: of two that were proposed, only one could be confirmed. */
async function proposedTwin(trx: Trx, recording: Quarantined): Promise<Twin | null> {
  const twin = await trx
    .selectFrom('recording')
    .innerJoin('quarantine_proposal as proposal', 'proposal.recording_id', 'recording.id')
    .where('recording.id', '<>', recording.id)
    .where('device_serial', '=', recording.device_serial)
    .where('sha256', '=', recording.sha256)
    .where('bytes', '=', recording.bytes)
    .where('quarantine_reason', 'is not', null)
    .where('quarantine_ended_at', 'is', null)
    .where('proposal.decided_at', 'is', null)
    .where('proposal.outcome', '=', 'accept')
    .select('recording.id')
    .executeTakeFirst()
  return twin ? { id: twin.id, what: 'waits to be accepted as' } : null
}

interface Twin {
  readonly id: string
  readonly what: string
}

function twinFault({ id, what }: Twin): Fault {
  return new Fault('conflict', `the same file of this device ${what} ${id}: keep this one apart`, {
    details: { recordingId: id },
  })
}

async function endQuarantine(trx: Trx, at: Date, recording: Quarantined, outcome: QuarantineOutcome): Promise<void> {
  if (outcome === 'keep_apart') {
    await trx.updateTable('recording').set({ quarantine_ended_at: at }).where('id', '=', recording.id).execute()
    return
  }
  const twin = await acceptedTwin(trx, recording)
  if (twin) throw twinFault(twin)
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
