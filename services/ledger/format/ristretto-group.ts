/** ristretto255 (RFC 9496), as the VRF needs it. `P` is a library's own form of a group element. */
export interface RistrettoGroup<P> {
  /** RFC 9496 §4.3.1: null for bytes that are no canonical encoding. */
  decode(bytes: Uint8Array): P | null
  /** RFC 9496 §4.3.2: 32 bytes. */
  encode(point: P): Uint8Array
  /** RFC 9496 §4.3.4, the one-way map of 64 uniform bytes. */
  fromHash(hash: Uint8Array): P
  /** Scalars are 0 to `groupOrder` - 1. */
  multiply(point: P, scalar: bigint): P
  multiplyBase(scalar: bigint): P
  subtract(point: P, other: P): P
}

/** The number of elements: 2^252 + 27742317777372353535851937790883648493. */
export const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n
