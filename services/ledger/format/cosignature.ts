import { parseCheckpoint } from './checkpoint.ts'
import { type NoteSigner, signatureTypes, signBytes, type VerifierKey, verifyBytes } from './keys.ts'
import { checkCount, malformed } from './strict.ts'

const timestampBytes = 8
const cosignatureTypes: readonly number[] = [signatureTypes.cosignatureEd25519, signatureTypes.cosignatureMlDsa44]

/**
 * Cosigns a checkpoint's note text as c2sp.org/tlog-cosignature says: "The signature MUST be a `timestamped_signature`
 * structure", 8 bytes of time and the raw signature; Ed25519 (type 0x04) or ML-DSA-44 (type 0x06) by the signer's key.
 *
 * @param timestampSeconds POSIX time
 * @throws malformed when the text is no checkpoint or the key is not for cosignatures
 */
export function cosign(signer: NoteSigner, text: string, timestampSeconds: number): Buffer {
  if (!cosignatureTypes.includes(signer.type)) throw malformed(`${signer.name} is not a key for cosignatures`)
  checkCount(timestampSeconds, 'the time of a cosignature')
  const timestamp = Buffer.alloc(timestampBytes)
  timestamp.writeBigUInt64BE(BigInt(timestampSeconds))
  return Buffer.concat([timestamp, signBytes(signer, cosignedMessage(signer, text, timestampSeconds))])
}

/**
 * Checks a cosignature of type 0x04 or 0x06 over a checkpoint's note text.
 *
 * @returns its POSIX time in seconds, or null when it does not verify. Times past 2^53 - 1 are refused: "verifiers MAY
 *   reject cosignatures with timestamps in the future".
 * @throws malformed when the text is no checkpoint
 */
export function verifyCosignature(key: VerifierKey, text: string, signature: Uint8Array): number | null {
  parseCheckpoint(text)
  if (!cosignatureTypes.includes(key.type) || signature.length < timestampBytes) return null
  const timestampSeconds = Number(Buffer.from(signature).readBigUInt64BE())
  if (!Number.isSafeInteger(timestampSeconds)) return null
  const message = cosignedMessage(key, text, timestampSeconds)
  return verifyBytes(key, message, signature.subarray(timestampBytes)) ? timestampSeconds : null
}

function cosignedMessage(key: { name: string; type: number }, text: string, timestampSeconds: number): Buffer {
  const { origin, size, root } = parseCheckpoint(text)
  if (key.type !== signatureTypes.cosignatureMlDsa44) return ed25519Message(text, timestampSeconds)
  return mlDsaMessage({ name: key.name, timestampSeconds, origin, size, root })
}

/** "two newline terminated lines (one header line and one timestamp line) followed by the whole note body" */
function ed25519Message(text: string, timestampSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timestampSeconds}\n${text}`, 'utf8')
}

/** struct cosigned_message, with `start` 0 because it is a checkpoint that is signed. */
function mlDsaMessage(signed: {
  name: string
  timestampSeconds: number
  origin: string
  size: number
  root: Buffer
}): Buffer {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64BE(BigInt(signed.size), 8)
  const timestamp = Buffer.alloc(timestampBytes)
  timestamp.writeBigUInt64BE(BigInt(signed.timestampSeconds))
  const label = Buffer.from('subtree/v1\n\0', 'latin1')
  return Buffer.concat([label, opaque(signed.name), timestamp, opaque(signed.origin), numbers, signed.root])
}

/** opaque<1..2^8-1> of RFC 8446: one byte of length, then the bytes. */
function opaque(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > 0xff) throw malformed('a name in an ML-DSA-44 cosignature has at most 255 bytes')
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}
