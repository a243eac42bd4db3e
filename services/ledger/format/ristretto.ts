import sodium from 'libsodium-wrappers-sumo'
import type { RistrettoGroup } from './ristretto-group.ts'

await sodium.ready

const identity = new Uint8Array(32)

/**
 * ristretto255 by libsodium, in constant time. The bundles for outsiders have another library in its place
 * (services/verifier/bundle/ristretto.ts), so what the service proves is verified by code that it does not share.
 *
 * libsodium gives no product that is the identity, but throws: in a group of prime order that is a factor of nothing.
 */
export const ristretto: RistrettoGroup<Uint8Array> = {
  decode: (bytes) => (bytes.length === 32 && sodium.crypto_core_ristretto255_is_valid_point(bytes) ? bytes : null),
  encode: (point) => point,
  fromHash: (hash) => sodium.crypto_core_ristretto255_from_hash(hash),
  multiply: (point, scalar) =>
    scalar === 0n || isIdentity(point) ? identity : sodium.crypto_scalarmult_ristretto255(scalarBytes(scalar), point),
  multiplyBase: (scalar) =>
    scalar === 0n ? identity : sodium.crypto_scalarmult_ristretto255_base(scalarBytes(scalar)),
  subtract: (point, other) => sodium.crypto_core_ristretto255_sub(point, other),
}

function isIdentity(point: Uint8Array): boolean {
  return point.every((byte) => byte === 0)
}

/** Little-endian. */
function scalarBytes(scalar: bigint): Uint8Array {
  return Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse()
}
