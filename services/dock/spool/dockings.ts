import { postStatement } from './book.ts'
import type { SpoolDatabase } from './database.ts'
import type { SaidBy } from './records.ts'

/** What was said of a device's stay that must outlive the process and a reset of the bus. */
export interface Stay {
  readonly isKept: boolean
  /** When it was seen leaving; null while it is there, and after a power cut. */
  readonly leftMs: number | null
  /** Its place on the wall; null where an earlier version of the agent kept none. */
  readonly slot: number | null
}

export async function stayOf(database: SpoolDatabase, serial: string): Promise<Stay | null> {
  const [row] = await database.read<{ is_kept: number; left_ms: number | null; slot: number | null }>(
    'select is_kept, left_ms, slot from docking where serial = ?',
    [serial],
  )
  return row ? { isKept: row.is_kept === 1, leftMs: row.left_ms, slot: row.slot } : null
}

export async function saveStay(database: SpoolDatabase, serial: string, stay: Stay): Promise<void> {
  const { isKept, leftMs, slot } = stay
  await database.write([
    {
      sql: 'insert into docking (serial, is_kept, left_ms, slot) values (?, ?, ?, ?) on conflict (serial) do update set is_kept = excluded.is_kept, left_ms = excluded.left_ms, slot = excluded.slot',
      values: [serial, isKept ? 1 : 0, leftMs, slot],
    },
  ])
}

/** Who takes a device along, as somebody said, and what the device last said itself: until both are told. */
export interface Lifted {
  readonly serial: string
  /** When it was seen leaving; null while it is still there. */
  readonly leftMs: number | null
  readonly said: LiftedWords
}

export interface LiftedWords {
  /** Null: nobody said it. */
  readonly taker: SaidBy | null
  /** Its user of the shift by the roster. */
  readonly rostered: string | null
  readonly condition: {
    readonly batteryPercent: number | null
    readonly freePercent: number | null
    readonly clockOffsetMs: number | null
  }
}

interface LiftedRow {
  readonly serial: string
  readonly left_ms: number | null
  readonly said: string
}

const liftedOfRow = ({ serial, left_ms, said }: LiftedRow): Lifted => {
  return { serial, leftMs: left_ms, said: JSON.parse(said) as LiftedWords }
}

export async function liftedOf(database: SpoolDatabase, serial: string): Promise<Lifted | null> {
  const [row] = await database.read<LiftedRow>('select * from lifted where serial = ?', [serial])
  return row ? liftedOfRow(row) : null
}

/** Those that were seen leaving and are not told yet. */
export async function allLifted(database: SpoolDatabase): Promise<Lifted[]> {
  return (await database.read<LiftedRow>('select * from lifted where left_ms is not null order by serial')).map(
    liftedOfRow,
  )
}

export async function saveLifted(database: SpoolDatabase, { serial, leftMs, said }: Lifted): Promise<void> {
  await database.write([
    {
      sql: 'insert into lifted (serial, left_ms, said) values (?, ?, ?) on conflict (serial) do update set left_ms = excluded.left_ms, said = excluded.said',
      values: [serial, leftMs, JSON.stringify(said)],
    },
  ])
}

/** Puts reports of it among the posts, and forgets it. */
export async function endLifted(database: SpoolDatabase, serial: string, reports: readonly object[]): Promise<void> {
  await database.write([
    ...reports.map((body) => postStatement(null, { path: '/docks/me/reports', body })),
    { sql: 'delete from lifted where serial = ?', values: [serial] },
  ])
}
