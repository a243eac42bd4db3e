import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { optional, readConfig } from '../foundation/config.ts'
import { Fault } from '../foundation/errors.ts'
import { parseVerifierKey } from '../ledger/format/keys.ts'
import { type Policy, parsePolicy } from '../ledger/format/policy.ts'
import { policySetting } from '../ledger/witness/policy-setting.ts'
import type { PublicKeys } from './ledger-keys.ts'
import type { Terminal } from './terminal.ts'

export interface TrustFileOptions {
  /** A file with the policy's text; without it LEDGER_POLICY. */
  readonly policy?: string
  /** Files with the certificates, PEM, of time-stamp authorities. */
  readonly timestampRoot: readonly string[]
}

/**
 * The text of a trust file (services/ledger/DESIGN.md §5): whom a verifier believes. A policy that names no log is given
 * the log's keys; without a policy a checkpoint needs nobody's cosignature.
 *
 * @throws bad_config for files that cannot be read, or a policy of another log
 */
export async function trustFile(terminal: Terminal, keys: PublicKeys, options: TrustFileOptions): Promise<string> {
  const given = await givenPolicy(terminal, options)
  const logLines = keys.verifierKeys.map((key) => `log ${key}\n`).join('')
  if (given === null) terminal.err('no policy: whoever uses this file asks for no witness (LEDGER_POLICY or --policy)')
  else requireSameLog(terminal, keys, given)
  const policy =
    given === null ? `${logLines}quorum none\n` : given.logKeys.length > 0 ? given.text : logLines + given.text
  const timestampRoots: string[] = []
  for (const path of options.timestampRoot) timestampRoots.push(...(await certificatesOf(path)))
  return JSON.stringify({ policy, timestampRoots, vrfPublicKey: keys.vrfPublicKey }, null, 2)
}

async function givenPolicy(terminal: Terminal, options: TrustFileOptions): Promise<Policy | null> {
  if (options.policy === undefined) {
    return readConfig(terminal.env, { policy: optional(policySetting('LEDGER_POLICY')) }).policy
  }
  const text = await readText(options.policy)
  try {
    return parsePolicy(text)
  } catch (cause) {
    throw new Fault('bad_config', `${options.policy}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

/** All of a policy's logs are this one. A key of the log that it leaves out is said: it may be on purpose. */
function requireSameLog(terminal: Terminal, keys: PublicKeys, policy: Policy): void {
  const others = policy.logKeys.filter(({ name }) => name !== keys.origin)
  if (others.length > 0)
    throw new Fault('bad_config', `the policy names the log ${others[0]!.name}, not ${keys.origin}`)
  if (policy.logKeys.length === 0) return
  for (const text of keys.verifierKeys) {
    const { keyId } = parseVerifierKey(text)
    if (policy.logKeys.some((key) => key.keyId === keyId)) continue
    terminal.err(`the policy does not name this key of the log: ${text.slice(0, 80)}`)
  }
}

async function certificatesOf(path: string): Promise<string[]> {
  const blocks = (await readText(path)).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  if (blocks === null) throw new Fault('bad_config', `${path}: there is no certificate in PEM`)
  return blocks.map((block) => {
    try {
      return new X509Certificate(block).toString()
    } catch (cause) {
      throw new Fault('bad_config', `${path}: a certificate cannot be read`, { cause })
    }
  })
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new Fault('bad_config', `${path} cannot be read: ${cause.message}`, { cause })
  })
}
