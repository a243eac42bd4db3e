import type { KeptCard } from '../screen/schemas.ts'
import { postStatement } from './book.ts'
import type { SpoolDatabase } from './database.ts'
import type { FoundGap, GapRecord, HandInRecord, Post, SaidBy, StatementRecord } from './records.ts'

/** Gaps of a list, and what people said at the screen: kept here, and put among the posts in the same transaction. */
export interface Answers {
  gapsOf(handIn: string): Promise<GapRecord[]>
  statementsOf(handIn: string): Promise<StatementRecord[]>
  keepGaps(handIn: HandInRecord, gaps: readonly FoundGap[]): Promise<void>
  keepExplanation(
    handIn: string,
    gapId: string,
    explained: NonNullable<GapRecord['explained']>,
    post: Post,
  ): Promise<void>
  keepStatement(handIn: string, statement: StatementRecord, by: SaidBy, saidAt: string): Promise<void>
  /** Under which seal the card of a list is kept; null when nobody said so. */
  keptCardOf(handIn: string): Promise<KeptCard | null>
  keepCard(handIn: string, card: KeptCard, report: object): Promise<void>
  /** When the newest receipt for a file of this device was issued; null: none ever here. */
  lastReceiptMs(serial: string): Promise<number | null>
  /** A report of the station; `handIn`: the list that it is about, or null. */
  report(body: object, handIn: string | null): Promise<void>
  /** Keeps a report of what is about to be done to a device; it goes to the bureau once it is settled. */
  intend(report: { readonly id: string }): Promise<void>
  /** What came of it; null: it was not done, and nothing is told. */
  settleIntended(id: string, report: object | null): Promise<void>
  /** Told as it was intended: nobody knows what came of it. `id` null: of all, at the start, what an earlier run was cut off at. */
  tellIntended(id: string | null): Promise<void>
  /** Whose a file system is, as somebody said; null when nobody did. */
  volume(uuid: string): Promise<{ answer: 'ours' | 'foreign' | 'not_a_device'; serial: string | null } | null>
  keepVolume(uuid: string, answer: 'ours' | 'foreign' | 'not_a_device', serial: string | null): Promise<void>
}

/** Each is an event of the ledger: a post of thousands would hold it up, and is refused. */
const gapsAtOnce = 200

const isIntended = "state = 'intended' and json_extract(body, '$.id') = ?"

export function openAnswers(database: SpoolDatabase, makeId: () => string): Answers {
  return {
    async gapsOf(handIn) {
      const rows = await database.read<{ found: string; explained: string | null }>(
        'select found, explained from gap where hand_in = ? order by rowid',
        [handIn],
      )
      return rows.map(({ found, explained }) => ({
        ...(JSON.parse(found) as FoundGap),
        explained: explained === null ? null : (JSON.parse(explained) as GapRecord['explained']),
      }))
    },
    async statementsOf(handIn) {
      const sql = 'select said from statement where hand_in = ? order by rowid'
      const rows = await database.read<{ said: string }>(sql, [handIn])
      return rows.map(({ said }) => JSON.parse(said) as StatementRecord)
    },
    async keepGaps(handIn, gaps) {
      if (gaps.length === 0) return
      const told = gaps.map(({ id: gapId, ...gap }) => ({ gapId, ...gap }))
      const posts = Array.from({ length: Math.ceil(told.length / gapsAtOnce) }, (_, at) => ({
        path: '/hand-ins/{handIn}/gaps',
        body: { id: makeId(), gaps: told.slice(at * gapsAtOnce, (at + 1) * gapsAtOnce) },
      }))
      await database.write([
        ...gaps.map((gap) => ({
          sql: 'insert into gap (id, hand_in, found) values (?, ?, ?)',
          values: [gap.id, handIn.id, JSON.stringify(gap)],
        })),
        ...posts.map((post) => postStatement(handIn.id, post)),
      ])
    },
    async keepExplanation(handIn, gapId, explained, post) {
      await database.write([
        { sql: 'update gap set explained = ? where id = ?', values: [JSON.stringify(explained), gapId] },
        postStatement(handIn, post),
      ])
    },
    async keepStatement(handIn, statement, by, saidAt) {
      const { id, kind, numbers, words } = statement
      await database.write([
        {
          sql: 'insert into statement (id, hand_in, said) values (?, ?, ?)',
          values: [id, handIn, JSON.stringify(statement)],
        },
        postStatement(handIn, {
          path: '/hand-ins/{handIn}/statements',
          body: { id, kind, numbers, words, by, saidAt },
        }),
      ])
    },
    async keptCardOf(handIn) {
      const [row] = await database.read<{ said: string }>('select said from kept_card where hand_in = ?', [handIn])
      return row ? (JSON.parse(row.said) as KeptCard) : null
    },
    keepCard: (handIn, card, report) =>
      database.write([
        { sql: 'insert into kept_card (hand_in, said) values (?, ?)', values: [handIn, JSON.stringify(card)] },
        postStatement(handIn, { path: '/docks/me/reports', body: report }),
      ]),
    async lastReceiptMs(serial) {
      const sql =
        'select max(receipt_ms) as ms from file join hand_in on hand_in.id = file.hand_in where hand_in.serial = ?'
      const [row] = await database.read<{ ms: number | null }>(sql, [serial])
      return row?.ms ?? null
    },
    report: (body, handIn) => database.write([postStatement(handIn, { path: '/docks/me/reports', body })]),
    intend: (report) =>
      database.write([
        {
          sql: "insert into post (path, body, state) values ('/docks/me/reports', ?, 'intended')",
          values: [JSON.stringify(report)],
        },
      ]),
    settleIntended: (id, report) =>
      database.write([
        report === null
          ? { sql: `delete from post where ${isIntended}`, values: [id] }
          : {
              sql: `update post set state = 'waiting', body = ? where ${isIntended}`,
              values: [JSON.stringify(report), id],
            },
      ]),
    tellIntended: (id) =>
      database.write([
        id === null
          ? { sql: "update post set state = 'waiting' where state = 'intended'" }
          : { sql: `update post set state = 'waiting' where ${isIntended}`, values: [id] },
      ]),
    async volume(uuid) {
      const [row] = await database.read<{ answer: 'ours' | 'foreign' | 'not_a_device'; serial: string | null }>(
        'select answer, serial from volume where uuid = ?',
        [uuid],
      )
      return row ?? null
    },
    keepVolume: (uuid, answer, serial) =>
      database.write([
        {
          sql: 'insert into volume (uuid, answer, serial) values (?, ?, ?) on conflict (uuid) do update set answer = excluded.answer, serial = excluded.serial',
          values: [uuid, answer, serial],
        },
      ]),
  }
}
