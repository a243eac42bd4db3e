import { Fault } from '../../foundation/errors.ts'
import { parseVerifierKey, signatureTypes, type VerifierKey } from './keys.ts'
import { malformed } from './strict.ts'

/** "Logs SHOULD use ML-DSA-44 cosignatures to sign the checkpoint, but MAY use any note signature algorithm" */
const logTypes: readonly number[] = [signatureTypes.ed25519, signatureTypes.cosignatureMlDsa44]

/** The keys of one log, at least one; all have its origin as their name. */
export interface LogKeys {
  readonly origin: string
  readonly keys: readonly VerifierKey[]
}

/**
 * Reads a log's verifier keys, parted by white space: one for each key that it signs with, and those that it signed with
 * before. A checkpoint holds when one of them signed it and none of their signatures on it is wrong.
 *
 * @throws malformed for no key, a key that is not for logs, keys of two logs, or one key twice
 */
export function parseLogKeys(text: string): LogKeys {
  const keys = text
    .split(/\s+/)
    .filter((item) => item !== '')
    .map(parseVerifierKey)
  const [first, ...others] = keys
  if (first === undefined) throw malformed('there is no verifier key of the log')
  for (const key of keys) {
    if (!logTypes.includes(key.type))
      throw malformed(`${key.name} has a key of signature type ${key.type}, which no log has`)
  }
  for (const key of others) {
    if (key.name !== first.name) throw malformed(`the keys are of two logs: ${first.name} and ${key.name}`)
  }
  if (new Set(keys.map(({ keyId }) => keyId)).size !== keys.length) throw malformed('a verifier key stands there twice')
  return { origin: first.name, keys }
}

/** The setting LEDGER_VERIFIER_KEY as `parseLogKeys` reads it. @throws bad_config, also when the keys are another log's */
export function logKeysOfSetting(text: string, origin: string): LogKeys {
  const refuse = (reason: string) => new Fault('bad_config', `LEDGER_VERIFIER_KEY: ${reason}`)
  let keys: LogKeys
  try {
    keys = parseLogKeys(text)
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error))
  }
  if (keys.origin !== origin) throw refuse(`is of ${keys.origin}, but LEDGER_ORIGIN is ${origin}`)
  return keys
}
