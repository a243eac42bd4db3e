import { hash, randomBytes } from 'node:crypto'
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { checkLength, malformed } from './strict.ts'

/**
 * ECVRF-RISTRETTO255-SHA512: RFC 9381 with the ciphersuite of c2sp.org/vrf-r255. Keys are 32 bytes, proofs 80, outputs 64.
 */

type Point = InstanceType<typeof ristretto255.Point>

export const vrfProofBytes = 80
const { Point } = ristretto255
const order = Point.Fn.ORDER

/** `suite_string` = 0xFF || "c2sp.org/vrf-r255" */
const suite = Buffer.concat([Buffer.of(0xff), Buffer.from('c2sp.org/vrf-r255')])

/** "obtaining 64 bytes from a CSPRNG and reducing them modulo q": a new secret key. */
export function vrfGenerateKey(): Buffer {
  return littleEndian(numberOf(randomBytes(64)) % order, 32)
}

/**
 * Y = x*B, encoded.
 *
 * @throws malformed for a secret key that is not a scalar of 1 to q - 1
 */
export function vrfPublicKey(secretKey: Uint8Array): Buffer {
  return Buffer.from(Point.BASE.multiply(scalarOf(secretKey)).toBytes())
}

/**
 * RFC 9381 §5.1 ECVRF_prove and §5.2 ECVRF_proof_to_hash: the one output that this key gives for `alpha`, and its proof.
 *
 * @throws malformed for a bad secret key
 */
export function vrfProve(secretKey: Uint8Array, alpha: Uint8Array): { proof: Buffer; output: Buffer } {
  const x = scalarOf(secretKey)
  const publicKey = Buffer.from(Point.BASE.multiply(x).toBytes())
  const h = encodeToCurve(publicKey, alpha)
  const hString = h.toBytes()
  const gamma = h.multiply(x)
  // k = Hash(suite_string || 0x81 || int_to_string(SK, 32) || h_string) mod q
  const k = numberOf(sha512(suite, Buffer.of(0x81), littleEndian(x, 32), hString)) % order
  const gammaString = gamma.toBytes()
  const u = Point.BASE.multiply(k).toBytes()
  const c = challenge(publicKey, hString, gammaString, u, h.multiply(k).toBytes())
  const s = (k + numberOf(c) * x) % order
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
  const y = pointOf(publicKey)
  const gamma = pointOf(gammaString)
  // "checking that the public key is not the identity element"
  if (y === undefined || y.is0() || gamma === undefined || s >= order) return null
  const h = encodeToCurve(publicKey, alpha)
  const cNumber = numberOf(c)
  // All of these numbers are public, so the faster multiplication that leaks its time is right here.
  const u = Point.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(cNumber))
  const v = h.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(cNumber))
  const expected = challenge(publicKey, h.toBytes(), gammaString, u.toBytes(), v.toBytes())
  return expected.equals(c) ? outputOf(gammaString) : null
}

/** ECVRF_encode_to_curve: ristretto255_one_way_map(Hash(suite_string || 0x82 || PK_string || alpha_string)). */
function encodeToCurve(publicKey: Uint8Array, alpha: Uint8Array): Point {
  return ristretto255_hasher.deriveToCurve!(sha512(suite, Buffer.of(0x82), publicKey, alpha)) as Point
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
  if (x === 0n || x >= order) throw malformed('the VRF key is not a scalar of ristretto255')
  return x
}

/** `string_to_point`: undefined for bytes that are no canonical ristretto255 encoding. */
function pointOf(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
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
