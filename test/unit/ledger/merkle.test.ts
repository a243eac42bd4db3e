import t from 'tap'
import { leafHash } from '../../../services/ledger/format/entry.ts'
import {
  appendToFrontier,
  consistencyProof,
  emptyFrontier,
  frontierOf,
  inclusionProof,
  nodeHash,
  nodesForConsistency,
  nodesForInclusion,
  rootOf,
  rootOfPerfect,
  verifyConsistency,
  verifyInclusion,
} from '../../../services/ledger/format/merkle.ts'
import { path, readerOfLeaves, someLeaves, subproof, treeHash, withBitsTurned } from './reference-tree.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const emptyRoot = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The eight leaves of certificate-transparency's merkletree tests and the roots of their first 1 to 8. */
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (data) => leafHash(hex(data)),
)
const knownRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

t.test('a perfect subtree has the root that its frontier gives, and keeps the hashes it was given', async (t) => {
  for (const count of [1, 2, 4, 8, 256]) {
    const leaves = someLeaves(count)
    const level = Buffer.concat(leaves)
    const before = Buffer.from(level)
    t.same(rootOfPerfect(level), rootOf(appendToFrontier(emptyFrontier, leaves)), `${count} leaves`)
    t.same(level, before)
  }
  for (const bytes of [0, 31, 33, 96, 8191]) t.throws(() => rootOfPerfect(Buffer.alloc(bytes)), { code: 'malformed' })
  t.throws(() => nodeHash(Buffer.alloc(32), Buffer.alloc(31)), { code: 'malformed' })
})

t.test('the empty tree has the hash of nothing', async (t) => {
  t.equal(rootOf(emptyFrontier).toString('hex'), emptyRoot)
})

t.test('the published roots of sizes 1 to 8 come out', async (t) => {
  knownRoots.forEach((root, index) => {
    t.equal(rootOf(appendToFrontier(emptyFrontier, known.slice(0, index + 1))).toString('hex'), root)
  })
})

t.test('the published proofs come out', async (t) => {
  const read = readerOfLeaves(known)
  const texts = (hashes: Buffer[]) => hashes.map((hash) => hash.toString('hex'))
  t.same(texts(inclusionProof(0, 1, read)), [])
  t.same(texts(inclusionProof(5, 8, read)), [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ])
  t.same(texts(inclusionProof(2, 3, read)), ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'])
  t.same(texts(consistencyProof(1, 8, read)), [
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ])
  t.same(texts(consistencyProof(6, 8, read)), [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ])
  t.same(texts(consistencyProof(2, 5, read)), [
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  ])
})

t.test('up to 600 leaves every root, appended one by one or in any batches, is that of the RFC', async (t) => {
  const leaves = someLeaves(600)
  let single = emptyFrontier
  for (let size = 1; size <= 600; size++) {
    single = appendToFrontier(single, [leaves[size - 1]!])
    if (size > 70 && size % 37 !== 0 && ![255, 256, 257, 511, 512, 513, 600].includes(size)) continue
    const root = treeHash(leaves.slice(0, size)).toString('hex')
    const cut = Math.min(size, (size * 7) % 11)
    const batches = appendToFrontier(appendToFrontier(emptyFrontier, leaves.slice(0, cut)), leaves.slice(cut, size))
    const stored = frontierOf(size, readerOfLeaves(leaves))
    t.strictSame(
      [single, batches, stored].map((frontier) => rootOf(frontier).toString('hex')),
      [root, root, root],
    )
  }
})

t.test('appending leaves the given frontier as it was', async (t) => {
  const before = appendToFrontier(emptyFrontier, someLeaves(3))
  appendToFrontier(before, someLeaves(5))
  t.equal(rootOf(before).toString('hex'), treeHash(someLeaves(3)).toString('hex'))
  t.throws(() => appendToFrontier(before, [Buffer.alloc(31)]), { code: 'malformed' })
})

t.test('up to 66 leaves every proof is that of the RFC and holds', async (t) => {
  const leaves = someLeaves(66)
  const read = readerOfLeaves(leaves)
  const roots = Array.from({ length: 67 }, (_, size) => treeHash(leaves.slice(0, size)))
  for (let size = 1; size <= 66; size++) {
    const tree = leaves.slice(0, size)
    for (let m = 0; m < size; m++) {
      const proof = inclusionProof(m, size, read)
      if (!same(proof, path(m, tree))) t.fail(`inclusion ${m} in ${size}`)
      if (!verifyInclusion({ index: m, size, leafHash: leaves[m]!, proof, root: roots[size]! }))
        t.fail(`${m} in ${size}`)
    }
    for (let old = 0; old <= size; old++) {
      const proof = consistencyProof(old, size, read)
      if (!same(proof, old === 0 ? [] : subproof(old, tree, true))) t.fail(`consistency ${old} to ${size}`)
      const claim = { oldSize: old, newSize: size, oldRoot: roots[old]!, newRoot: roots[size]!, proof }
      if (!verifyConsistency(claim)) t.fail(`${old} to ${size}`)
    }
  }
  t.pass('all of them')
})

t.test('in trees up to 600 leaves a sample of pairs holds too', async (t) => {
  const leaves = someLeaves(600)
  const read = readerOfLeaves(leaves)
  for (const size of [255, 256, 257, 300, 511, 512, 513, 600]) {
    const root = treeHash(leaves.slice(0, size))
    for (let m = size % 13; m < size; m += 41) {
      const proof = inclusionProof(m, size, read)
      t.ok(same(proof, path(m, leaves.slice(0, size))))
      t.ok(verifyInclusion({ index: m, size, leafHash: leaves[m]!, proof, root }))
      const grown = consistencyProof(m + 1, size, read)
      t.ok(same(grown, subproof(m + 1, leaves.slice(0, size), true)))
      const oldRoot = treeHash(leaves.slice(0, m + 1))
      t.ok(verifyConsistency({ oldSize: m + 1, newSize: size, oldRoot, newRoot: root, proof: grown }))
    }
  }
})

t.test('any bit turned, hash missing, doubled or moved breaks an inclusion proof', async (t) => {
  const leaves = someLeaves(13)
  const root = treeHash(leaves)
  for (const index of [0, 6, 11, 12]) {
    const claim = {
      index,
      size: 13,
      leafHash: leaves[index]!,
      proof: inclusionProof(index, 13, readerOfLeaves(leaves)),
      root,
    }
    t.ok(verifyInclusion(claim))
    for (const proof of mutations(claim.proof)) if (verifyInclusion({ ...claim, proof })) t.fail('a changed proof held')
    for (const leaf of withBitsTurned(claim.leafHash)) if (verifyInclusion({ ...claim, leafHash: leaf })) t.fail('leaf')
    for (const other of withBitsTurned(root)) if (verifyInclusion({ ...claim, root: other })) t.fail('root')
    for (let other = 0; other < 14; other++) {
      if (other !== index) t.notOk(verifyInclusion({ ...claim, index: other }), `as leaf ${other}`)
    }
  }
})

t.test('an inclusion claim that makes no sense is false, not an error', async (t) => {
  const [leaf] = someLeaves(1) as [Buffer]
  const claim = { index: 0, size: 1, leafHash: leaf, proof: [], root: leaf }
  t.ok(verifyInclusion(claim))
  const wrong = [
    { index: 1 },
    { index: -1 },
    { index: 0.5 },
    { size: 0 },
    { size: 1.5 },
    { size: 2 ** 60 },
    { proof: [leaf] },
  ]
  for (const change of wrong) t.notOk(verifyInclusion({ ...claim, ...change }), JSON.stringify(change))
  t.notOk(verifyInclusion({ ...claim, leafHash: Buffer.alloc(31) }))
  t.notOk(verifyInclusion({ ...claim, root: Buffer.alloc(33) }))
  t.notOk(verifyInclusion({ ...claim, proof: [Buffer.alloc(0)] }))
})

t.test('any bit turned, hash missing, doubled or moved breaks a consistency proof', async (t) => {
  const leaves = someLeaves(13)
  const newRoot = treeHash(leaves)
  for (const oldSize of [1, 4, 6, 7, 8, 12]) {
    const oldRoot = treeHash(leaves.slice(0, oldSize))
    const proof = consistencyProof(oldSize, 13, readerOfLeaves(leaves))
    const claim = { oldSize, newSize: 13, oldRoot, newRoot, proof }
    t.ok(verifyConsistency(claim))
    for (const changed of mutations(proof))
      if (verifyConsistency({ ...claim, proof: changed })) t.fail('a changed proof held')
    for (const other of withBitsTurned(oldRoot)) if (verifyConsistency({ ...claim, oldRoot: other })) t.fail('old root')
    for (const other of withBitsTurned(newRoot)) if (verifyConsistency({ ...claim, newRoot: other })) t.fail('new root')
    t.notOk(verifyConsistency({ ...claim, proof: [] }), 'empty')
  }
})

t.test('equal trees and the empty tree need an empty proof, and nothing shrinks', async (t) => {
  const [root, other] = someLeaves(2) as [Buffer, Buffer]
  const empty = hex(emptyRoot)
  const holds = (oldSize: number, oldRoot: Buffer, newSize: number, newRoot: Buffer, proof: Buffer[] = []) =>
    verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof })
  t.ok(holds(5, root, 5, root))
  t.notOk(holds(5, root, 5, other))
  t.notOk(holds(5, root, 5, root, [root]))
  t.ok(holds(0, empty, 5, root))
  t.ok(holds(0, empty, 0, empty))
  t.notOk(holds(0, root, 5, root))
  t.notOk(holds(0, empty, 5, root, [root]))
  t.notOk(holds(0, root, 0, root))
  t.notOk(holds(6, root, 5, root))
  t.notOk(holds(-1, root, 5, root))
  t.notOk(holds(1, root, 1.5, root))
  t.notOk(holds(1, Buffer.alloc(3), 2, root))
  t.notOk(holds(3, root, 5, other), 'an empty proof')
})

t.test('proofs of what a tree does not have are refused', async (t) => {
  const read = readerOfLeaves(someLeaves(4))
  t.throws(() => inclusionProof(4, 4, read), { code: 'malformed' })
  t.throws(() => inclusionProof(-1, 4, read), { code: 'malformed' })
  t.throws(() => inclusionProof(0, 0.5, read), { code: 'malformed' })
  t.throws(() => consistencyProof(5, 4, read), { code: 'malformed' })
  t.throws(() => consistencyProof(-1, 4, read), { code: 'malformed' })
  t.throws(() => consistencyProof(0, 2 ** 53, read), { code: 'malformed' })
  t.throws(() => frontierOf(-1, read), { code: 'malformed' })
})

t.test('sizes beyond 32 bits are counted right', async (t) => {
  const size = 2 ** 40 + 5
  const read = (level: number, index: number) => leafHash(Buffer.from(`${level}/${index}`))
  t.same(nodesForInclusion(2 ** 40 + 4, size), [
    { level: 2, index: 2 ** 38 },
    { level: 40, index: 0 },
  ])
  t.same(
    nodesForConsistency(2 ** 40, size),
    [
      { level: 0, index: 2 ** 40 + 4 },
      { level: 2, index: 2 ** 38 },
    ].toReversed(),
  )
  const root = rootOf(frontierOf(size, read))
  const index = 2 ** 40 + 4
  const proof = inclusionProof(index, size, read)
  t.ok(verifyInclusion({ index, size, leafHash: read(0, index), proof, root }))
  const oldRoot = rootOf(frontierOf(2 ** 40, read))
  const grown = consistencyProof(2 ** 40, size, read)
  t.ok(verifyConsistency({ oldSize: 2 ** 40, newSize: size, oldRoot, newRoot: root, proof: grown }))
})

function same(a: Buffer[], b: Buffer[]): boolean {
  return a.length === b.length && a.every((hash, index) => hash.equals(b[index]!))
}

function* mutations(proof: Buffer[]): Generator<Buffer[]> {
  for (let at = 0; at < proof.length; at++) {
    for (const turned of withBitsTurned(proof[at]!)) yield proof.with(at, turned)
    yield proof.toSpliced(at, 1)
    yield proof.toSpliced(at, 0, proof[at]!)
    if (at > 0) yield proof.with(at, proof[at - 1]!).with(at - 1, proof[at]!)
  }
  yield [...proof, Buffer.alloc(32)]
}
