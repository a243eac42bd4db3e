import type { RecentHandIn } from '../screen/schemas-recent.ts'
import type { SpoolDatabase } from './database.ts'

/** † Lines of [今日交接] stay so long: the screen can ask for a day that is over. */
const keptMs = 31 * 24 * 60 * 60_000

interface HandedOverRow {
  readonly at_ms: number
  readonly person: string | null
  readonly serial: string | null
  readonly files: number
  readonly result: RecentHandIn['result']
}

/** Keeps what left its slot, as the screen says it; what is older than a month goes. */
export async function keepHandedOver(database: SpoolDatabase, one: RecentHandIn): Promise<void> {
  await database.write([
    {
      sql: 'insert into handed_over (at_ms, person, serial, files, result) values (?, ?, ?, ?, ?)',
      values: [one.at, one.person, one.serial, one.files, one.result],
    },
    { sql: 'delete from handed_over where at_ms < ?', values: [one.at - keptMs] },
  ])
}

/** What left between two times, the newest first. */
export async function handedOverBetween(
  database: SpoolDatabase,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<RecentHandIn[]> {
  const sql = 'select * from handed_over where at_ms >= ? and at_ms < ? order by at_ms desc, sequence desc'
  return (await database.read<HandedOverRow>(sql, [fromMs, untilMs])).map(ofRow)
}

/** The last that left, the newest first. */
export async function newestHandedOver(database: SpoolDatabase, count: number): Promise<RecentHandIn[]> {
  const sql = 'select * from handed_over order by at_ms desc, sequence desc limit ?'
  return (await database.read<HandedOverRow>(sql, [count])).map(ofRow)
}

function ofRow({ at_ms: at, person, serial, files, result }: HandedOverRow): RecentHandIn {
  return { at, person, serial, files, result }
}
