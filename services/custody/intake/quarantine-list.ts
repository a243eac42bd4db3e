import type { Db } from '../../foundation/db/database.ts'
import type { QuarantineOutcome } from '../../foundation/db/words.ts'

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
