import type { SpoolDatabase } from './database.ts'

/** What was said of a device's stay that must outlive the process and a reset of the bus. */
export interface Stay {
  readonly isKept: boolean
  /** When it was seen leaving; null while it is there, and after a power cut. */
  readonly leftMs: number | null
}

export async function stayOf(database: SpoolDatabase, serial: string): Promise<Stay | null> {
  const [row] = await database.read<{ is_kept: number; left_ms: number | null }>(
    'select is_kept, left_ms from docking where serial = ?',
    [serial],
  )
  return row ? { isKept: row.is_kept === 1, leftMs: row.left_ms } : null
}

export async function saveStay(database: SpoolDatabase, serial: string, { isKept, leftMs }: Stay): Promise<void> {
  await database.write([
    {
      sql: 'insert into docking (serial, is_kept, left_ms) values (?, ?, ?) on conflict (serial) do update set is_kept = excluded.is_kept, left_ms = excluded.left_ms',
      values: [serial, isKept ? 1 : 0, leftMs],
    },
  ])
}
