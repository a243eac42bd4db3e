import { type Finding, fsck } from '../custody/fsck/fsck.ts'
import { recordedFsck } from '../custody/fsck/record.ts'
import { systemClock } from '../foundation/clock.ts'
import { readStores } from '../foundation/config.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { openLog } from '../foundation/log.ts'
import { closeStores, openStores } from '../foundation/store/open.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { printable, type Terminal } from './terminal.ts'
import { type KeyOptions, trustedKeys } from './trusted-keys.ts'

export interface FsckOptions extends KeyOptions {
  readonly objects?: boolean
  /** False with `--no-stores`. */
  readonly stores: boolean
  readonly json?: boolean
}

/**
 * Holds rows, events, ledger and stores against each other. Exit code 1 when an error is found; notices are none. Reading
 * every object is reading footage, so that is entered in the ledger first; else nothing is written.
 */
export async function fsckCommand(terminal: Terminal, options: FsckOptions): Promise<ExitCode> {
  const keys = trustedKeys(terminal, options)
  const stores = options.stores
    ? openStores(readStores(terminal.env), openLog({ service: 'custody', level: 'silent' }))
    : null
  try {
    const findings = await withDatabase(terminal, async (db) => {
      await requireSchemaVersion(db)
      const onProgress = terminal.person ? (what: string) => terminal.err(`… ${what}`) : undefined
      const deps = { db, stores, ...keys, objects: options.objects ?? false, onProgress }
      if (!stores || !options.objects) return fsck(deps)
      return (await recordedFsck({ ...deps, clock: systemClock, actor: 'custody' })).findings
    })
    return tell(terminal, findings, options.json ?? false)
  } finally {
    if (stores) await closeStores(stores)
  }
}

function tell(terminal: Terminal, findings: readonly Finding[], json: boolean): ExitCode {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (json) terminal.out(JSON.stringify({ errors, notices: findings.length - errors, findings }))
  else {
    for (const { severity, check, subject, problem } of findings) {
      terminal.out(printable(`${severity}  ${check}  ${subject}: ${problem}`))
    }
    terminal.out(errors === 0 ? 'everything agrees' : `${errors} errors`)
  }
  return errors === 0 ? exitCodes.fine : exitCodes.findings
}
