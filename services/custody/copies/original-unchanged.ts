import type { Db } from '../../foundation/db/database.ts'

/**
 * Whether it may be said now that a recording's original is unchanged: after the seal its bytes were read again and had the
 * sealed digest (SM3 is calculated then), and nothing has spoken against it since. No copy of it is damaged, and the full
 * check has no open finding about one.
 */
export async function originalIsUnchanged(db: Db, recordingId: string): Promise<boolean> {
  const unchanged = await db
    .selectFrom('recording')
    .where('id', '=', recordingId)
    .where('sm3', 'is not', null)
    .where('state', '<>', 'damaged')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('copy')
            .where('copy.recording_id', '=', recordingId)
            .where('copy.state', '=', 'damaged')
            .select('copy.store'),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('fsck_finding')
            .where('fsck_finding.subject', 'like', `copy ${recordingId}/%`)
            .where('fsck_finding.gone_at', 'is', null)
            .select('fsck_finding.id'),
        ),
      ),
    )
    .select('id')
    .executeTakeFirst()
  return unchanged !== undefined
}
