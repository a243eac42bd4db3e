// Stands in for node:crypto in the bundled command, so that it runs on any Node from 20 on: the older ones have no
// one-call hash, and none before 24 knows ML-DSA-44.

import * as crypto from 'node:crypto'
import { rawPublicKey, verifyRaw } from './signatures.ts'

export const { createHash, createPrivateKey, randomBytes, sign } = crypto

export function hash(
  algorithm: string,
  data: string | Uint8Array,
  encoding: 'hex' | 'buffer' = 'hex',
): string | Buffer {
  const digest = crypto.createHash(algorithm).update(data).digest()
  return encoding === 'hex' ? digest.toString('hex') : digest
}

type DerKey = { readonly key: Buffer; readonly format: 'der'; readonly type: 'spki' }
const edKeyBytes = 44

export function createPublicKey(given: DerKey): crypto.KeyObject | DerKey {
  return given.key.length === edKeyBytes ? crypto.createPublicKey(given) : given
}

export function verify(
  algorithm: null,
  message: Uint8Array,
  key: crypto.KeyObject | DerKey,
  signature: Uint8Array,
): boolean {
  if ('key' in key) return verifyRaw(rawPublicKey(key.key), message, signature)
  return crypto.verify(algorithm, message, key, signature)
}
