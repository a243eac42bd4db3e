import { recoverPeople } from '../custody/people/recovery.ts'
import { systemClock } from '../foundation/clock.ts'
import { optional, readConfig, readStores, text } from '../foundation/config.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { Fault } from '../foundation/errors.ts'
import { openLog } from '../foundation/log.ts'
import { closeStores, openStores } from '../foundation/store/open.ts'
import { storeNames } from '../foundation/store/store.ts'
import { archiveNames } from '../ledger/archive/names.ts'
import { proveRecoveryKey } from '../ledger/archive/recovery-proof.ts'
import { parseAccount, requireDistinct } from './accounts.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { writeSecret } from './ledger-keys.ts'
import { joinShares } from './recovery-shares.ts'
import type { Terminal } from './terminal.ts'

export interface RecoverPeopleOptions {
  readonly share: readonly string[]
  readonly account: readonly string[]
  readonly gone: readonly string[]
  readonly store: string
  readonly passwordsFile?: string
  readonly json?: boolean
}

/**
 * Makes accounts for offices that nobody holds any more. Whoever runs it proves that enough keepers of the recovery key agree:
 * their shares make the key that opens the newest batch of the ledger's archive, which nobody who holds the database alone can
 * replace.
 */
export async function recoverPeopleCommand(terminal: Terminal, options: RecoverPeopleOptions): Promise<ExitCode> {
  const accounts = options.account.map(parseAccount)
  requireDistinct(accounts)
  const store = storeNames.find((name) => name === options.store)
  if (!store) throw new Fault('bad_request', `--store: not one of ${storeNames.join(', ')}: ${options.store}`)
  const settings = readConfig(terminal.env, {
    origin: text('LEDGER_ORIGIN'),
    recipient: optional(text('ARCHIVE_RECOVERY_RECIPIENT')),
  })
  const { identity, recipient, numbers } = await joinShares(options.share)
  if (settings.recipient && settings.recipient !== recipient) {
    throw new Fault('bad_request', `the shares are of ${recipient}, and ARCHIVE_RECOVERY_RECIPIENT is another key`)
  }
  const stores = openStores(readStores(terminal.env), openLog({ service: 'custody', level: 'silent' }))
  try {
    await proveRecoveryKey(stores[store], archiveNames(settings.origin), identity)
  } finally {
    await closeStores(stores)
  }
  const made = await withDatabase(terminal, async (db) => {
    await requireSchemaVersion(db)
    return recoverPeople(db, systemClock, { accounts, gone: options.gone, shares: numbers, recipient })
  })
  if (options.passwordsFile) await writeSecret(options.passwordsFile, JSON.stringify(made, null, 2))
  const shown = made.map(({ password, ...rest }) => (options.passwordsFile ? rest : { ...rest, password }))
  if (options.json) terminal.out(JSON.stringify({ accounts: shown, shares: numbers, recipient }))
  else for (const one of shown) terminal.out(Object.values(one).join('  '))
  terminal.err(
    'Each first password is shown once, must be changed at the first sign-in, and holds for ten working days. Everybody is told of this act.',
  )
  return exitCodes.fine
}
