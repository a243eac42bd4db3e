import { Fault } from '../../foundation/errors.ts'
import type { VerifierKey } from './keys.ts'
import type { Policy } from './policy.ts'

/** A witness as one talks to it: every key it signs with, and its submission prefix; null for one reached by courier. */
export interface Witness {
  /** The key name on its signature lines. */
  readonly name: string
  readonly keys: readonly VerifierKey[]
  readonly url: string | null
}

/**
 * The witnesses of a policy. A `witness` line holds one key, so one that signs with two has two lines: those with the same
 * key name or the same address are one witness.
 *
 * @throws bad_config for one that is given with two addresses
 */
export function witnessesOf(policy: Policy): Witness[] {
  const witnesses: Witness[] = []
  for (const { key, url } of policy.witnesses) {
    const at = witnesses.findIndex((known) => known.name === key.name || (url !== null && known.url === url))
    const known = witnesses[at]
    if (known === undefined) {
      witnesses.push({ name: key.name, keys: [key], url })
      continue
    }
    if (known.url !== null && url !== null && known.url !== url) {
      throw new Fault('bad_config', `the witness ${key.name} has two addresses, ${known.url} and ${url}`)
    }
    witnesses[at] = { ...known, keys: [...known.keys, key], url: known.url ?? url }
  }
  return witnesses
}

/** The witness of this name: the one on its signature lines, or one of the policy's. @throws not_found naming those there are */
export function requireWitness(policy: Policy | null, name: string): Witness {
  const witnesses = policy === null ? [] : witnessesOf(policy)
  const named = policy?.witnesses.find((line) => line.name === name)?.key.name
  const witness = witnesses.find((one) => one.keys.some((key) => key.name === (named ?? name)))
  if (witness) return witness
  const known = witnesses.map((one) => one.name).join(', ') || 'none'
  throw new Fault('not_found', `the ledger's policy names no witness ${name}; it names ${known}`)
}
