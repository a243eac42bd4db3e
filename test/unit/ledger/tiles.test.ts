import t from 'tap'
import { encodeEntryBundle, parseEntryBundle } from '../../../services/ledger/format/bundle.ts'
import {
  consistencyProof,
  inclusionProof,
  nodesForConsistency,
  nodesForInclusion,
} from '../../../services/ledger/format/merkle.ts'
import {
  bundlesForGrowth,
  growTiles,
  parseTilePath,
  partialTiles,
  readerOfTiles,
  type Tile,
  tileAt,
  tilePath,
  tilesForGrowth,
  tilesOfNodes,
  tileWidthAt,
} from '../../../services/ledger/format/tiles.ts'
import { readerOfLeaves, someLeaves } from './reference-tree.ts'

t.test('paths are those of the specification and read back', async (t) => {
  const paths: [Tile, string][] = [
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 1, index: 999, width: 17 }, 'tile/1/999.p/17'],
    [{ level: 63, index: 1000, width: 255 }, 'tile/63/x001/000.p/255'],
    [{ level: 'entries', index: 273, width: 112 }, 'tile/entries/273.p/112'],
    [{ level: 'entries', index: 2 ** 53 - 1, width: 256 }, 'tile/entries/x009/x007/x199/x254/x740/991'],
  ]
  for (const [tile, path] of paths) {
    t.equal(tilePath(tile), path)
    t.same(parseTilePath(path), tile)
  }
})

t.test('any other path is refused', async (t) => {
  const wrong = [
    '',
    '/tile/0/000',
    'tile/0/000/',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/data/000',
  ]
  wrong.push(
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/X001/000',
    'tile/0/٠٠٠',
  )
  wrong.push(
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.p/1\n',
  )
  wrong.push('tile/0/x999/x999/x999/x999/x999/999', 'tile/0/../000')
  for (const path of wrong) t.throws(() => parseTilePath(path), { code: 'malformed' }, path)
})

t.test('a tile that cannot exist has no path', async (t) => {
  const wrong: Partial<Tile>[] = [
    { level: 64 },
    { level: -1 },
    { index: -1 },
    { index: 0.5 },
    { width: 0 },
    { width: 257 },
    { width: 1.5 },
  ]
  for (const change of wrong) {
    t.throws(() => tilePath({ level: 0, index: 0, width: 1, ...change }), { code: 'malformed' }, JSON.stringify(change))
  }
})

t.test('the tree of 70,000 leaves has the tiles that the specification counts', async (t) => {
  const tiles = tilesForGrowth(0, 70_000)
  const count = (level: number, width: number) =>
    tiles.filter((tile) => tile.level === level && tile.width === width).length
  t.same([count(0, 256), count(0, 112), count(1, 256), count(1, 17), count(2, 1), tiles.length], [273, 1, 1, 1, 1, 277])
  t.same(partialTiles(70_000), [
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ])
  t.same(tilesForGrowth(0, 256), [
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ])
  t.same(partialTiles(256), [{ level: 1, index: 0, width: 1 }])
  t.same(bundlesForGrowth(250, 513), [
    { level: 'entries', index: 0, width: 256 },
    { level: 'entries', index: 1, width: 256 },
    { level: 'entries', index: 2, width: 1 },
  ])
})

t.test('a tree that does not grow has no new tiles, and none shrinks', async (t) => {
  t.same(tilesForGrowth(300, 300), [])
  t.same(bundlesForGrowth(300, 300), [])
  t.same(partialTiles(0), [])
  for (const grow of [tilesForGrowth, bundlesForGrowth]) {
    t.throws(() => grow(2, 1), { code: 'malformed' })
    t.throws(() => grow(-1, 1), { code: 'malformed' })
    t.throws(() => grow(0, 1.5), { code: 'malformed' })
  }
  t.throws(() => partialTiles(-1), { code: 'malformed' })
})

t.test('a tile is as wide as the tree has it', async (t) => {
  t.same(
    [tileWidthAt(300, 0, 0), tileWidthAt(300, 0, 1), tileWidthAt(300, 0, 2), tileWidthAt(300, 1, 0)],
    [256, 44, 0, 1],
  )
  t.same(tileAt(300, 'entries', 1), { level: 'entries', index: 1, width: 44 })
  t.throws(() => tileAt(300, 'entries', 2), { code: 'malformed' })
})

t.test('tiles grown in any steps are equal, name what tilesForGrowth names, and give every proof', async (t) => {
  const leaves = someLeaves(66_000)
  const whole = grow(new Map(), leaves, [66_000])
  const steps = grow(new Map(), leaves, [1, 2, 255, 256, 257, 300, 512, 1000, 65_535, 65_536, 65_537, 66_000])
  for (const tile of tilesForGrowth(0, 66_000))
    t.same(steps.get(tilePath(tile)), whole.get(tilePath(tile)), tilePath(tile))
  const read = readerOfTiles(66_000, (tile) => steps.get(tilePath(tile))!)
  const reference = readerOfLeaves(leaves)
  for (const index of [0, 255, 256, 40_000, 65_535, 65_536, 65_999]) {
    t.same(inclusionProof(index, 66_000, read), inclusionProof(index, 66_000, reference))
    t.same(consistencyProof(index + 1, 66_000, read), consistencyProof(index + 1, 66_000, reference))
  }
})

t.test('the tiles named for a proof are all that the proof reads', async (t) => {
  const leaves = someLeaves(1000)
  const tiles = grow(new Map(), leaves, [1000])
  const named = new Set(
    tilesOfNodes([...nodesForInclusion(300, 1000), ...nodesForConsistency(77, 1000)], 1000).map(tilePath),
  )
  const used = new Set<string>()
  const read = readerOfTiles(1000, (tile) => {
    used.add(tilePath(tile))
    return tiles.get(tilePath(tile))!
  })
  inclusionProof(300, 1000, read)
  consistencyProof(77, 1000, read)
  t.same([...named].sort(), [...used].sort())
})

t.test('a tile of the wrong length or a node beyond the tree is refused', async (t) => {
  const leaves = someLeaves(3)
  t.throws(() => readerOfTiles(3, () => Buffer.alloc(64))(0, 0), { code: 'malformed' })
  t.throws(() => readerOfTiles(3, () => Buffer.alloc(96))(1, 1), { code: 'malformed' })
  t.throws(() => readerOfTiles(3, () => Buffer.alloc(96))(8, 0), { code: 'malformed' })
  t.throws(() => growTiles({ oldSize: 2, leafHashes: leaves, partial: () => Buffer.alloc(32) }), { code: 'malformed' })
  t.throws(() => growTiles({ oldSize: 0, leafHashes: [Buffer.alloc(3)], partial: () => Buffer.alloc(0) }), {
    code: 'malformed',
  })
  t.throws(() => growTiles({ oldSize: -1, leafHashes: leaves, partial: () => Buffer.alloc(0) }), { code: 'malformed' })
  t.same(growTiles({ oldSize: 2, leafHashes: [], partial: () => Buffer.alloc(0) }), [])
})

t.test('a bundle is each entry behind its length', async (t) => {
  const entries = [Buffer.alloc(0), Buffer.from('ab'), Buffer.alloc(65_535, 1)]
  const bundle = encodeEntryBundle(entries)
  t.equal(bundle.subarray(0, 6).toString('hex'), '000000026162')
  t.same(parseEntryBundle(bundle, 3), entries)
  t.same(parseEntryBundle(Buffer.concat([bundle, encodeEntryBundle([Buffer.from('c')])]), 4).length, 4, 'continued')
  t.throws(() => encodeEntryBundle([Buffer.alloc(65_536)]), { code: 'malformed' })
})

t.test('a bundle is read to its last byte, with as many entries as named', async (t) => {
  const bundle = encodeEntryBundle([Buffer.from('ab'), Buffer.from('cd')])
  for (let cut = 1; cut < bundle.length; cut++) {
    t.throws(() => parseEntryBundle(bundle.subarray(0, cut), 2), { code: 'malformed' }, `cut at ${cut}`)
  }
  t.throws(() => parseEntryBundle(Buffer.concat([bundle, Buffer.alloc(1)]), 2), { code: 'malformed' })
  for (const width of [0, 1, 3, 257, 1.5])
    t.throws(() => parseEntryBundle(bundle, width), { code: 'malformed' }, `${width}`)
})

function grow(tiles: Map<string, Buffer>, leaves: readonly Buffer[], sizes: readonly number[]): Map<string, Buffer> {
  let oldSize = 0
  for (const size of sizes) {
    const grown = growTiles({
      oldSize,
      leafHashes: leaves.slice(oldSize, size),
      partial: (tile) => tiles.get(tilePath(tile))!,
    })
    t.same(
      grown.map(({ tile }) => tile),
      tilesForGrowth(oldSize, size),
    )
    for (const { tile, bytes } of grown) tiles.set(tilePath(tile), bytes)
    oldSize = size
  }
  return tiles
}
