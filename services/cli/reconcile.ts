import { type Reconciliation, reconciliation } from '../custody/reads/counts.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { beginningOption } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

export interface ReconcileOptions {
  /** A day, or ISO 8601; the last 24 hours without it. */
  readonly since?: string
  readonly json?: boolean
}

const dayMs = 24 * 60 * 60_000

/** Shows what the stores say was read and what explains it. Exit code 1 when something is unexplained or a store silent. */
export async function reconcileCommand(terminal: Terminal, options: ReconcileOptions): Promise<ExitCode> {
  const { since: named } = options
  const since = new Date(named === undefined ? Date.now() - dayMs : beginningOption('--since', named))
  const found = await withDatabase(terminal, async (db) => {
    await requireSchemaVersion(db)
    return reconciliation(db, since)
  })
  if (options.json) terminal.out(JSON.stringify(found))
  else for (const line of linesOf(found)) terminal.out(line)
  return found.unexplained > 0 || found.silent.length > 0 ? exitCodes.findings : exitCodes.fine
}

function linesOf({ since, counts, unexplained, silent, neverReported }: Reconciliation): string[] {
  const waiting = counts.reduce((sum, one) => sum + (one.by === 'waiting' ? one.reads : 0), 0)
  return [
    `reads since ${since.toISOString()}: store, credential, explained by, reads, bytes`,
    ...counts.map((one) =>
      [one.store, one.credential, one.by, one.reads, one.bytes].map((cell) => printable(`${cell}`)).join('  '),
    ),
    ...silent.map((one) => `${one.store} has not reported what we read from it since ${one.since.toISOString()}`),
    ...neverReported.map((store) => `${store} has never reported a read: is its audit webhook set up?`),
    ...(waiting > 0 ? [`${waiting} reads wait until the acts that explain them must be on their rows`] : []),
    unexplained === 0 ? 'every read that was judged is explained' : `${unexplained} reads are explained by nothing`,
  ]
}
