import type { Db } from '../../foundation/db/database.ts'
import type { Checkpoint } from '../../ledger/format/checkpoint.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'
import { checkSignedCheckpoint } from '../../ledger/verify/checkpoint.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import type { Report } from './finding.ts'

const pageRows = 500

interface CheckpointRow {
  readonly size: number
  readonly root: Buffer
  readonly note: string
}

/** What a stored checkpoint turned out to be: the signed text counts, the columns beside it are only an index. */
export type CheckedCheckpointRow =
  | { readonly trusted: Checkpoint; readonly fault: { check: FsckCheck; problem: string } | null }
  | { readonly trusted: null; readonly fault: { check: FsckCheck; problem: string } }

/** Opens a checkpoint row with keys from outside and compares its columns with what was signed. */
export function checkCheckpointRow(row: CheckpointRow, log: LogKeys): CheckedCheckpointRow {
  const opened = checkSignedCheckpoint(row.note, log)
  if ('fault' in opened)
    return { trusted: null, fault: { check: `tree.${opened.fault.code}`, problem: opened.fault.what } }
  const trusted = opened.checkpoint
  if (trusted.size === row.size && trusted.root.equals(row.root)) return { trusted, fault: null }
  const problem = `the row says size ${row.size} and root ${row.root.toString('base64')}, the signed note size ${trusted.size} and root ${trusted.root.toString('base64')}`
  return { trusted, fault: { check: 'tree.checkpoint_differs', problem } }
}

/** Every checkpoint that the log's keys signed, by size; what is wrong with the others is reported. */
export async function* trustedCheckpoints(db: Db, log: LogKeys, report: Report): AsyncGenerator<Checkpoint> {
  for await (const row of checkpointRows(db)) {
    const { trusted, fault } = checkCheckpointRow(row, log)
    if (fault) report.error(fault.check, `checkpoint ${row.size}`, fault.problem)
    // A note that stands under another size would break the order; its own size is checked by the right row.
    if (trusted && trusted.size === row.size) yield trusted
  }
}

/** Size of the newest checkpoint that the log's keys signed (0 for none), and sizes of newer ones that they did not. */
export async function newestTrusted(db: Db, log: LogKeys): Promise<{ size: number; untrusted: number[] }> {
  const untrusted: number[] = []
  let below = Number.MAX_SAFE_INTEGER
  for (;;) {
    const rows = await db
      .selectFrom('checkpoint')
      .select(['size', 'root', 'note'])
      .where('size', '<', below)
      .orderBy('size', 'desc')
      .limit(20)
      .execute()
    for (const row of rows) {
      if (checkCheckpointRow(row, log).trusted?.size === row.size) return { size: row.size, untrusted }
      untrusted.push(row.size)
      below = row.size
    }
    if (rows.length === 0) return { size: 0, untrusted }
  }
}

async function* checkpointRows(db: Db): AsyncGenerator<CheckpointRow> {
  let last = -1
  for (;;) {
    const rows = await db
      .selectFrom('checkpoint')
      .select(['size', 'root', 'note'])
      .where('size', '>', last)
      .orderBy('size')
      .limit(pageRows)
      .execute()
    yield* rows
    if (rows.length < pageRows) return
    last = rows.at(-1)!.size
  }
}
