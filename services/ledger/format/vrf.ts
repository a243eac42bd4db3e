import { hash, randomBytes } from 'node:crypto'
import { ristretto } from './ristretto.ts'
import { groupOrder } from './ristretto-group.ts'
import { checkLength, malformed } from './strict.ts'

/**
 * ECVRF-RISTRETTO255-SHA512: RFC 9381 with the ciphersuite of c2sp.org/vrf-r255. Keys are 32 bytes, proofs 80, outputs 64.
 */

export const vrfProofBytes = 80
const { decode, encode, fromHash, multiply, multiplyBase, subtract } = ristretto

/** `suite_string` = 0xFF || "c2sp.org/vrf-r255" */
const suite = Buffer.concat([Buffer.of(0xff), Buffer.from('c2sp.org/vrf-r255')])

/** "obtaining 64 bytes from a CSPRNG and reducing them modulo q": a new secret key. */
export function vrfGenerateKey(): Buffer {
  return littleEndian(numberOf(randomBytes(64)) % groupOrder, 32)
}

/**
 * Y = x*B, encoded.
 *
 * @throws malformed for a secret key that is not a scalar of 1 to q - 1
 */
export function vrfPublicKey(secretKey: Uint8Array): Buffer {
  return Buffer.from(encode(multiplyBase(scalarOf(secretKey))))
}

/**
 * RFC 9381 §5.1 ECVRF_prove and §5.2 ECVRF_proof_to_hash: the one output that this key gives for `alpha`, and its proof.
 *
 * @throws malformed for a bad secret key
 */
export function vrfProve(secretKey: Uint8Array, alpha: Uint8Array): { proof: Buffer; output: Buffer } {
  const x = scalarOf(secretKey)
  const publicKey = encode(multiplyBase(x))
  const h = encodeToCurve(publicKey, alpha)
  const hString = encode(h)
  const gammaString = encode(multiply(h, x))
  // k = Hash(suite_string || 0x81 || int_to_string(SK, 32) || h_string) mod q
  const k = numberOf(sha512(suite, Buffer.of(0x81), littleEndian(x, 32), hString)) % groupOrder
  const c = challenge(publicKey, hString, gammaString, encode(multiplyBase(k)), encode(multiply(h, k)))
  const s = (k + numberOf(c) * x) % groupOrder
  return { proof: Buffer.concat([gammaString, c, littleEndian(s, 32)]), output: outputOf(gammaString) }
}

/**
 * RFC 9381 §5.3 ECVRF_verify with validate_key TRUE.
 *
 * @returns the output beta (64 bytes), or null when key or proof is not valid. Never throws.
 */
export function vrfVerify(publicKey: Uint8Array, alpha: Uint8Array, proof: Uint8Array): Buffer | null {
  if (proof.length !== vrfProofBytes) return null
  const gammaString = proof.subarray(0, 32)
  const c = proof.subarray(32, 48)
  const s = numberOf(proof.subarray(48))
  const y = decode(publicKey)
  const gamma = decode(gammaString)
  // "checking that the public key is not the identity element", whose encoding is zero
  if (y === null || isZero(publicKey) || gamma === null || s >= groupOrder) return null
  const h = encodeToCurve(publicKey, alpha)
  const cNumber = numberOf(c)
  const u = subtract(multiplyBase(s), multiply(y, cNumber))
  const v = subtract(multiply(h, s), multiply(gamma, cNumber))
  return challenge(publicKey, encode(h), gammaString, encode(u), encode(v)).equals(c) ? outputOf(gammaString) : null
}

/** ECVRF_encode_to_curve: ristretto255_one_way_map(Hash(suite_string || 0x82 || PK_string || alpha_string)). */
function encodeToCurve(publicKey: Uint8Array, alpha: Uint8Array): ReturnType<typeof fromHash> {
  return fromHash(sha512(suite, Buffer.of(0x82), publicKey, alpha))
}

/** RFC 9381 §5.4.3: the first cLen = 16 bytes of Hash(suite_string || 0x02 || five points || 0x00). */
function challenge(...points: [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]): Buffer {
  return sha512(suite, Buffer.of(0x02), ...points, Buffer.of(0x00)).subarray(0, 16)
}

/** RFC 9381 §5.2: Hash(suite_string || 0x03 || point_to_string(cofactor * Gamma) || 0x00), cofactor = 1. */
function outputOf(gammaString: Uint8Array): Buffer {
  return sha512(suite, Buffer.of(0x03), gammaString, Buffer.of(0x00))
}

function scalarOf(secretKey: Uint8Array): bigint {
  checkLength(secretKey, 32, 'the VRF key')
  const x = numberOf(secretKey)
  if (x === 0n || x >= groupOrder) throw malformed('the VRF key is not a scalar of ristretto255')
  return x
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** `string_to_int`, little-endian. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

/** `int_to_string`, little-endian. */
function littleEndian(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex').reverse()
}

function sha512(...parts: Uint8Array[]): Buffer {
  return hash('sha512', Buffer.concat(parts), 'buffer')
}
