import { mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { generateSignerKey, signatureTypes, verifierKeyText } from '../ledger/format/keys.ts'
import { vrfGenerateKey, vrfPublicKey } from '../ledger/format/vrf.ts'
import { parseLedgerKeys } from '../ledger/log/secret-keys.ts'

export interface PublicKeys {
  readonly origin: string
  /** Ed25519 first, then ML-DSA-44 when there is such a key. */
  readonly verifierKeys: readonly string[]
  /** 32 bytes in hex. */
  readonly vrfPublicKey: string
}

export const keyFiles = {
  signing: 'ledger-signing.key',
  mlDsa: 'ledger-mldsa.key',
  vrf: 'ledger-vrf.key',
} as const
type KeyName = keyof typeof keyFiles
type KeyTexts = Record<KeyName, string | null>

/**
 * Makes the ledger's secret keys in `directory` (0600 each), or reads those that are there: a key is never written over. An
 * ML-DSA-44 key that is missing beside the other two is made: a log may be given one at any time. Answers the public halves.
 *
 * @throws conflict when another one is missing; bad_config when they cannot be read or belong to another ledger.
 */
export async function ensureLedgerKeys(
  directory: string,
  origin: string,
): Promise<PublicKeys & { readonly made: boolean }> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const there = await readKeys(directory)
  const missing = names.filter((name) => there[name] === null)
  const isNew = missing.length === names.length
  if (!isNew && missing.some((name) => name !== 'mlDsa')) {
    const pathsOf = (some: readonly KeyName[]) => some.map((name) => join(directory, keyFiles[name])).join(', ')
    const present = names.filter((name) => there[name] !== null)
    throw new Fault(
      'conflict',
      `${pathsOf(present)} is there, but not ${pathsOf(missing)}: put it back, or choose an empty folder`,
    )
  }
  const keys = { ...there }
  for (const name of missing) keys[name] = makeKey(name, origin)
  // Read before anything is written: keys of another ledger get none beside them.
  const publicKeys = publicKeysOf(keys, directory, origin)
  await writeKeys(directory, keys, missing)
  return { ...publicKeys, made: missing.length > 0 }
}

/** The public halves of the keys in a folder. @throws bad_config */
export async function readPublicKeys(directory: string, origin: string): Promise<PublicKeys> {
  return publicKeysOf(await readKeys(directory), directory, origin)
}

const names = Object.keys(keyFiles) as KeyName[]

async function readKeys(directory: string): Promise<KeyTexts> {
  const texts: KeyTexts = { signing: null, mlDsa: null, vrf: null }
  for (const name of names) texts[name] = await readIfThere(join(directory, keyFiles[name]))
  return texts
}

function makeKey(name: KeyName, origin: string): string {
  if (name === 'vrf') return vrfGenerateKey().toString('hex')
  return generateSignerKey(origin, name === 'signing' ? signatureTypes.ed25519 : signatureTypes.cosignatureMlDsa44)
    .signerKey
}

async function writeKeys(directory: string, keys: KeyTexts, missing: readonly KeyName[]): Promise<void> {
  const written: string[] = []
  try {
    for (const name of missing) {
      const path = join(directory, keyFiles[name])
      await writeSecret(path, keys[name]!)
      written.push(path)
    }
  } catch (error) {
    // Half a set would stop the next attempt; this one has been used by nobody.
    for (const path of written) await unlink(path)
    throw error
  }
}

/** Writes a new file that only its owner can read, to the disk. @throws conflict when there is one. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new Fault('conflict', `${path} is there already and is not written over`)
    throw new Fault('bad_config', `${path} cannot be written: ${error.message}`, { cause: error })
  })
  try {
    await file.writeFile(`${text}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

function publicKeysOf(keys: KeyTexts, directory: string, origin: string): PublicKeys {
  const { signing, vrf } = keys
  if (signing === null) throw new Fault('bad_config', `there is no signing key at ${join(directory, keyFiles.signing)}`)
  if (vrf === null) throw new Fault('bad_config', `there is no VRF key at ${join(directory, keyFiles.vrf)}`)
  const parsed = parseLedgerKeys({ origin, signingKey: signing, mlDsaKey: keys.mlDsa, vrfKey: vrf })
  const signers = [parsed.signer, ...(parsed.mlDsaSigner ? [parsed.mlDsaSigner] : [])]
  return {
    origin,
    verifierKeys: signers.map(({ name, publicKey, type }) => verifierKeyText(name, publicKey, type)),
    vrfPublicKey: vrfPublicKey(parsed.vrfSecretKey).toString('hex'),
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Fault('bad_config', `${path} cannot be read`, { cause })
  }
}
