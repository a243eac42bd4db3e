import { Fault } from '../../foundation/errors.ts'
import { keyKind, parseVerifierKey, signatureTypes, type VerifierKey, verifierKeyText } from './keys.ts'
import { malformed, readDecimal } from './strict.ts'

/** "Logs SHOULD use ML-DSA-44 cosignatures to sign the checkpoint, but MAY use any note signature algorithm" */
const logTypes: readonly number[] = [signatureTypes.ed25519, signatureTypes.cosignatureMlDsa44]

/** Keys of a log that sign together: every one of them signs each checkpoint of `from` or more leaves, until the next set. */
export interface KeySet {
  readonly from: number
  /** At least one, and at most one of each kind. */
  readonly keys: readonly VerifierKey[]
}

/** The keys of one log; all have its origin as their name. The first set begins at 0, each other one after the one before it. */
export interface LogKeys {
  readonly origin: string
  readonly sets: readonly KeySet[]
}

/**
 * Checks that key sets are those of one log.
 *
 * @throws malformed for no set, a set without a key or with two of one kind, a key that no log signs with, keys of two logs,
 *   sets that do not ascend from 0
 */
export function logKeysOf(sets: readonly KeySet[]): LogKeys {
  const origin = sets[0]?.keys[0]?.name
  if (origin === undefined) throw malformed('there is no verifier key of the log')
  sets.forEach(({ from, keys }, at) => {
    if (at === 0 && from !== 0) throw malformed(`the first key set begins at ${from} leaves, not at 0`)
    if (at > 0 && from <= sets[at - 1]!.from)
      throw malformed(`a key set from ${from} follows one from ${sets[at - 1]!.from}`)
    checkSet(keys, from, origin)
  })
  return { origin, sets }
}

/** The keys that must all have signed a checkpoint of this size. */
export function keysAt({ sets }: LogKeys, size: number): readonly VerifierKey[] {
  return sets.findLast(({ from }) => from <= size)!.keys
}

/** Every key of the log that signs or has signed, each once, in the order of its first set. */
export function allKeys({ sets }: LogKeys): VerifierKey[] {
  return [...new Map(sets.flatMap(({ keys }) => keys).map((key) => [key.keyId, key])).values()]
}

/**
 * Reads a log's verifier keys from one text, separated by white space: the keys that sign from the beginning, and for each
 * rotation `from <size>` with the keys that sign every checkpoint of that size or more: `<key> <key> from 1200 <key> <key>`.
 *
 * @throws malformed as `logKeysOf`
 */
export function parseLogKeys(text: string): LogKeys {
  const sets: { from: number; keys: VerifierKey[] }[] = [{ from: 0, keys: [] }]
  const items = text.split(/\s+/).filter((item) => item !== '')
  for (let at = 0; at < items.length; at++) {
    if (items[at] === 'from') {
      at += 1
      sets.push({ from: readDecimal(items[at] ?? '', 'the tree size after "from"'), keys: [] })
    } else {
      sets.at(-1)!.keys.push(parseVerifierKey(items[at]!))
    }
  }
  return logKeysOf(sets)
}

/** The text that `parseLogKeys` reads. */
export function logKeysText({ sets }: LogKeys): string {
  return sets
    .flatMap(({ from, keys }, at) => [
      ...(at === 0 ? [] : [`from ${from}`]),
      ...keys.map(({ name, publicKey, type }) => verifierKeyText(name, publicKey, type)),
    ])
    .join(' ')
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

function checkSet(keys: readonly VerifierKey[], from: number, origin: string): void {
  if (keys.length === 0) throw malformed(`the key set from ${from} has no key`)
  for (const { name, type } of keys) {
    if (!logTypes.includes(type)) throw malformed(`${name} has a key of signature type ${type}, which no log has`)
    if (name !== origin) throw malformed(`the keys are of two logs: ${origin} and ${name}`)
    if (keys.filter((key) => key.type === type).length > 1) {
      throw malformed(
        `the key set from ${from} has two ${keyKind(type)} keys, and all keys of a set must sign: for a rotation begin a new set with "from <size>"`,
      )
    }
  }
}
