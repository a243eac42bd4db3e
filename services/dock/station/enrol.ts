import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generateX25519Identity } from 'age-encryption'
import { Agent, fetch } from 'undici'
import { Fault } from '../../foundation/errors.ts'
import { rawPublicKey } from './signing-key.ts'

export interface Enrolment {
  /** Address of the service for docks. */
  readonly server: string
  /** PEM of the bureau's authority, or null for those that the computer trusts. */
  readonly authorityFile: string | null
  /** The one-time code from the administrator's sheet. */
  readonly code: string
  /** Where key and token are written; made when it is not there. */
  readonly folder: string
  readonly version: string
}

export interface Enrolled {
  readonly dockId: string
  readonly name: string
  /** What the second person compares before he releases the station: groups of four of the key's hex digits. */
  readonly publicKey: string
  readonly signingKeyFile: string
  readonly tokenFile: string
  /** Opens what is kept on the station's disk while the bureau is away (age). */
  readonly spoolKeyFile: string
}

const timeoutMs = 20_000

/**
 * Makes the station's keys, which never leave it, and registers it with the one-time code. The station counts only after a
 * second person has released it. A key that is there already is used again; a token that is there is never written over. When
 * the answer is lost the code is spent, and the administrator makes another one. Whoever owns the folder owns what is made in
 * it, also when root runs this.
 *
 * @throws conflict when this folder is enrolled; what the service refuses, in its words; not_ready when it is not reached
 */
export async function enrol(enrolment: Enrolment): Promise<Enrolled> {
  const signingKeyFile = join(enrolment.folder, 'signing.key')
  const tokenFile = join(enrolment.folder, 'token')
  const spoolKeyFile = join(enrolment.folder, 'spool.key')
  await mkdir(enrolment.folder, { recursive: true, mode: 0o700 })
  if ((await textOf(tokenFile)) !== null) {
    throw new Fault('conflict', `${tokenFile} is there: this station is enrolled. Another one needs another folder`)
  }
  const publicKey = rawPublicKey(await keyOf(signingKeyFile))
  if ((await textOf(spoolKeyFile)) === null) await writeOnce(spoolKeyFile, `${await generateX25519Identity()}\n`)
  const answer = await ask(enrolment, publicKey)
  await writeOnce(tokenFile, `${answer.token}\n`)
  const { dockId, name } = answer
  return { dockId, name, publicKey: inFours(publicKey), signingKeyFile, tokenFile, spoolKeyFile }
}

async function keyOf(file: string): Promise<KeyObject> {
  const there = await textOf(file)
  if (there !== null) return createPrivateKey(there)
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeOnce(file, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
  return privateKey
}

async function ask(enrolment: Enrolment, publicKey: Buffer): Promise<{ dockId: string; name: string; token: string }> {
  const authority = enrolment.authorityFile === null ? null : await readFile(enrolment.authorityFile)
  const dispatcher = new Agent({ connect: authority ? { ca: authority } : {} })
  try {
    const response = await fetch(`${enrolment.server}/docks/enrol`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: enrolment.code,
        publicKey: publicKey.toString('base64'),
        version: enrolment.version,
      }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: Error) => {
      const why = cause.cause instanceof Error ? cause.cause.message : cause.message
      throw new Fault('not_ready', `${enrolment.server} does not answer: ${why}. custody-dock doctor says more`, {
        cause,
      })
    })
    const text = await response.text()
    if (response.status === 201) return JSON.parse(text) as { dockId: string; name: string; token: string }
    throw new Fault('bad_request', `the service does not enrol this station: ${refusalIn(text) ?? response.status}`)
  } finally {
    await dispatcher.close()
  }
}

/** What the service says of a refusal; null for an answer that is not the service's. */
function refusalIn(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } }
    return typeof error?.message === 'string' ? error.message : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Writes and syncs a new file for its owner only, who is the folder's. */
async function writeOnce(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    const { uid, gid } = await stat(dirname(path))
    if (process.getuid?.() === 0) await file.chown(uid, gid)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

function inFours(bytes: Buffer): string {
  return bytes.toString('hex').match(/.{4}/g)!.join(' ')
}
