import t from 'tap'
import { ristretto } from '../../../services/ledger/format/ristretto.ts'
import { groupOrder, type RistrettoGroup } from '../../../services/ledger/format/ristretto-group.ts'
import { ristretto as portable } from '../../../services/verifier/bundle/ristretto.ts'
import { seededBytes } from '../../support/package/sample-log.ts'

// What the service computes with, and what the bundles for outsiders compute with, are two libraries.

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')

/** Everything that the VRF asks of a group, for one pair of hashes and one scalar, as text. */
function computed<P>(group: RistrettoGroup<P>, [one, other]: readonly [Buffer, Buffer], scalar: bigint) {
  const [a, b] = [group.fromHash(one), group.fromHash(other)]
  const product = group.multiply(a, scalar)
  const identity = group.subtract(a, a)
  return [
    a,
    product,
    group.multiplyBase(scalar),
    group.subtract(product, b),
    group.subtract(identity, b),
    group.multiply(identity, scalar),
    group.decode(group.encode(product)),
  ].map((point) => point && hex(group.encode(point)))
}

t.test('both libraries compute the same, also at the edges', async (t) => {
  const random = seededBytes('ristretto', 'hashes and scalars')
  const edges = [0n, 1n, 2n, groupOrder - 1n]
  for (let round = 0; round < 24; round++) {
    const hashes = [random(64), random(64)] as const
    const scalar = edges[round] ?? BigInt(`0x${hex(random(32))}`) % groupOrder
    t.same(computed(ristretto, hashes, scalar), computed(portable, hashes, scalar), `scalar ${scalar}`)
  }
})

t.test('both take the same encodings', async (t) => {
  const valid = Buffer.from(ristretto.encode(ristretto.fromHash(Buffer.alloc(64, 7))))
  const changed = Array.from({ length: 256 }, (_, bit) => {
    const bytes = Buffer.from(valid)
    bytes[bit >> 3]! ^= 1 << (bit & 7)
    return bytes
  })
  const others = [Buffer.alloc(32), Buffer.alloc(32, 0xff), Buffer.alloc(31), Buffer.alloc(33), Buffer.alloc(0)]
  const taken = (group: RistrettoGroup<unknown>) => (bytes: Buffer) => group.decode(bytes) !== null
  const expected = [valid, ...changed, ...others].map(taken(ristretto))
  t.same([valid, ...changed, ...others].map(taken(portable)), expected)
  t.ok(expected.includes(true) && expected.includes(false))
})
