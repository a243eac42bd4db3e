import { access } from 'node:fs/promises'
import { recordLedgerSetup } from '../custody/anchoring/ledger-setup.ts'
import type { Actor } from '../custody/events/actor.ts'
import { makeFirstAccounts } from '../custody/people/first-accounts.ts'
import { seatFacts } from '../custody/seats/facts.ts'
import { forecastSeats } from '../custody/seats/forecast.ts'
import { forecastLines, type ShownForecast, shownForecast } from '../custody/seats/shown.ts'
import { systemClock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { Fault } from '../foundation/errors.ts'
import { askAccounts, parseAccount, readAccounts, requireDistinct, type WantedAccount } from './accounts.ts'
import { withDatabase } from './database.ts'
import { importDevices, type ListedDevice, readDevices } from './devices-table.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { originOf, showKeys } from './keys.ts'
import { ensureLedgerKeys, type PublicKeys, writeSecret } from './ledger-keys.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

export interface SetupOptions {
  readonly account: readonly string[]
  readonly accounts?: string
  readonly devices?: string
  readonly keysDirectory?: string
  readonly passwordsFile?: string
  readonly origin?: string
  readonly json?: boolean
}

interface FirstPassword {
  readonly role: string
  readonly name: string
  readonly account: string
  readonly password: string
}

const actor: Actor = { id: 'setup', role: 'service' }

/**
 * Sets a new system up: the ledger's keys, the first accounts of all staff with random first passwords, the custodian in
 * office, the devices; then says what stops while somebody is away. Everything is read and checked before anything is written. Run again it changes nothing that is
 * there; accounts that are not there it refuses to make, for then they are made by the administrator and released.
 */
export async function setupCommand(terminal: Terminal, options: SetupOptions): Promise<ExitCode> {
  const accounts = await wantedAccounts(terminal, options)
  const table = options.devices ? { path: options.devices, devices: await readDevices(options.devices) } : null
  if (options.passwordsFile) await requireAbsent(options.passwordsFile)
  const done = await withDatabase(terminal, async (db) => {
    await requireSchemaVersion(db)
    const keys = options.keysDirectory
      ? await ensureLedgerKeys(options.keysDirectory, originOf(terminal, options))
      : null
    if (keys) await db.transaction().execute((trx) => recordLedgerSetup(trx, systemClock, actor, keys))
    const { made, custodian } = await makeAccounts(db, accounts)
    const devices = table ? await registerAll(db, table) : 0
    const seats = shownForecast(forecastSeats(await seatFacts(db, systemClock.now())))
    return { keys, made, custodian, devices, seats }
  })
  await handOver(terminal, options, done)
  return exitCodes.fine
}

async function wantedAccounts(terminal: Terminal, options: SetupOptions): Promise<WantedAccount[]> {
  const accounts = [
    ...options.account.map(parseAccount),
    ...(options.accounts ? await readAccounts(options.accounts) : []),
  ]
  const asksNothing = accounts.length > 0 || options.devices || options.keysDirectory
  const all = asksNothing ? accounts : await askAccounts(terminal)
  requireDistinct(all)
  return all
}

async function makeAccounts(
  db: Db,
  accounts: readonly WantedAccount[],
): Promise<{ made: FirstPassword[]; custodian: string | null }> {
  if (accounts.length === 0) return { made: [], custodian: null }
  const { made, custodian } = await makeFirstAccounts(db, systemClock, actor, accounts)
  const passwords = new Map(made.map(({ account, firstPassword }) => [account, firstPassword]))
  return {
    made: accounts.flatMap(({ role, name, account }) => {
      const password = passwords.get(account)
      return password === undefined ? [] : [{ role, name, account, password }]
    }),
    custodian,
  }
}

function registerAll(db: Db, table: { path: string; devices: readonly ListedDevice[] }): Promise<number> {
  return db.transaction().execute((trx) => importDevices(trx, systemClock, actor, table))
}

async function handOver(
  terminal: Terminal,
  options: SetupOptions,
  done: {
    keys: (PublicKeys & { made: boolean }) | null
    made: readonly FirstPassword[]
    custodian: string | null
    devices: number
    seats: ShownForecast
  },
): Promise<void> {
  const { keys, made, custodian, devices, seats } = done
  if (options.passwordsFile && made.length > 0) await writeSecret(options.passwordsFile, JSON.stringify(made, null, 2))
  const shown = made.map(({ password, ...rest }) => (options.passwordsFile ? rest : { ...rest, password }))
  if (options.json) {
    const { made: keysMade = false, ...publicKeys } = keys ?? {}
    terminal.out(JSON.stringify({ ...publicKeys, keysMade, accounts: shown, custodian, devices, seats }))
    return
  }
  if (keys) showKeys(terminal, keys)
  for (const { role, name, account, password } of made) {
    const secret = options.passwordsFile ? `first password in ${options.passwordsFile}` : `first password ${password}`
    terminal.out(`${account}  ${name}  ${role}  ${secret}`)
  }
  if (custodian) terminal.out(`${custodian} is the custodian in office`)
  if (options.devices) terminal.out(`${devices} devices registered`)
  if (seats.people.length > 0) for (const line of forecastLines(seats, 'zh', localTime)) terminal.err(printable(line))
  if (made.length > 0)
    terminal.err(
      'Each first password is shown once, must be changed at the first sign-in, and holds for ten working days.',
    )
}

async function requireAbsent(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new Fault('conflict', `${path} is there already and is not written over`)
}
