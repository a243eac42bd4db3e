import { join } from 'node:path'
import { readConfig, text } from '../foundation/config.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { ensureLedgerKeys, type PublicKeys, readPublicKeys, signingKeyFile, vrfKeyFile } from './ledger-keys.ts'
import type { Terminal } from './terminal.ts'

export interface KeysOptions {
  readonly keysDirectory: string
  readonly origin?: string
  readonly json?: boolean
}

/** Makes the ledger's keys without touching a database: for rotation, and for a machine apart from the servers. */
export async function makeKeysCommand(terminal: Terminal, options: KeysOptions): Promise<ExitCode> {
  const keys = await ensureLedgerKeys(options.keysDirectory, originOf(terminal, options))
  const { made, ...shown } = keys
  if (!made) terminal.err(`the keys in ${options.keysDirectory} were there already and were kept`)
  showKeys(terminal, shown, options.json ?? false)
  return exitCodes.fine
}

/** Prints the public halves of the keys in a folder. */
export async function showKeysCommand(terminal: Terminal, options: KeysOptions): Promise<ExitCode> {
  const paths = {
    signing: join(options.keysDirectory, signingKeyFile),
    vrf: join(options.keysDirectory, vrfKeyFile),
  }
  showKeys(terminal, await readPublicKeys(paths, originOf(terminal, options)), options.json ?? false)
  return exitCodes.fine
}

/** The ledger's name: said on the command line, else LEDGER_ORIGIN. @throws bad_config */
export function originOf(terminal: Terminal, options: { origin?: string }): string {
  return options.origin ?? readConfig(terminal.env, { origin: text('LEDGER_ORIGIN') }).origin
}

/** Prints keys as the settings that hold them, or as JSON. */
export function showKeys(terminal: Terminal, keys: PublicKeys, json: boolean): void {
  if (json) {
    terminal.out(JSON.stringify(keys))
    return
  }
  terminal.out(`LEDGER_ORIGIN=${keys.origin}`)
  terminal.out(`LEDGER_VERIFIER_KEY=${keys.verifierKey}`)
  terminal.out(`LEDGER_VRF_PUBLIC_KEY=${keys.vrfPublicKey}`)
}
