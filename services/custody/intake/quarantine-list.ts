import type { Db } from '../../foundation/db/database.ts'
import type { QuarantineOutcome } from '../../foundation/db/words.ts'
import { nameForEvent } from '../devices/name-profile.ts'

export interface QuarantinedRow {
  readonly recordingId: string
  readonly deviceSerial: string
  readonly name: { readonly base64: string; readonly text: string }
  readonly reason: string
  readonly sealedAt: Date
  readonly sha256: string
  readonly bytes: number
  readonly proposal: {
    id: string
    outcome: QuarantineOutcome
    reason: string
    proposedBy: { id: string; name: string }
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
    .leftJoin('person as proposer', 'proposer.id', 'proposal.proposed_by')
    .where('recording.quarantine_reason', 'is not', null)
    .where('recording.quarantine_ended_at', 'is', null)
    .select([
      'recording.id',
      'recording.device_serial',
      'recording.name',
      'recording.quarantine_reason',
      'recording.sealed_at',
      'recording.sha256',
      'recording.bytes',
      'proposal.id as proposal_id',
      'proposal.outcome',
      'proposal.reason',
      'proposal.proposed_by',
      'proposer.name as proposer_name',
      'proposal.proposed_at',
      'proposal.batch_id',
    ])
    .orderBy('recording.sealed_at')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    recordingId: row.id,
    deviceSerial: row.device_serial,
    name: nameForEvent(row.name),
    reason: row.quarantine_reason!,
    sealedAt: row.sealed_at,
    sha256: row.sha256.toString('hex'),
    bytes: row.bytes,
    proposal: row.proposal_id
      ? {
          id: row.proposal_id,
          outcome: row.outcome!,
          reason: row.reason!,
          proposedBy: { id: row.proposed_by!, name: row.proposer_name! },
          at: row.proposed_at!,
          batchId: row.batch_id,
        }
      : null,
  }))
}
