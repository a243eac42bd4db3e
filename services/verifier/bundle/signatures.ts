import { ed25519 } from '@noble/curves/ed25519.js'
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'

/** A public key as it stands behind its DER prefix (RFC 8410 §4, RFC 9881 §4). */
export interface RawPublicKey {
  readonly kind: 'ed25519' | 'ml-dsa-44'
  readonly bytes: Uint8Array
}

const ed25519Bytes = 32
const mlDsa44Bytes = 1312

/** Takes the raw key out of DER, by its length: no other kinds of key are ever given here. */
export function rawPublicKey(der: Uint8Array): RawPublicKey {
  const isMlDsa = der.length > mlDsa44Bytes
  return isMlDsa
    ? { kind: 'ml-dsa-44', bytes: der.slice(-mlDsa44Bytes) }
    : { kind: 'ed25519', bytes: der.slice(-ed25519Bytes) }
}

/** RFC 8032 (strictly), or FIPS 204 with an empty context. Never throws for a bad signature or key. */
export function verifyRaw({ kind, bytes }: RawPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  // Copies: a Buffer of another kind than Uint8Array's own is refused there.
  const [key, text, signed] = [bytes, message, signature].map((one) => Uint8Array.from(one)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  try {
    return kind === 'ml-dsa-44'
      ? ml_dsa44.verify(signed, text, key)
      : ed25519.verify(signed, text, key, { zip215: false })
  } catch {
    return false
  }
}
