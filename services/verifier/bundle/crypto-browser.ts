// Stands in for node:crypto in the page: what the ledger's pure core uses of it, on libraries that run in a browser.

import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { createSHA256, type IHasher } from 'hash-wasm'
import { type RawPublicKey, rawPublicKey, verifyRaw } from './signatures.ts'

/** Footage is hashed by these: several times as fast. A file and one piece of it run at a time. */
const idle: IHasher[] = []
const hashersMax = 4

/** Has to be awaited once before anything is verified. */
export async function prepareHashers(): Promise<void> {
  while (idle.length < hashersMax) idle.push(await createSHA256())
}

interface RunningHash {
  update(data: Uint8Array): RunningHash
  digest(): Buffer
}

export function createHash(algorithm: string): RunningHash {
  if (algorithm !== 'sha256') throw new Error(`the page has no hash ${algorithm}`)
  const fast = idle.pop()
  const running = fast ? fast.init() : sha256.create()
  const self: RunningHash = {
    update: (data) => {
      running.update(data)
      return self
    },
    digest: () => {
      const bytes = fast ? fast.digest('binary') : (running as ReturnType<typeof sha256.create>).digest()
      if (fast) idle.push(fast)
      return Buffer.from(bytes)
    },
  }
  return self
}

export function hash(
  algorithm: string,
  data: string | Uint8Array,
  encoding: 'hex' | 'buffer' = 'hex',
): string | Buffer {
  const input = typeof data === 'string' ? new TextEncoder().encode(data) : Uint8Array.from(data)
  const digest = Buffer.from(algorithm === 'sha512' ? sha512(input) : sha256(input))
  return encoding === 'hex' ? digest.toString('hex') : digest
}

export function createPublicKey(given: { readonly key: Uint8Array }): RawPublicKey {
  return rawPublicKey(given.key)
}

export function verify(_algorithm: null, message: Uint8Array, key: RawPublicKey, signature: Uint8Array): boolean {
  return verifyRaw(key, message, signature)
}

/** The page verifies; it never signs or makes keys. */
function notInPage(): never {
  throw new Error('the page makes no keys and no signatures')
}
export const createPrivateKey = notInPage
export const randomBytes = notInPage
export const sign = notInPage
