import { parseCheckpoint } from './checkpoint.ts'
import { type NoteSigner, signatureTypes, signBytes, type VerifierKey, verifyBytes } from './keys.ts'
import { checkCount, malformed } from './strict.ts'

const timestampBytes = 8

/**
 * Cosigns a checkpoint's note text as c2sp.org/tlog-cosignature says: `timestamp || signature`, Ed25519 only.
 *
 * @param timestampSeconds POSIX time
 * @throws malformed when the text is no checkpoint or the key is not for cosignatures
 */
export function cosign(signer: NoteSigner, text: string, timestampSeconds: number): Buffer {
  if (signer.type !== signatureTypes.cosignatureEd25519) throw malformed(`${signer.name} is not a key for cosignatures`)
  checkCount(timestampSeconds, 'the time of a cosignature')
  parseCheckpoint(text)
  const timestamp = Buffer.alloc(timestampBytes)
  timestamp.writeBigUInt64BE(BigInt(timestampSeconds))
  return Buffer.concat([timestamp, signBytes(signer, ed25519Message(text, timestampSeconds))])
}

/**
 * Checks a cosignature of type 0x04 or 0x06 over a checkpoint's note text.
 *
 * @returns its POSIX time in seconds, or null when it does not verify. Times past 2^53 - 1 are refused: "verifiers MAY
 *   reject cosignatures with timestamps in the future".
 * @throws malformed when the text is no checkpoint
 */
export function verifyCosignature(key: VerifierKey, text: string, signature: Uint8Array): number | null {
  const { origin, size, root } = parseCheckpoint(text)
  if (signature.length < timestampBytes) return null
  const timestamp = Number(Buffer.from(signature).readBigUInt64BE())
  if (!Number.isSafeInteger(timestamp)) return null
  const message =
    key.type === signatureTypes.cosignatureMlDsa44
      ? mlDsaMessage({ name: key.name, timestamp, origin, size, root })
      : ed25519Message(text, timestamp)
  return verifyBytes(key, message, signature.subarray(timestampBytes)) ? timestamp : null
}

/** "two newline terminated lines (one header line and one timestamp line) followed by the whole note body" */
function ed25519Message(text: string, timestampSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timestampSeconds}\n${text}`, 'utf8')
}

/** struct cosigned_message, with `start` 0 because it is a checkpoint that is signed. */
function mlDsaMessage(signed: { name: string; timestamp: number; origin: string; size: number; root: Buffer }): Buffer {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64BE(BigInt(signed.size), 8)
  const timestamp = Buffer.alloc(timestampBytes)
  timestamp.writeBigUInt64BE(BigInt(signed.timestamp))
  const label = Buffer.from('subtree/v1\n\0', 'latin1')
  return Buffer.concat([label, opaque(signed.name), timestamp, opaque(signed.origin), numbers, signed.root])
}

/** opaque<1..2^8-1> of RFC 8446: one byte of length, then the bytes. */
function opaque(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > 0xff) throw malformed('a name in an ML-DSA-44 cosignature has at most 255 bytes')
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}
