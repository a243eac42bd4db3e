import { randomBytes } from 'node:crypto'
import t from 'tap'
import { encodeEntryBundle } from '../../../../services/ledger/format/bundle.ts'
import { leafHash, makeLeafData } from '../../../../services/ledger/format/entry.ts'
import { appendToFrontier, emptyFrontier, rootOf } from '../../../../services/ledger/format/merkle.ts'
import { bundlesForGrowth, growTiles, type Tile, tilePath } from '../../../../services/ledger/format/tiles.ts'
import { verifyTree } from '../../../../services/ledger/verify/tree.ts'

for (const size of [0, 1, 255, 256, 257, 1000]) {
  t.test(`a sound log of ${size} entries has no findings, and shows every entry in order`, async (t) => {
    const log = storedLog(size)
    const seen: Buffer[] = []
    const findings = await verifyTree({ ...log, onLeaf: (index, data) => seen.splice(index, 1, data) })
    t.same(findings, [])
    t.ok(seen.length === size && seen.every((data, index) => data.equals(log.entries[index]!)))
  })
}

t.test('a changed entry shows in its tile and at the root', async (t) => {
  const log = storedLog(600)
  const changed = makeLeafData({ commitment: Buffer.alloc(32), links: [], randomBytes })
  const entries = log.entries.slice(256, 512).with(4, changed)
  log.files.set('tile/entries/001', encodeEntryBundle(entries))
  t.match(await verifyTree(log), [
    { place: 'tile/0/001', problem: /hash 4 / },
    { place: 'tile/1/000.p/2', problem: /hash 1 / },
    { place: 'checkpoint' },
  ])
})

t.test('a changed or cut hash tile shows as exactly that', async (t) => {
  const log = storedLog(600)
  log.files.get('tile/1/000.p/2')![32]! ^= 1
  log.files.set('tile/0/002.p/88', log.files.get('tile/0/002.p/88')!.subarray(32))
  t.match(await verifyTree(log), [
    { place: 'tile/1/000.p/2', problem: /hash 1 / },
    { place: 'tile/0/002.p/88', problem: /2784 bytes instead of 2816/ },
  ])
})

t.test('a checkpoint of another history shows as that alone', async (t) => {
  const log = storedLog(300)
  t.match(await verifyTree({ ...log, root: Buffer.alloc(32) }), [{ place: 'checkpoint' }])
})

t.test('a bundle that cannot be read ends the check and is named', async (t) => {
  const log = storedLog(600)
  log.files.set('tile/entries/001', log.files.get('tile/entries/001')!.subarray(1))
  const findings = await verifyTree(log)
  t.equal(findings.length, 1)
  t.match(findings, [{ place: 'tile/entries/001' }])
})

t.test('a failure to read is not taken for a finding', async (t) => {
  const log = storedLog(3)
  await t.rejects(verifyTree({ ...log, readTile: async () => Promise.reject(new Error('disk')) }), /disk/)
  const broken = {
    get length(): number {
      throw new Error('memory')
    },
  } as unknown as Uint8Array
  await t.rejects(verifyTree({ ...log, readTile: async () => broken }), /./)
})

function storedLog(size: number) {
  const entries = Array.from({ length: size }, () =>
    makeLeafData({ commitment: randomBytes(32), links: [], randomBytes }),
  )
  const leafHashes = entries.map(leafHash)
  const files = new Map<string, Buffer>()
  for (const { tile, bytes } of growTiles({ oldSize: 0, leafHashes, partial: () => Buffer.alloc(0) })) {
    files.set(tilePath(tile), Buffer.from(bytes))
  }
  for (const bundle of bundlesForGrowth(0, size)) {
    const start = bundle.index * 256
    files.set(tilePath(bundle), encodeEntryBundle(entries.slice(start, start + bundle.width)))
  }
  const root = rootOf(appendToFrontier(emptyFrontier, leafHashes))
  const readTile = async (tile: Tile) => files.get(tilePath(tile))!
  return { size, root, entries, files, readTile }
}
