import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Decrypter } from 'age-encryption'
import { Fault } from '../foundation/errors.ts'
import { containerFault } from './source.ts'

const header = Buffer.from('age-encryption.org/v1\n')

/** True for a file that is encrypted with age, whatever its name is. */
export async function isAgeFile(path: string): Promise<boolean> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(header.length), 0, header.length, 0)
    return bytesRead === header.length && buffer.equals(header)
  } finally {
    await handle.close()
  }
}

/**
 * Decrypts a file to a place of its own that only this user may read, hands it to `use`, and takes it away again. A zip file
 * is read back and forth, so it cannot be verified while it is decrypted.
 *
 * @throws bad_config for an identity that does not open it; `malformed` of the container for a damaged file
 */
export async function withDecrypted<T>(
  path: string,
  identityPath: string,
  use: (decryptedPath: string) => Promise<T>,
): Promise<T> {
  const decrypter = new Decrypter()
  for (const identity of await readIdentities(identityPath)) decrypter.addIdentity(identity)
  const folder = await mkdtemp(join(tmpdir(), 'evidence-package-'))
  try {
    const decrypted = join(folder, 'package.zip')
    await decryptTo(decrypter, path, identityPath, decrypted)
    return await use(decrypted)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function decryptTo(decrypter: Decrypter, path: string, identityPath: string, target: string): Promise<void> {
  const encrypted = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
  const plain = await decrypter.decrypt(encrypted).catch((cause: unknown) => {
    throw new Fault(
      'bad_config',
      `${path} cannot be decrypted with the identity in ${identityPath}: ${messageOf(cause)}`,
      { cause },
    )
  })
  try {
    await pipeline(Readable.fromWeb(plain as never), createWriteStream(target, { mode: 0o600, flags: 'wx' }))
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause
    throw containerFault(`the encrypted file is damaged: ${messageOf(cause)}`, cause)
  }
}

async function readIdentities(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('bad_config', `the identity file ${path} cannot be read`, { cause })
  })
  const lines = text.split('\n').map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const areIdentities = identities.every((line) => /^AGE-SECRET-KEY-[0-9A-Z-]+$/.test(line))
  if (identities.length === 0 || !areIdentities) {
    throw new Fault('bad_config', `${path} holds no age identities (AGE-SECRET-KEY-1…, one a line)`)
  }
  return identities
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
