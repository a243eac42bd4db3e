import { readFile } from 'node:fs/promises'
import { rowsMissing } from '../custody/fsck/rows-missing.ts'
import { systemClock } from '../foundation/clock.ts'
import { optional, readConfig, readStores, secret, text } from '../foundation/config.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { Fault } from '../foundation/errors.ts'
import { openLog } from '../foundation/log.ts'
import { closeStores, openStores } from '../foundation/store/open.ts'
import { type StoreName, storeNames } from '../foundation/store/store.ts'
import { logKeysOfSetting } from '../ledger/format/log-keys.ts'
import { vrfPublicKey } from '../ledger/format/vrf.ts'
import { type Rebuilt, rebuildEvents } from '../ledger/rebuild/rebuild-events.ts'
import { withDatabase } from './database.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { printable, type Terminal } from './terminal.ts'

export interface RebuildOptions {
  readonly store: string
  readonly recoveryKey: string
  readonly vrfKey?: string
  readonly verifierKey?: string
  readonly check?: boolean
  readonly json?: boolean
}

/**
 * Brings the events of a lost database back from one store, into a database whose ledger is empty. Exit code 1 when something cannot be brought back although what is there is proven: an event without a key, or events that the log
 * had signed and the store never got.
 */
export async function rebuildEventsCommand(terminal: Terminal, options: RebuildOptions): Promise<ExitCode> {
  const store = storeNames.find((name) => name === options.store)
  if (!store) throw new Fault('bad_request', `--store: not one of ${storeNames.join(', ')}: ${options.store}`)
  const keys = await keysOf(terminal, options)
  const stores = openStores(readStores(terminal.env), openLog({ service: 'custody', level: 'silent' }))
  try {
    return await withDatabase(terminal, async (db) => {
      await requireSchemaVersion(db)
      const deps = { db, store: stores[store], clock: systemClock, ...keys, onProgress: progressOf(terminal) }
      const rebuilt = await rebuildEvents(deps, { check: options.check ?? false })
      return tell(terminal, { store, rebuilt, missing: await rowsMissing(db) }, options)
    })
  } finally {
    await closeStores(stores)
  }
}

async function keysOf(terminal: Terminal, options: RebuildOptions) {
  const settings = readConfig(terminal.env, {
    origin: text('LEDGER_ORIGIN'),
    verifierKey: optional(text('LEDGER_VERIFIER_KEY')),
    vrfPublicKey: optional(text('LEDGER_VRF_PUBLIC_KEY')),
    vrfKey: optional(secret('LEDGER_VRF_KEY')),
  })
  const verifierText = options.verifierKey ?? settings.verifierKey
  if (!verifierText)
    throw new Fault('bad_config', "--verifier-key (or LEDGER_VERIFIER_KEY): the ledger's verifier key is missing")
  const vrfText = options.vrfKey ? await readKey(options.vrfKey) : settings.vrfKey?.reveal()
  if (!vrfText)
    throw new Fault(
      'bad_config',
      "--vrf-key (or LEDGER_VRF_KEY_FILE): the file with the ledger's secret VRF key is missing",
    )
  if (!/^[0-9a-f]{64}$/.test(vrfText)) throw new Fault('bad_config', '--vrf-key: the file does not hold 64 hex digits')
  const vrfSecretKey = Buffer.from(vrfText, 'hex')
  if (settings.vrfPublicKey && vrfPublicKey(vrfSecretKey).toString('hex') !== settings.vrfPublicKey) {
    throw new Fault('bad_config', '--vrf-key: it is not the key of LEDGER_VRF_PUBLIC_KEY')
  }
  const identity = (await readKey(options.recoveryKey)).split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (!identity) throw new Fault('bad_config', `${options.recoveryKey} holds no recovery key (AGE-SECRET-KEY-…)`)
  return { log: logKeysOfSetting(verifierText, settings.origin), vrfSecretKey, identity: identity.trim() }
}

async function readKey(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new Fault('bad_config', `${path} cannot be read`, { cause })
  }
}

function progressOf(terminal: Terminal): ((what: string) => void) | undefined {
  return terminal.person ? (what) => terminal.err(`… ${what}`) : undefined
}

function tell(
  terminal: Terminal,
  outcome: { store: StoreName; rebuilt: Rebuilt; missing: Readonly<Record<string, { told: number; rows: number }>> },
  options: RebuildOptions,
): ExitCode {
  const { store, rebuilt, missing } = outcome
  const lost = Math.max(0, rebuilt.signedSize - rebuilt.size)
  const code = lost > 0 || rebuilt.unreadable.length > 0 ? exitCodes.findings : exitCodes.fine
  if (options.json) {
    terminal.out(JSON.stringify({ store, ...rebuilt, lost, missing }))
    return code
  }
  terminal.out(`${rebuilt.size} events on ${store}, all proven up to checkpoint ${rebuilt.size}`)
  terminal.out(
    options.check
      ? 'checked only: nothing was written'
      : `${rebuilt.events} events, ${rebuilt.leaves} leaves and ${rebuilt.links} links were written`,
  )
  for (const notice of rebuilt.notices) terminal.out(printable(`notice  ${notice}`))
  if (rebuilt.beyond > 0) terminal.out(`the database has ${rebuilt.beyond} leaves beyond the archive`)
  if (lost > 0)
    terminal.out(`lost    ${lost} events were signed (checkpoint ${rebuilt.signedSize}) and are not on ${store}`)
  for (const index of rebuilt.unreadable) terminal.out(`lost    what leaf ${index} says: no key opens it`)
  for (const [table, { told, rows }] of Object.entries(missing)) {
    if (rows < told) terminal.out(`rows    ${table}: ${rows} of the ${told} that events tell of`)
  }
  terminal.out('Events committed after the last batch (a minute at most) are not on any store. Next: custody fsck')
  return code
}
