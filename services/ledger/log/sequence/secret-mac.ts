import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { subjectSecretBytes } from '../../format/links.ts'
import { vrfProofBytes } from '../../format/vrf.ts'

/** A subject's secret (VRF output) with its proof: whoever is given it finds all of the subject's events. */
export interface SubjectSecret {
  /** `type:id` */
  readonly subject: string
  /** 64 bytes. */
  readonly secret: Buffer
  /** 80 bytes. */
  readonly proof: Buffer
}

/** A row of `subject_secret`. Its MAC is null when it was written before there was one. */
export interface StoredSecret extends SubjectSecret {
  readonly mac: Buffer | null
}

/** Separates this key from every other use of the VRF key. */
const macKeyInfo = 'evidence custody: MAC of stored subject secrets, v1'

/** The key of the MACs: HKDF-SHA256 (RFC 5869) of the log's VRF key without a salt, 32 bytes. It is never stored. */
export function secretMacKey(vrfSecretKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', vrfSecretKey, '', macKeyInfo, 32))
}

/**
 * HMAC-SHA256 over `secret[64] || proof[80] || subject in UTF-8`, 32 bytes. The parts of fixed length come first, and a
 * subject's type contains no colon, so two different rows never have the same input.
 *
 * @throws Error for a secret or proof of another length
 */
export function secretMac(macKey: Uint8Array, { subject, secret, proof }: SubjectSecret): Buffer {
  if (secret.length !== subjectSecretBytes || proof.length !== vrfProofBytes) {
    throw new Error(`a secret of ${secret.length} bytes with a proof of ${proof.length} bytes gets no MAC`)
  }
  return createHmac('sha256', macKey).update(secret).update(proof).update(subject, 'utf8').digest()
}

/** Whether the row is exactly as a holder of this key wrote it. Compares in constant time; never throws. */
export function isOwnSecret(macKey: Uint8Array, row: StoredSecret): boolean {
  const { mac, secret, proof } = row
  if (mac === null || secret.length !== subjectSecretBytes || proof.length !== vrfProofBytes) return false
  const expected = secretMac(macKey, row)
  return mac.length === expected.length && timingSafeEqual(mac, expected)
}
