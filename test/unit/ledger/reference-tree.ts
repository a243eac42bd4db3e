import { createHash } from 'node:crypto'

/** RFC 6962 §2.1 written down as it stands there, slowly: what the ledger's own tree is compared with. */

export function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]!
  const k = split(leaves.length)
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)))
}

export function path(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))]
}

export function subproof(m: number, leaves: readonly Buffer[], known: boolean): Buffer[] {
  if (m === leaves.length) return known ? [] : [treeHash(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), known), treeHash(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))]
}

/** Any number of different leaf hashes. */
export function someLeaves(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => sha256(Buffer.from(`leaf ${index}`)))
}

/** Reads perfect subtrees straight from the leaves. */
export function readerOfLeaves(leaves: readonly Buffer[]): (level: number, index: number) => Buffer {
  const known = new Map<string, Buffer>()
  const read = (level: number, index: number): Buffer => {
    if (level === 0) return leaves[index]!
    const place = `${level}/${index}`
    const hash = known.get(place) ?? sha256(Buffer.of(1), read(level - 1, index * 2), read(level - 1, index * 2 + 1))
    known.set(place, hash)
    return hash
  }
  return read
}

/** Each copy of `bytes` with one bit turned. */
export function* withBitsTurned(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const turned = Buffer.from(bytes)
    turned[bit >> 3]! ^= 1 << (bit & 7)
    yield turned
  }
}

function sha256(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

function split(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1)
}
