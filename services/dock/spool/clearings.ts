import { postStatement } from './book.ts'
import type { SpoolDatabase, Statement } from './database.ts'
import type { ClearingFile, ClearingOutcome, ClearingRecord } from './records.ts'
import { type ClearingFileRow, type ClearingRow, clearingOf } from './rows.ts'

/** Clearings: announced to the bureau before the first file goes, closed after the last. */
export interface Clearings {
  /** Those that are not closed, oldest first. */
  open(): Promise<ClearingRecord[]>
  intend(clearing: ClearingRecord): Promise<void>
  announced(clearing: ClearingRecord, serverId: string): Promise<void>
  refused(clearing: ClearingRecord): Promise<void>
  /** Takes one off the spool that the bureau refused, and of which nothing was removed. */
  forget(clearing: ClearingRecord): Promise<void>
  outcome(
    clearing: ClearingRecord,
    file: ClearingFile,
    outcome: ClearingOutcome,
    also?: readonly Statement[],
  ): Promise<void>
  /** Closes it, and puts what became of each file among the posts. */
  end(clearing: ClearingRecord): Promise<void>
  /** Whether the bureau has not heard yet how a clearing of this list ended. */
  isEndWaiting(handIn: string): Promise<boolean>
}

/** How a file that was not cleared is closed. */
const leftAs = {
  waiting: 'not_removed',
  not_removed: 'not_removed',
  gone: 'gone',
  digest_differs: 'digest_differs',
  kept: 'kept',
} as const

export function openClearings(database: SpoolDatabase): Clearings {
  const setState = (clearing: ClearingRecord, state: ClearingRecord['state'], also: readonly Statement[] = []) =>
    database
      .write([{ sql: 'update clearing set state = ? where id = ?', values: [state, clearing.id] }, ...also])
      .then(() => {
        clearing.state = state
      })
  return {
    async open() {
      const rows = await database.read<ClearingRow>(
        "select id, hand_in, state, server_id, begun_ms, asked_by from clearing where state in ('intended', 'announced') order by begun_ms, id",
      )
      if (rows.length === 0) return []
      const files = await database.read<ClearingFileRow>(
        "select * from clearing_file where clearing in (select id from clearing where state in ('intended', 'announced')) order by number",
      )
      return rows.map((row) => clearingOf(row, files))
    },
    intend: ({ id, handIn, begunMs, by, files }) =>
      database.write([
        {
          sql: "insert into clearing (id, hand_in, state, begun_ms, asked_by) values (?, ?, 'intended', ?, ?)",
          values: [id, handIn, begunMs, by === undefined ? null : JSON.stringify(by)],
        },
        ...files.map((file) => ({
          sql: 'insert into clearing_file (clearing, number, sha256, basis, receipt_index, outcome) values (?, ?, ?, ?, ?, ?)',
          values: [id, file.number, file.sha256, file.basis, file.receiptIndex, file.outcome],
        })),
      ]),
    async announced(clearing, serverId) {
      await setState(clearing, 'announced', [
        { sql: 'update clearing set server_id = ? where id = ?', values: [serverId, clearing.id] },
      ])
      clearing.serverId = serverId
    },
    refused: (clearing) => setState(clearing, 'refused'),
    forget: ({ id }) =>
      database.write([
        { sql: 'delete from clearing_file where clearing = ?', values: [id] },
        { sql: 'delete from clearing where id = ?', values: [id] },
      ]),
    async outcome(clearing, file, outcome, also = []) {
      const sql = 'update clearing_file set outcome = ? where clearing = ? and number = ?'
      await database.write([{ sql, values: [outcome, clearing.id, file.number] }, ...also])
      file.outcome = outcome
    },
    end: (clearing) => {
      const cleared: number[] = []
      const left: { number: number; why: string }[] = []
      for (const { number, outcome } of clearing.files) {
        if (outcome === 'cleared') cleared.push(number)
        else if (outcome === 'removing') throw new Error(`nobody knows yet whether file ${number} is gone`)
        else left.push({ number, why: leftAs[outcome] })
      }
      const post = { path: `/clearings/${clearing.serverId}/end`, body: { cleared, left } }
      return setState(clearing, 'ended', [postStatement(clearing.handIn, post)])
    },
    async isEndWaiting(handIn) {
      const sql = "select 1 from post where state = 'waiting' and hand_in = ? and path like '/clearings/%' limit 1"
      return (await database.read(sql, [handIn])).length > 0
    },
  }
}
