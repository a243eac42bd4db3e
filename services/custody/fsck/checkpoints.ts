import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../../ledger/format/checkpoint.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'
import { splitNote } from '../../ledger/format/note.ts'
import { openCheckpoint } from '../../ledger/format/signed-checkpoint.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import type { Report } from './finding.ts'

const pageRows = 500

interface CheckpointRow {
  readonly size: number
  readonly root: Buffer
  readonly note: string
}

/** What a stored checkpoint turned out to be: the signed text counts, the columns beside it are only an index. */
export type JudgedCheckpoint =
  | { readonly trusted: Checkpoint; readonly fault: { check: FsckCheck; problem: string } | null }
  | { readonly trusted: null; readonly fault: { check: FsckCheck; problem: string } }

/** Opens a checkpoint row with keys from outside and holds its columns against what was signed. */
export function judgeCheckpoint(row: CheckpointRow, log: LogKeys): JudgedCheckpoint {
  const refuse = (check: FsckCheck, problem: string) => ({ trusted: null, fault: { check, problem } })
  try {
    const claimed = parseCheckpoint(splitNote(row.note).text)
    if (claimed.origin !== log.origin) return refuse('tree.checkpoint_origin', `it is of the log ${claimed.origin}`)
    const trusted = openCheckpoint(row.note, { origin: log.origin, logKeys: log.keys, witnessKeys: [] }).checkpoint
    const agrees = trusted.size === row.size && trusted.root.equals(row.root)
    const problem = `the row says size ${row.size} and root ${row.root.toString('base64')}, the signed note size ${trusted.size} and root ${trusted.root.toString('base64')}`
    return { trusted, fault: agrees ? null : { check: 'tree.checkpoint_differs', problem } }
  } catch (error) {
    if (isFault(error, 'malformed')) return refuse('tree.checkpoint_malformed', error.message)
    if (isFault(error, 'unproven')) return refuse('tree.checkpoint_signature', error.message)
    throw error
  }
}

/** Every checkpoint that the log's keys signed, by size; what is wrong with the others is reported. */
export async function* trustedCheckpoints(db: Db, log: LogKeys, report: Report): AsyncGenerator<Checkpoint> {
  for await (const row of checkpointRows(db)) {
    const { trusted, fault } = judgeCheckpoint(row, log)
    if (fault) report.error(fault.check, `checkpoint ${row.size}`, fault.problem)
    // A note that stands under another size would break the order; its own size is checked by the right row.
    if (trusted && trusted.size === row.size) yield trusted
  }
}

/** Size of the newest checkpoint that the log's keys signed (0 for none), and sizes of newer ones that they did not. */
export async function newestCheckpoint(db: Db, log: LogKeys): Promise<{ size: number; untrusted: number[] }> {
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
      if (judgeCheckpoint(row, log).trusted?.size === row.size) return { size: row.size, untrusted }
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
