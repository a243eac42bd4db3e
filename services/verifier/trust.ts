import { Fault, isFault } from '../foundation/errors.ts'
import { originOf, type Policy, parsePolicy } from '../ledger/format/policy.ts'
import { malformed } from '../ledger/format/strict.ts'
import { readRoots } from '../ledger/timestamp/certificates.ts'
import { type Check, isHex, isObject, isText } from './json-files.ts'

/** Whom the reader trusts. It comes from outside of the package, always (DESIGN.md §5). */
export interface PackageTrust {
  readonly policy: Policy
  readonly origin: string
  readonly vrfPublicKey: Buffer
  readonly timestampRoots: readonly string[]
}

const isTextList: Check = (value) => Array.isArray(value) && value.every((one) => typeof one === 'string')
const isTrust = isObject({ policy: isText, vrfPublicKey: isHex(32), timestampRoots: isTextList })

/**
 * Reads a trust file.
 *
 * @throws bad_config saying what is wrong with it: no package can be verified then
 */
export function parseTrust(text: string): PackageTrust {
  try {
    const value: unknown = parseJson(text)
    if (!isTrust(value as never))
      throw malformed('it has not exactly policy, vrfPublicKey (64 hex digits) and timestampRoots (a list)')
    const trust = value as { policy: string; vrfPublicKey: string; timestampRoots: string[] }
    const policy = parsePolicy(trust.policy)
    readRoots(trust.timestampRoots)
    const vrfPublicKey = Buffer.from(trust.vrfPublicKey, 'hex')
    return { policy, origin: originOf(policy), vrfPublicKey, timestampRoots: trust.timestampRoots }
  } catch (cause) {
    if (!isFault(cause, 'malformed')) throw cause
    throw new Fault('bad_config', `the trust file cannot be used: ${cause.message}`, { cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed('it is not JSON', cause)
  }
}
