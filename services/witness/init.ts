import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { signatureTypes, type VerifierKey } from '../ledger/format/keys.ts'
import { type LogKeys, logKeysOf, logKeysText, parseLogKeys } from '../ledger/format/log-keys.ts'
import { emptyFrontier, rootOf } from '../ledger/format/merkle.ts'
import { generateSignerKey, parseVerifierKey } from '../ledger/format/note.ts'
import { createDurably, replaceDurably } from './durable.ts'
import { keyFiles, readWitnessFile, settingsFile, type WitnessFile } from './settings.ts'
import { beginState } from './state.ts'

export interface InitOptions {
  readonly folder: string
  readonly name: string
  /** Verifier keys of logs, as their keepers gave them on paper. */
  readonly logKeys: readonly string[]
  /** The log changed its keys: those given sign every checkpoint of this size or more. Null: nothing was changed. */
  readonly from: number | null
}

/**
 * Makes a witness in `folder`: a key of each kind (0600, never written over), the logs it knows, and an empty state for
 * each. Run again, it adds logs, or with `from` a key set of a log that is known. The state of a log stays as it is.
 *
 * @throws conflict for another name, for other keys of a log that is known without `from`, for `from` with one that is not; malformed for keys that are no
 *   log's; bad_config without keys
 */
export async function initWitness(options: InitOptions): Promise<void> {
  const { folder, name } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const present = await readWitnessFile(folder)
  if (present && present.name !== name) {
    throw new Fault('conflict', `${folder} holds the witness ${present.name}: its name cannot be changed to ${name}`)
  }
  const logs = joinLogs(present?.logs ?? [], options)
  if (logs.length === 0) throw new Fault('bad_config', '--log: give the verifier key of the log to be witnessed')
  // A crash between these lines leaves less than a witness; the same command completes it.
  await createDurably(join(folder, keyFiles.ed25519), keyText(name, signatureTypes.cosignatureEd25519))
  await createDurably(join(folder, keyFiles.mlDsa44), keyText(name, signatureTypes.cosignatureMlDsa44))
  const known = new Set(present?.logs.map(({ origin }) => origin))
  for (const { origin } of logs) {
    // The state of a log that was known is never begun anew: it would be led to cosign a second history.
    if (!known.has(origin)) await beginState(folder, origin, rootOf(emptyFrontier))
  }
  await replaceDurably(join(folder, settingsFile), `${JSON.stringify({ name, logs }, null, 2)}\n`)
}

function keyText(name: string, type: number): string {
  return `${generateSignerKey(name, type).signerKey}\n`
}

function joinLogs(present: WitnessFile['logs'], { logKeys, from }: InitOptions): WitnessFile['logs'] {
  const logs = new Map(present.map(({ origin, keys }) => [origin, parseLogKeys(keys)]))
  const given = Map.groupBy(logKeys.map(parseVerifierKey), ({ name }) => name)
  for (const [origin, keys] of given) {
    const known = logs.get(origin)
    if (!known && from !== null)
      throw new Fault('conflict', `--from: the log ${origin} is not known yet, so its keys were not changed`)
    if (!known) logs.set(origin, logKeysOf([{ from: 0, keys }]))
    else if (from !== null) logs.set(origin, logKeysOf([...known.sets, { from, keys }]))
    else requireKnown(known, keys)
  }
  return [...logs.values()].map((log) => ({ origin: log.origin, keys: logKeysText(log) }))
}

function requireKnown(known: LogKeys, keys: readonly VerifierKey[]): void {
  const present = known.sets.at(-1)!.keys
  if (keys.every(({ keyId }) => present.some((key) => key.keyId === keyId))) return
  throw new Fault(
    'conflict',
    `the log ${known.origin} is known with other keys. If its keeper told you on paper that they were changed, give all keys that sign now, and the tree size from which they sign: --from <size>; else this is another log under the same name`,
  )
}
