import { optional, readConfig, text } from '../foundation/config.ts'
import { Fault } from '../foundation/errors.ts'
import { parseLogKeys } from '../ledger/format/log-keys.ts'
import type { Terminal } from './terminal.ts'

export interface KeyOptions {
  readonly verifierKey?: string
  readonly vrfKey?: string
}

/**
 * The ledger's public keys from outside of what is checked: the command line, else LEDGER_VERIFIER_KEY and
 * LEDGER_VRF_PUBLIC_KEY. They are never asked of the service. The verifier keys are read as `parseLogKeys` says.
 *
 * @throws bad_config
 */
export function trustedKeys(
  terminal: Terminal,
  options: KeyOptions,
): { readonly verifierKey: string; readonly vrfPublicKey: string } {
  const settings = readConfig(terminal.env, {
    verifierKey: optional(text('LEDGER_VERIFIER_KEY')),
    vrfPublicKey: optional(text('LEDGER_VRF_PUBLIC_KEY')),
  })
  const verifierKey = options.verifierKey ?? settings.verifierKey
  const vrfPublicKey = options.vrfKey ?? settings.vrfPublicKey
  const problems: string[] = []
  if (!verifierKey) problems.push("--verifier-key (or LEDGER_VERIFIER_KEY): the ledger's verifier keys")
  if (!vrfPublicKey) problems.push("--vrf-key (or LEDGER_VRF_PUBLIC_KEY): the ledger's VRF public key")
  else if (!/^[0-9a-f]{64}$/.test(vrfPublicKey)) problems.push('--vrf-key: not 64 lower-case hex digits')
  if (problems.length > 0 || !verifierKey || !vrfPublicKey) {
    throw new Fault(
      'bad_config',
      `missing or wrong, from a place that the service does not govern:\n${problems.join('\n')}`,
    )
  }
  parseLogKeys(verifierKey)
  return { verifierKey, vrfPublicKey }
}
