import { Fault, isFault } from '../foundation/errors.ts'
import { isJsonObject, isWhole, type JsonValue } from '../ledger/format/canonical.ts'
import { parseVerifierKey } from '../ledger/format/keys.ts'
import { type LogKeys, logKeysOf } from '../ledger/format/log-keys.ts'
import { type Policy, parsePolicy } from '../ledger/format/policy.ts'
import { malformed } from '../ledger/format/strict.ts'
import { readRoots } from '../ledger/timestamp/certificates.ts'
import { isHex, isListOf, isObject, isText } from './json-files.ts'

/** Whom the reader trusts. It comes from outside of the package, always (DESIGN.md §5). */
export interface PackageTrust {
  /** The log's key sets, by the tree size from which each signs. */
  readonly log: LogKeys
  /** The witnesses and their quorum; it has no `log` lines. */
  readonly policy: Policy
  readonly vrfPublicKey: Buffer
  readonly timestampRoots: readonly string[]
}

interface TrustFile {
  readonly format: string
  readonly logKeys: readonly { readonly from: number; readonly keys: readonly string[] }[]
  readonly policy: string
  readonly timestampRoots: readonly string[]
  readonly vrfPublicKey: string
}

const trustFormat = 'trust/v2'
const isTrust = isObject({
  format: isText,
  logKeys: isListOf(isObject({ from: isWhole, keys: isListOf(isText) })),
  policy: isText,
  timestampRoots: isListOf(isText),
  vrfPublicKey: isHex(32),
})

/**
 * Reads a trust file.
 *
 * @throws bad_config saying what is wrong with it: no package can be verified then
 */
export function parseTrust(text: string): PackageTrust {
  try {
    const { logKeys, policy: policyText, timestampRoots, vrfPublicKey } = readTrustFile(text)
    const log = logKeysOf(logKeys.map(({ from, keys }) => ({ from, keys: keys.map(parseVerifierKey) })))
    const policy = parsePolicy(policyText)
    if (policy.logKeys.length > 0) throw malformed("its policy has a log line: the log's keys stand in logKeys alone")
    readRoots(timestampRoots)
    return { log, policy, vrfPublicKey: Buffer.from(vrfPublicKey, 'hex'), timestampRoots }
  } catch (cause) {
    if (!isFault(cause, 'malformed')) throw cause
    throw new Fault('bad_config', `核验公钥文件不能使用。the trust file cannot be used: ${cause.message}`, { cause })
  }
}

/** Nothing is known of the members of another format, so its name is looked at first. */
function readTrustFile(text: string): TrustFile {
  const value = parseJson(text) as JsonValue
  if (!isJsonObject(value)) throw malformed('it is not a JSON object')
  if (value.format !== trustFormat) {
    const found =
      value.format === undefined
        ? 'it names no format, as trust/v1 did'
        : `its format is ${JSON.stringify(value.format)}`
    throw malformed(
      `${found}; this verifier reads "${trustFormat}". 核验公钥文件的格式不是本程序所读的版本，请向流转日志管理单位索取按现行格式制作的核验公钥文件。 Ask the keeper of the ledger for a new one (custody keys show --trust-file)`,
    )
  }
  if (!isTrust(value)) {
    throw malformed(
      'it has not exactly format, logKeys (a list of {from, keys}), policy, timestampRoots (a list) and vrfPublicKey (64 hex digits)',
    )
  }
  return value as unknown as TrustFile
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed('it is not JSON', cause)
  }
}
