import { readConfig, secretUrl } from '../foundation/config.ts'
import { type Db, openDatabase } from '../foundation/db/database.ts'
import { databaseFault } from '../foundation/db/failures.ts'
import type { Terminal } from './terminal.ts'

/** Opens the database of DATABASE_URL (as a rule the owner's), runs `work`, and closes it. @throws bad_config, database_down */
export async function withDatabase<T>(terminal: Terminal, work: (db: Db) => Promise<T>): Promise<T> {
  const config = readConfig(terminal.env, {
    url: secretUrl('DATABASE_URL', { protocols: ['postgres', 'postgresql'] }),
  })
  const db = openDatabase({
    url: config.url.reveal(),
    applicationName: 'custody',
    connectionsMax: 4,
    // A check of ten million events sorts and groups longer than any service may.
    statementTimeoutMs: 30 * 60_000,
    // The query under way fails with the same error.
    onConnectionError: () => undefined,
  })
  try {
    return await work(db)
  } catch (error) {
    throw databaseFault(error) ?? error
  } finally {
    await db.destroy()
  }
}
