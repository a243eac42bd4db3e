import { mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../foundation/errors.ts'
import { generateSignerKey, parseSignerKey, verifierKeyText } from '../ledger/note.ts'
import { parseLedgerKeys } from '../ledger/secret-keys.ts'
import { vrfGenerateKey, vrfPublicKey } from '../ledger/vrf.ts'

export interface PublicKeys {
  readonly origin: string
  readonly verifierKey: string
  /** 32 bytes in hex. */
  readonly vrfPublicKey: string
}

export const signingKeyFile = 'ledger-signing.key'
export const vrfKeyFile = 'ledger-vrf.key'

/**
 * Makes the ledger's two secret keys in `directory` (0600 each), or reads those that are there: a key is never written
 * over. Answers their public halves.
 *
 * @throws conflict when only one of them is there; bad_config when they cannot be read or belong to another ledger.
 */
export async function ensureLedgerKeys(
  directory: string,
  origin: string,
): Promise<PublicKeys & { readonly made: boolean }> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const paths = { signing: join(directory, signingKeyFile), vrf: join(directory, vrfKeyFile) }
  const signing = await readIfThere(paths.signing)
  const vrf = await readIfThere(paths.vrf)
  if (signing !== null && vrf !== null) return { ...publicKeysOf({ origin, signing, vrf }), made: false }
  if (signing !== null || vrf !== null) {
    const [there, missing] = signing !== null ? [paths.signing, paths.vrf] : [paths.vrf, paths.signing]
    throw new Fault('conflict', `${there} is there, but ${missing} is not: put it back, or choose an empty folder`)
  }
  const signer = generateSignerKey(origin)
  const vrfSecret = vrfGenerateKey().toString('hex')
  await writeSecret(paths.signing, signer.signerKey)
  try {
    await writeSecret(paths.vrf, vrfSecret)
  } catch (error) {
    // Half a pair would stop the next attempt; this one has been used by nobody.
    await unlink(paths.signing)
    throw error
  }
  return { ...publicKeysOf({ origin, signing: signer.signerKey, vrf: vrfSecret }), made: true }
}

/** The public halves of the keys in these files. @throws bad_config */
export async function readPublicKeys(paths: { signing: string; vrf: string }, origin: string): Promise<PublicKeys> {
  const signing = await readIfThere(paths.signing)
  const vrf = await readIfThere(paths.vrf)
  if (signing === null) throw new Fault('bad_config', `there is no signing key at ${paths.signing}`)
  if (vrf === null) throw new Fault('bad_config', `there is no VRF key at ${paths.vrf}`)
  return publicKeysOf({ origin, signing, vrf })
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

function publicKeysOf(texts: { origin: string; signing: string; vrf: string }): PublicKeys {
  const signer = parseSignerKey(texts.signing)
  const keys = parseLedgerKeys({ origin: texts.origin, signingKey: texts.signing, vrfKey: texts.vrf })
  return {
    origin: signer.name,
    verifierKey: verifierKeyText(signer.name, signer.publicKey),
    vrfPublicKey: vrfPublicKey(keys.vrfSecretKey).toString('hex'),
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
