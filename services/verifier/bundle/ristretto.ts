// Stands in for ledger/format/ristretto.ts in the bundles: small, readable, and no WebAssembly.

import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import type { RistrettoGroup } from '../../ledger/format/ristretto-group.ts'

type Point = InstanceType<typeof ristretto255.Point>
const { Point } = ristretto255

/** A verifier has no secrets: the faster multiplication, which leaks its numbers through time, is right here. */
export const ristretto: RistrettoGroup<Point> = {
  decode(bytes) {
    try {
      return Point.fromBytes(Uint8Array.from(bytes))
    } catch {
      return null
    }
  },
  encode: (point) => point.toBytes(),
  fromHash: (hash) => ristretto255_hasher.deriveToCurve!(Uint8Array.from(hash)) as Point,
  multiply: (point, scalar) => point.multiplyUnsafe(scalar),
  multiplyBase: (scalar) => Point.BASE.multiplyUnsafe(scalar),
  subtract: (point, other) => point.subtract(other),
}
