import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { signatureTypes } from '../ledger/format/keys.ts'
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
  /** Lets a log that is known have one more key: it was changed, and its keeper said so on paper. */
  readonly anotherKey: boolean
}

const logTypes: readonly number[] = [signatureTypes.ed25519, signatureTypes.cosignatureMlDsa44]

/**
 * Makes a witness in `folder`: a key of each kind (0600, never written over), the logs it knows, and an empty state for
 * each. Run again, it adds logs. The state of a log stays as it is.
 *
 * @throws conflict for another name, or for another key of a log that is known, unless `anotherKey` says that it was changed
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

function joinLogs(present: WitnessFile['logs'], { logKeys, anotherKey }: InitOptions): WitnessFile['logs'] {
  const keysOf = new Map(present.map(({ origin, keys }) => [origin, [...keys]]))
  const known = new Set(keysOf.keys())
  for (const text of logKeys) {
    const key = parseVerifierKey(text)
    if (!logTypes.includes(key.type)) {
      throw new Fault('bad_config', `--log: the key of ${key.name} is of type ${key.type}, which no log signs with`)
    }
    const keys = keysOf.get(key.name) ?? []
    if (keys.includes(text)) continue
    if (known.has(key.name) && !anotherKey) {
      const message = `the log ${key.name} is known with another key. If its keeper told you on paper that the key was changed, say --another-key; else this is another log under the same name`
      throw new Fault('conflict', message)
    }
    keysOf.set(key.name, [...keys, text])
  }
  return [...keysOf].map(([origin, keys]) => ({ origin, keys }))
}
