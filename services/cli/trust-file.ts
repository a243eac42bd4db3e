import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { optional, readConfig } from '../foundation/config.ts'
import { Fault } from '../foundation/errors.ts'
import { keyKind, verifierKeyText } from '../ledger/format/keys.ts'
import { allKeys, type LogKeys } from '../ledger/format/log-keys.ts'
import { type Policy, parsePolicy } from '../ledger/format/policy.ts'
import { policySetting } from '../ledger/witness/policy-setting.ts'
import type { Terminal } from './terminal.ts'

export interface TrustFileOptions {
  /** A file with the policy's text; without it LEDGER_POLICY. */
  readonly policy?: string
  /** Files with the certificates, PEM, of time-stamp authorities. */
  readonly timestampRoot: readonly string[]
}

/** The ledger's public keys, as a trust file names them. */
export interface TrustedKeys {
  readonly log: LogKeys
  /** 32 bytes in hex. */
  readonly vrfPublicKey: string
}

/**
 * The text of a trust file (services/ledger/DESIGN.md §5): whom a verifier believes. The `log` lines of a policy are left out,
 * since the key sets say more than they can; without a policy a checkpoint needs nobody's cosignature.
 *
 * @throws bad_config for files that cannot be read, or a policy of another log
 */
export async function trustFile(terminal: Terminal, keys: TrustedKeys, options: TrustFileOptions): Promise<string> {
  const given = await givenPolicy(terminal, options)
  if (given === null) terminal.err('no policy: whoever uses this file asks for no witness (LEDGER_POLICY or --policy)')
  else requireSameLog(keys.log, given)
  const policy = given === null ? 'quorum none\n' : given.text.replaceAll(/^[ \t]*log[ \t].*\n/gm, '')
  const timestampRoots: string[] = []
  for (const path of options.timestampRoot) timestampRoots.push(...(await certificatesOf(path)))
  const file = {
    format: 'trust/v2',
    logKeys: keySetTexts(keys.log),
    policy,
    timestampRoots,
    vrfPublicKey: keys.vrfPublicKey,
  }
  return JSON.stringify(file, null, 2)
}

/** Key sets with their keys as texts, for JSON. */
export function keySetTexts({ sets }: LogKeys): { from: number; keys: string[] }[] {
  return sets.map(({ from, keys }) => ({
    from,
    keys: keys.map(({ name, publicKey, type }) => verifierKeyText(name, publicKey, type)),
  }))
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

/** A policy's `log` lines are left out of the file: one that names another log, or a key that the key sets lack, is refused. */
function requireSameLog(log: LogKeys, policy: Policy): void {
  const known = allKeys(log)
  for (const { name, keyId, type } of policy.logKeys) {
    if (name !== log.origin) throw new Fault('bad_config', `the policy names the log ${name}, not ${log.origin}`)
    if (known.some((key) => key.keyId === keyId)) continue
    throw new Fault(
      'bad_config',
      `the policy names an ${keyKind(type)} key of ${name} that LEDGER_VERIFIER_KEY does not hold`,
    )
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
