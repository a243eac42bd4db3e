import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { type LogKeys, parseLogKeys } from '../ledger/format/log-keys.ts'
import { type NoteSigner, parseSignerKey } from '../ledger/format/note.ts'

/** What a witness is: its two keys, and the logs it knows with the key sets it trusts for each. */
export interface WitnessSettings {
  readonly folder: string
  readonly name: string
  readonly signers: readonly NoteSigner[]
  readonly logs: readonly LogKeys[]
}

/** What stands in the settings file: each log's keys as `parseLogKeys` reads them. */
export interface WitnessFile {
  readonly name: string
  readonly logs: readonly { readonly origin: string; readonly keys: string }[]
}

export const settingsFile = 'witness.json'
export const keyFiles = { ed25519: 'witness-ed25519.key', mlDsa44: 'witness-ml-dsa-44.key' } as const

/** Reads what `init` made. @throws bad_config when it is not there or cannot be read */
export async function readSettings(folder: string): Promise<WitnessSettings> {
  const file = await readWitnessFile(folder)
  if (file === null) throw new Fault('bad_config', `${folder} holds no witness: make one with \`custody-witness init\``)
  const signers = await Promise.all(Object.values(keyFiles).map((name) => readSigner(join(folder, name), file.name)))
  const logs = file.logs.map(({ keys }) => parseLogKeys(keys))
  return { folder, name: file.name, signers, logs }
}

/** The settings file; null when there is none. @throws bad_config */
export async function readWitnessFile(folder: string): Promise<WitnessFile | null> {
  const path = join(folder, settingsFile)
  try {
    return JSON.parse(await readFile(path, 'utf8')) as WitnessFile
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Fault('bad_config', `${path} cannot be read: put it back from a backup`, { cause })
  }
}

async function readSigner(path: string, name: string): Promise<NoteSigner> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new Fault('bad_config', `${path} cannot be read: put it back from a backup`, { cause })
  })
  const signer = parseSignerKey(text.trim())
  if (signer.name !== name) throw new Fault('bad_config', `${path} is a key of ${signer.name}, not of ${name}`)
  return signer
}
