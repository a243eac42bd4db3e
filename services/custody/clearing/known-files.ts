import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { firstSince, type ReadAgain, readingsAgain } from '../copies/read-again.ts'
import { isKeptBySetting } from './kept-by-setting.ts'
import type { KnownFile, Lateness } from './may-clear.ts'

type Row = Readonly<{
  number: number
  upload_state: KnownFile['uploadState']
  completed_at: Date | null
  recording_id: string | null
  recording_state: NonNullable<KnownFile['recording']>['state'] | null
  quarantine_reason: string | null
  sha256: Buffer | null
  issued_at: Date | null
  leaf_index: number | null
  copies: readonly (string | null)[] | null
  earlier: KnownFile['earlier']
}>

/**
 * What is known of these lines of a hand-in, by number; a number that is missing is no line of it.
 *
 * @param asked `ownId`: a clearing that does not count as an earlier one where it is open; `at`: when the settings count
 */
export async function knownFiles(
  db: Db,
  asked: { handInId: string; numbers: readonly number[]; ownId: string | null; at: Date },
): Promise<ReadonlyMap<number, KnownFile>> {
  const { handInId, numbers, ownId, at } = asked
  const isKept = await isKeptBySetting(db, handInId, at)
  const { rows } = await sql<Row>`
    select file.number, upload.state as upload_state, upload.completed_at, recording.id as recording_id,
      recording.state as recording_state, recording.quarantine_reason, recording.sha256, receipt.issued_at, event.leaf_index,
      (select json_agg(case when copy.state = 'verified' then copy.verified_at end) from copy
        where copy.recording_id = recording.id) as copies,
      (select case when earlier.outcome = 'cleared' then 'cleared' else 'open' end from clearing_file earlier
        where earlier.hand_in_id = file.hand_in_id and earlier.number = file.number
          and (earlier.outcome in ('cleared', 'outcome_unknown')
            or earlier.outcome is null and earlier.clearing_id is distinct from ${ownId}::uuid)) as earlier
    from hand_in_file file
    left join upload on upload.id = file.upload_id
    left join recording on recording.id = upload.recording_id
    left join receipt on receipt.recording_id = recording.id
    left join event on event.id = receipt.event_id
    where file.hand_in_id = ${handInId} and file.number = any(${[...numbers]}::int[])`.execute(db)
  const again = rows.flatMap((row) => (row.upload_state === 'duplicate' ? (row.recording_id ?? []) : []))
  const readings = await readingsAgain(db, again)
  return new Map(rows.map((row) => [row.number, { ...knownFile(row, readings), isKept }]))
}

function knownFile(row: Row, readings: ReadonlyMap<string, readonly ReadAgain[]>): Omit<KnownFile, 'isKept'> {
  const { recording_id: id, recording_state: state, sha256, issued_at: issuedAt } = row
  return {
    uploadState: row.upload_state,
    completedAt: row.completed_at,
    recording:
      id !== null && state !== null && sha256 !== null
        ? { id, state, sha256: sha256.toString('hex'), isQuarantined: row.quarantine_reason !== null }
        : null,
    copies: (row.copies ?? []).map((verifiedAt) => (verifiedAt === null ? null : new Date(verifiedAt))),
    receipt: issuedAt === null ? null : { index: row.leaf_index, issuedAt },
    readAgain: id === null || row.completed_at === null ? null : firstSince(readings.get(id), row.completed_at),
    earlier: row.earlier,
  }
}

/** How far the ledger is witnessed. */
export async function witnessedSize(db: Db): Promise<Lateness['witnessedSize']> {
  const row = await db.selectFrom('witnessed').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row?.size ?? 0
}
