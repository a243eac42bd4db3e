import { migrate } from '../foundation/db/migrate.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** Brings the schema up to this version; prints what ran. */
export async function migrateCommand(terminal: Terminal, options: { json?: boolean }): Promise<ExitCode> {
  const applied = await withDatabase(terminal, migrate)
  if (options.json) terminal.out(JSON.stringify({ applied }))
  else if (applied.length === 0) terminal.out('the schema is up to date')
  else for (const name of applied) terminal.out(`applied ${name}`)
  return exitCodes.fine
}
