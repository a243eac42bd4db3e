import type { Db } from '../../foundation/db/database.ts'
import { type Checkpoint, parseCheckpoint } from '../../ledger/format/checkpoint.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'
import { splitNote } from '../../ledger/format/note.ts'
import { newestCheckpoint } from '../../ledger/log/newest-checkpoint.ts'
import { checkCheckpointRow } from '../fsck/checkpoints.ts'
import type { Report } from '../fsck/finding.ts'
import { leafCount, tiledLeaves } from '../fsck/leaf-rows.ts'

/**
 * The newest stored checkpoint: its note as it is, and what it says when it holds. Tiles that go beyond it mean that a
 * newer one was taken away.
 */
export async function readCheckpoint(
  db: Db,
  log: LogKeys | null,
  report: Report,
): Promise<{ note: string | null; trusted: Checkpoint | null }> {
  const row = await newestCheckpoint(db)
  const tiled = await tiledLeaves(db)
  const size = row?.size ?? 0
  if (tiled > size && tiled <= (await leafCount(db))) {
    report.error('tree.checkpoint_missing', `checkpoint ${tiled}`, `tiles hold ${tiled} leaves, the newest is ${size}`)
  }
  if (!row) return { note: null, trusted: null }
  // Without the keys the reader alone can check the signature.
  if (log === null) return { note: row.note, trusted: parseCheckpoint(splitNote(row.note).text) }
  const { trusted, fault } = checkCheckpointRow(row, log)
  if (fault) report.error(fault.check, `checkpoint ${row.size}`, fault.problem)
  return { note: row.note, trusted }
}
