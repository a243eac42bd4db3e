import type { Trx } from '../../foundation/db/database.ts'
import { enqueue } from '../../foundation/queue/outbox.ts'

/** Asks for the re-reads of what was handed in again before all three copies were read back for the first time. */
export async function askAgain(trx: Trx, recordingId: string, now: Date): Promise<void> {
  const uploads = await trx
    .selectFrom('upload')
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'duplicate')
    .select('id')
    .execute()
  for (const { id } of uploads) await enqueue(trx, { name: 'reread', subjectId: id, now })
}
