import { hash } from 'node:crypto'
import { checkCount, checkLength, malformed } from './strict.ts'

/** The place of a perfect subtree: 2^level leaves, the `index`-th of its level from the left. Leaf hashes are level 0. */
export interface Node {
  readonly level: number
  readonly index: number
}

/** Gives the hash of a perfect subtree that the tree holds. */
export type HashReader = (level: number, index: number) => Uint8Array

/** All that appending needs: how many leaves there are, and the roots of the perfect subtrees of that size, largest first. */
export interface Frontier {
  readonly size: number
  readonly hashes: readonly Buffer[]
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

/** RFC 6962 §2.1: "MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))". */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== 32 || right.length !== 32) throw malformed('a node joins two hashes of 32 bytes')
  nodeInput.set(left, 1)
  nodeInput.set(right, 33)
  return hash('sha256', nodeInput, 'buffer')
}

/** Its first byte stays the prefix. Shared, for nothing comes between filling and hashing it. */
const nodeInput = Buffer.alloc(65, 1)

/**
 * Root of a perfect subtree from the hashes of one of its levels, side by side: 2^k of them.
 *
 * @throws malformed for another number of hashes
 */
export function rootOfPerfect(hashes: Uint8Array): Buffer {
  const count = hashes.length / 32
  if (!Number.isInteger(Math.log2(count))) throw malformed(`a perfect subtree has no level of ${count} hashes`)
  const level = Buffer.from(hashes)
  for (let width = count / 2; width >= 1; width /= 2) {
    for (let node = 0; node < width; node++) {
      nodeInput.set(level.subarray(node * 64, node * 64 + 64), 1)
      level.set(hash('sha256', nodeInput, 'buffer'), node * 32)
    }
  }
  return Buffer.from(level.subarray(0, 32))
}

/**
 * The frontier after these leaves too; the given one stays as it is.
 *
 * @throws malformed for a leaf hash that is not 32 bytes
 */
export function appendToFrontier(frontier: Frontier, leafHashes: Iterable<Uint8Array>): Frontier {
  const hashes = [...frontier.hashes]
  let size = frontier.size
  for (const leaf of leafHashes) {
    checkLength(leaf, 32, 'a leaf hash')
    let right: Buffer = Buffer.from(leaf)
    // As in binary addition: each low bit that is set is a finished subtree that joins with the new one.
    for (let carry = size; carry % 2 === 1; carry = (carry - 1) / 2) right = nodeHash(hashes.pop()!, right)
    hashes.push(right)
    size += 1
  }
  return { size, hashes }
}

/** Merkle Tree Hash of all leaves. RFC 6962 §2.1: "The hash of an empty list is the hash of an empty string". */
export function rootOf(frontier: Frontier): Buffer {
  if (frontier.size === 0) return hash('sha256', '', 'buffer')
  return joinRight(frontier.hashes)
}

/** The frontier of a stored tree. */
export function frontierOf(size: number, read: HashReader): Frontier {
  checkCount(size, 'the tree size')
  return {
    size,
    hashes: nodesOfRange({ start: 0, end: size }).map(({ level, index }) => Buffer.from(read(level, index))),
  }
}

/** The subtrees that `inclusionProof` reads, for fetching them first. */
export function nodesForInclusion(index: number, size: number): Node[] {
  return rangesForInclusion(index, size).flatMap(nodesOfRange)
}

/** The subtrees that `consistencyProof` reads, for fetching them first. */
export function nodesForConsistency(oldSize: number, newSize: number): Node[] {
  return rangesForConsistency(oldSize, newSize).flatMap(nodesOfRange)
}

/**
 * Audit path of a leaf, RFC 6962 §2.1.1 PATH(m, D[n]): from the leaf's sibling up to the root's child.
 *
 * @throws malformed when the tree has no such leaf
 */
export function inclusionProof(index: number, size: number, read: HashReader): Buffer[] {
  return rangesForInclusion(index, size).map((range) => hashOfRange(range, read))
}

/**
 * Proof that a tree only grew, RFC 6962 §2.1.2 PROOF(m, D[n]). Empty when the sizes are equal or the old tree is empty.
 *
 * @throws malformed when the old size is beyond the new one
 */
export function consistencyProof(oldSize: number, newSize: number, read: HashReader): Buffer[] {
  return rangesForConsistency(oldSize, newSize).map((range) => hashOfRange(range, read))
}

/** RFC 9162 §2.1.3.2, step by step: true when the proof leads from the leaf hash to the root. Never throws. */
export function verifyInclusion(claim: {
  index: number
  size: number
  leafHash: Uint8Array
  proof: readonly Uint8Array[]
  root: Uint8Array
}): boolean {
  if (!isCount(claim.index) || !isCount(claim.size) || claim.index >= claim.size) return false
  if (![claim.leafHash, claim.root, ...claim.proof].every(isHash)) return false
  let fn = claim.index
  let sn = claim.size - 1
  let r = claim.leafHash
  for (const p of claim.proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r)
      // "If LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set or fn is 0."
      for (; !isOdd(fn) && fn !== 0; fn = half(fn)) sn = half(sn)
    } else {
      r = nodeHash(r, p)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && Buffer.compare(r, claim.root) === 0
}

/**
 * RFC 9162 §2.1.4.2: true when the proof shows that the new tree begins with the old one. Never throws. Beyond the RFC, an
 * empty proof holds between equal sizes with equal roots, and from the empty tree (c2sp.org/tlog-witness) to any.
 */
export function verifyConsistency(claim: {
  oldSize: number
  newSize: number
  oldRoot: Uint8Array
  newRoot: Uint8Array
  proof: readonly Uint8Array[]
}): boolean {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false
  if (newSize === 0 && Buffer.compare(newRoot, rootOf(emptyFrontier)) !== 0) return false
  if (oldSize === newSize) return proof.length === 0 && Buffer.compare(oldRoot, newRoot) === 0
  if (oldSize === 0) return proof.length === 0 && Buffer.compare(oldRoot, rootOf(emptyFrontier)) === 0
  // "If first is an exact power of 2, then prepend first_hash to the consistency_path array."
  const [seed, ...path] = powerBelow(oldSize + 1) === oldSize ? [oldRoot, ...proof] : proof
  // The prepended root alone is an empty proof, and the RFC fails that; so does the check of sn below.
  if (seed === undefined) return false
  let fn = oldSize - 1
  let sn = newSize - 1
  for (; isOdd(fn); fn = half(fn)) sn = half(sn)
  let fr = seed
  let sr = seed
  for (const c of path) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr)
      sr = nodeHash(c, sr)
      for (; !isOdd(fn) && fn !== 0; fn = half(fn)) sn = half(sn)
    } else {
      sr = nodeHash(sr, c)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && Buffer.compare(fr, oldRoot) === 0 && Buffer.compare(sr, newRoot) === 0
}

/** Leaves `start` to `end` - 1. */
interface Range {
  readonly start: number
  readonly end: number
}

function rangesForInclusion(index: number, size: number): Range[] {
  checkCount(index, 'the leaf index')
  checkCount(size, 'the tree size')
  if (index >= size) throw malformed(`a tree of ${size} leaves has no leaf ${index}`)
  const siblings: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + powerBelow(end - start)
    if (index < middle) {
      siblings.push({ start: middle, end })
      end = middle
    } else {
      siblings.push({ start, end: middle })
      start = middle
    }
  }
  return siblings.reverse()
}

function rangesForConsistency(oldSize: number, newSize: number): Range[] {
  checkCount(oldSize, 'the old tree size')
  checkCount(newSize, 'the new tree size')
  if (oldSize > newSize) throw malformed(`a tree of ${newSize} leaves cannot have grown from ${oldSize}`)
  if (oldSize === 0) return []
  const siblings: Range[] = []
  let [start, end] = [0, newSize]
  while (oldSize !== end) {
    const middle = start + powerBelow(end - start)
    if (oldSize <= middle) {
      siblings.push({ start: middle, end })
      end = middle
    } else {
      siblings.push({ start, end: middle })
      start = middle
    }
  }
  // SUBPROOF's flag b: the old root itself is known to the verifier, any other subtree is not.
  if (start !== 0) siblings.push({ start, end })
  return siblings.reverse()
}

/** The perfect subtrees of a range that RFC 6962 can split off, largest first. */
function nodesOfRange({ start, end }: Range): Node[] {
  const nodes: Node[] = []
  let first = start
  while (first < end) {
    let [level, span] = [0, 1]
    while (span * 2 <= end - first) [level, span] = [level + 1, span * 2]
    nodes.push({ level, index: first / span })
    first += span
  }
  return nodes
}

function hashOfRange(range: Range, read: HashReader): Buffer {
  return joinRight(nodesOfRange(range).map(({ level, index }) => read(level, index)))
}

/** Joins neighbouring subtrees, largest first, as the RFC's split at the largest power of two nests them. */
function joinRight(hashes: readonly Uint8Array[]): Buffer {
  return Buffer.from(hashes.reduceRight((right, left) => nodeHash(left, right)))
}

/** "the largest power of two smaller than n", n > 1. Not by shifts: those end at 2^31. */
function powerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

function half(n: number): number {
  return Math.floor(n / 2)
}

function isOdd(n: number): boolean {
  return n % 2 === 1
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === 32
}
