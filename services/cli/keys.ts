import { readConfig, text } from '../foundation/config.ts'
import { Fault } from '../foundation/errors.ts'
import { logKeysText, parseLogKeys } from '../ledger/format/log-keys.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { ensureLedgerKeys, type PublicKeys, readPublicKeys } from './ledger-keys.ts'
import type { Terminal } from './terminal.ts'
import { keySetTexts, type TrustedKeys, trustFile } from './trust-file.ts'
import { type KeyOptions, trustedKeys } from './trusted-keys.ts'

export interface MakeKeysOptions {
  readonly keysDirectory: string
  readonly origin?: string
  readonly json?: boolean
}

export interface ShowKeysOptions extends KeyOptions {
  readonly keysDirectory?: string
  readonly origin?: string
  readonly json?: boolean
  readonly trustFile?: boolean
  readonly policy?: string
  readonly timestampRoot: readonly string[]
}

/** Makes the ledger's keys without touching a database: for rotation, and for a machine apart from the servers. */
export async function makeKeysCommand(terminal: Terminal, options: MakeKeysOptions): Promise<ExitCode> {
  const { made, ...keys } = await ensureLedgerKeys(options.keysDirectory, originOf(terminal, options))
  if (!made) terminal.err(`the keys in ${options.keysDirectory} were there already and were kept`)
  if (options.json)
    printKeys(terminal, { log: parseLogKeys(keys.verifierKeys.join(' ')), vrfPublicKey: keys.vrfPublicKey })
  else showKeys(terminal, keys)
  return exitCodes.fine
}

/**
 * Prints the public keys: those of a folder with the secret ones, else those of the settings. With `trustFile` as the file
 * that a verifier is given.
 */
export async function showKeysCommand(terminal: Terminal, options: ShowKeysOptions): Promise<ExitCode> {
  const keys = options.keysDirectory
    ? await keysOfFolder(options.keysDirectory, originOf(terminal, options))
    : keysOfSettings(terminal, options)
  if (options.trustFile) {
    terminal.out(await trustFile(terminal, keys, options))
    return exitCodes.fine
  }
  if (options.policy !== undefined || options.timestampRoot.length > 0) {
    throw new Fault('bad_config', '--policy and --timestamp-root belong to --trust-file')
  }
  if (options.json) printKeys(terminal, keys)
  else showSettings(terminal, keys.log.origin, logKeysText(keys.log), keys.vrfPublicKey)
  return exitCodes.fine
}

async function keysOfFolder(directory: string, origin: string): Promise<TrustedKeys> {
  const { verifierKeys, vrfPublicKey } = await readPublicKeys(directory, origin)
  return { log: parseLogKeys(verifierKeys.join(' ')), vrfPublicKey }
}

function keysOfSettings(terminal: Terminal, options: ShowKeysOptions): TrustedKeys {
  const { verifierKey, vrfPublicKey } = trustedKeys(terminal, options)
  return { log: parseLogKeys(verifierKey), vrfPublicKey }
}

/** The ledger's name: said on the command line, else LEDGER_ORIGIN. @throws bad_config */
export function originOf(terminal: Terminal, options: { origin?: string }): string {
  return options.origin ?? readConfig(terminal.env, { origin: text('LEDGER_ORIGIN') }).origin
}

/** Prints keys that were made or found in a folder, as the settings that hold them. */
export function showKeys(terminal: Terminal, keys: PublicKeys): void {
  showSettings(terminal, keys.origin, keys.verifierKeys.join(' '), keys.vrfPublicKey)
}

function printKeys(terminal: Terminal, { log, vrfPublicKey }: TrustedKeys): void {
  terminal.out(JSON.stringify({ origin: log.origin, keySets: keySetTexts(log), vrfPublicKey }))
}

function showSettings(terminal: Terminal, origin: string, verifierKey: string, vrfPublicKey: string): void {
  terminal.out(`LEDGER_ORIGIN=${origin}`)
  terminal.out(`LEDGER_VERIFIER_KEY="${verifierKey}"`)
  terminal.out(`LEDGER_VRF_PUBLIC_KEY=${vrfPublicKey}`)
}
