import { execFile } from 'node:child_process'
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Fault } from '../../foundation/errors.ts'
import { mayOthersRead, namesPath } from '../../foundation/platform.ts'

/** Name of the sealed key, in the file itself and in the unit that hands it to the agent. */
export const credentialName = 'dock-signing-key'

const commandTimeoutMs = 30_000

/**
 * Reads the station's Ed25519 key, PKCS #8 in PEM. A name without a slash stands for a credential that systemd has opened
 * for the service (`LoadCredentialEncrypted=`): the plain key then lies in memory only.
 *
 * @throws bad_config when it is not there, others may read it, or it is no Ed25519 key
 */
export function readSigningKey(file: string, credentialsDirectory: string | null): KeyObject {
  const path = pathOf(file, credentialsDirectory)
  const { mode, pem } = readKeyFile(path)
  if (mayOthersRead(mode, process.platform)) {
    throw new Fault('bad_config', `others than its owner may read the signing key ${path}: chmod 600`)
  }
  return ed25519Of(pem, path)
}

function readKeyFile(path: string): { mode: number; pem: string } {
  try {
    return { mode: statSync(path).mode, pem: readFileSync(path, 'utf8') }
  } catch (cause) {
    throw new Fault('bad_config', `the signing key ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** The 32 bytes by which the service knows this station. */
export function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
}

/**
 * Seals the key file to this computer's TPM (with the computer's own secret besides, where it has one) and removes the plain
 * one: a disk that is taken out then signs nothing. No TPM on sale signs Ed25519 itself, so the key comes out of it when the
 * service starts. Answers the path of the sealed file.
 *
 * @throws not_ready when the computer cannot: the plain key stays
 */
export async function sealSigningKey(file: string, tpm: { device: string } | null): Promise<string> {
  ed25519Of(await readFile(file, 'utf8'), file)
  const sealed = `${file}.cred`
  const made = `${sealed}.new`
  const where = tpm === null ? [] : [`--tpm2-device=${tpm.device}`]
  await creds(['encrypt', '--with-key=tpm2', ...where, `--name=${credentialName}`, file, made])
  // What cannot be opened again would be the end of this station's name.
  const opened = await creds(['decrypt', ...where, `--name=${credentialName}`, made, '-'])
  if (opened !== (await readFile(file, 'utf8'))) {
    await rm(made)
    throw new Fault('not_ready', `the key that came back from the TPM is not ${basename(file)}: the plain key stays`)
  }
  await rename(made, sealed)
  await rm(file)
  return sealed
}

/** Opens a sealed key without the service, for the self-test. @throws not_ready when this computer's TPM does not */
export async function openSealedKey(sealed: string, tpm: { device: string } | null): Promise<KeyObject> {
  const where = tpm === null ? [] : [`--tpm2-device=${tpm.device}`]
  return ed25519Of(await creds(['decrypt', ...where, `--name=${credentialName}`, sealed, '-']), sealed)
}

function pathOf(file: string, credentialsDirectory: string | null): string {
  if (namesPath(file, process.platform)) return file
  if (credentialsDirectory === null) {
    throw new Fault('bad_config', `the signing key ${file} is a credential: start the agent by its systemd unit`)
  }
  return join(credentialsDirectory, file)
}

function ed25519Of(pem: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new Fault('bad_config', `${path} holds no private key (PKCS #8, PEM)`, { cause })
  }
  throw new Fault('bad_config', `${path} holds no Ed25519 key`)
}

function creds(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('systemd-creds', args, { timeout: commandTimeoutMs, encoding: 'utf8' }, (cause, out, err) => {
      if (cause === null) return resolve(out)
      const why = err.trim().split('\n').at(-1) ?? cause.message
      reject(new Fault('not_ready', `systemd-creds ${args[0]}: ${why}`, { cause }))
    })
  })
}
