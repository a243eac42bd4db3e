import { sql } from 'kysely'
import type { Db } from '../../../foundation/db/database.ts'
import { Fault } from '../../../foundation/errors.ts'

const required = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

/** The log does not sign what a power cut could take back. @throws bad_config naming each setting that is off. */
export async function requireDurableDatabase(db: Db): Promise<void> {
  const off: string[] = []
  for (const setting of required) {
    const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(db)
    if (rows[0]?.value === 'off' || rows[0]?.value === 'local') off.push(setting)
  }
  if (off.length > 0) {
    throw new Fault(
      'bad_config',
      `PostgreSQL runs with ${off.join(', ')} off: the sequencer signs nothing until it is on`,
    )
  }
}
