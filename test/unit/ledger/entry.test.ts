import { createHash, randomBytes } from 'node:crypto'
import t from 'tap'
import { canonicalText, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import {
  checkBody,
  commitmentOf,
  isLeafData,
  leafHash,
  makeLeafData,
  parseLeafData,
} from '../../../services/ledger/format/entry.ts'

const salt = Buffer.alloc(32, 7)
const body = {
  id: '0199a0c2-0000-7000-8000-000000000001',
  kind: 'recording.sealed',
  at: '2026-11-23T05:00:00.000Z',
  actor: 'dock-1',
  actorRole: 'dock',
  subjects: [{ type: 'recording', id: 'r-1' }],
  details: { bytes: 12, name: '执法' },
}
const count = (byte: number) => Buffer.alloc(32, byte)
const noPadding = () => {
  throw new Error('no padding was due')
}

t.test('the commitment is SHA-256 of salt and canonical body', async (t) => {
  const text = canonicalText(body)
  t.same(commitmentOf(salt, text), createHash('sha256').update(salt).update(text, 'utf8').digest())
})

t.test('a commitment needs 32 bytes of salt and text that UTF-8 can hold', async (t) => {
  t.throws(() => commitmentOf(Buffer.alloc(31), '{}'), { code: 'malformed' })
  t.throws(() => commitmentOf(salt, '"\ud800"'), { code: 'malformed' })
})

t.test('a body is read with exactly its members, id present or not', async (t) => {
  t.same(checkBody(canonicalText(body)), body)
  const { id: _, ...without } = body
  t.same(checkBody(canonicalText(without)), without)
})

t.test('a body that is wrong anywhere is refused', async (t) => {
  const wrong: Record<string, JsonValue> = {
    'a list': [],
    'another member': { ...body, extra: 1 },
    'empty kind': { ...body, kind: '' },
    'numeric actor': { ...body, actor: 1 },
    'no role': JSON.parse(JSON.stringify({ ...body, actorRole: undefined })) as JsonValue,
    'null id': { ...body, id: null },
    'time with offset': { ...body, at: '2026-11-23T05:00:00.000+08:00' },
    'no time': { ...body, at: 'now' },
    'numeric time': { ...body, at: 1 },
    'no subjects': { ...body, subjects: [] },
    'nine subjects': { ...body, subjects: Array.from({ length: 9 }, (_, n) => ({ type: 'case', id: `${n}` })) },
    'subjects no list': { ...body, subjects: 'case:1' },
    'subject a text': { ...body, subjects: ['case:1'] },
    'subject with more': { ...body, subjects: [{ type: 'case', id: '1', n: 1 }] },
    'subject with a number': { ...body, subjects: [{ type: 'case', id: 1 }] },
    'subject with a numeric type': { ...body, subjects: [{ type: 1, id: '1' }] },
    'subject with a colon': { ...body, subjects: [{ type: 'a:b', id: '1' }] },
    'details a list': { ...body, details: [] },
    'no details': JSON.parse(JSON.stringify({ ...body, details: undefined })) as JsonValue,
  }
  for (const [name, value] of Object.entries(wrong)) {
    t.throws(() => checkBody(canonicalText(value)), { code: 'malformed' }, name)
  }
  t.throws(() => checkBody(JSON.stringify(body)), { code: 'malformed' }, 'not canonical')
})

t.test('a leaf is the canonical form of commitment, eight sorted links and version', async (t) => {
  const links = [8, 3, 5, 1, 2, 7, 6, 4].map(count)
  const data = makeLeafData({ commitment: count(9), links, randomBytes: noPadding })
  const expected = {
    v: 1,
    commitment: count(9).toString('hex'),
    links: [1, 2, 3, 4, 5, 6, 7, 8].map((byte) => count(byte).toString('hex')),
  }
  t.equal(data.toString(), canonicalText(expected))
  t.same(parseLeafData(data), { commitment: expected.commitment, links: expected.links })
})

t.test('every leaf has the same length, however many subjects its event has', async (t) => {
  const lengths = [0, 1, 8].map(
    (n) =>
      makeLeafData({ commitment: count(9), links: Array.from({ length: n }, (_, i) => count(i)), randomBytes }).length,
  )
  t.equal(new Set(lengths).size, 1)
})

t.test('a leaf takes at most eight links, each once, all of 32 bytes', async (t) => {
  const make = (links: Buffer[], commitment = count(9)) => makeLeafData({ commitment, links, randomBytes })
  t.throws(() => make([1, 2, 3, 4, 5, 6, 7, 8, 9].map(count)), { code: 'malformed' })
  t.throws(() => make([count(1), count(1)]), { code: 'malformed' })
  t.throws(() => make([Buffer.alloc(31)]), { code: 'malformed' })
  t.throws(() => make([], Buffer.alloc(33)), { code: 'malformed' })
  t.throws(() => makeLeafData({ commitment: count(9), links: [], randomBytes: () => Buffer.alloc(1) }), {
    code: 'malformed',
  })
})

t.test('leaf data of another spelling is refused', async (t) => {
  const text = makeLeafData({ commitment: count(0xab), links: [], randomBytes }).toString()
  const links = (JSON.parse(text) as { links: string[] }).links
  const wrong = [
    '',
    ` ${text}`,
    `${text}\n`,
    text.toUpperCase(),
    text.replace('abab', 'ABAB'),
    text.replace('"v":1', '"v":2'),
    text.replace('"v":1', '"v":1,"w":1'),
    text.replace(`"${links[0]}",`, ''),
    text.replace(links[0]!, links[1]!),
    text.replace(JSON.stringify(links), JSON.stringify(links.toReversed())),
  ]
  for (const bad of wrong) t.throws(() => parseLeafData(Buffer.from(bad)), { code: 'malformed' }, bad.slice(0, 40))
})

t.test('a leaf with any one byte changed into what is not written there is refused', async (t) => {
  const leaf = makeLeafData({ commitment: randomBytes(32), links: [], randomBytes })
  let refused = 0
  for (let place = 0; place < leaf.length; place++) {
    for (const byte of ['g', 'A', '"', '`', '/', ':', '\0', ' ']) {
      const changed = Buffer.from(leaf)
      changed[place] = byte.charCodeAt(0)
      if (changed.equals(leaf)) continue
      if (isLeafData(changed)) t.fail(`${byte} at ${place}`)
      refused += 1
    }
  }
  t.ok(refused > 7 * leaf.length)
  for (const length of [0, leaf.length - 1]) t.notOk(isLeafData(leaf.subarray(0, length)))
  t.notOk(isLeafData(Buffer.concat([leaf, leaf])))
  t.ok(isLeafData(leaf))
})

t.test('links that do not ascend, or stand there twice, are refused', async (t) => {
  const links = Array.from({ length: 8 }, (_, n) => String(n).repeat(64))
  const leaf = (ordered: readonly string[]) =>
    Buffer.from(`{"commitment":"${'c'.repeat(64)}","links":["${ordered.join('","')}"],"v":1}`)
  t.ok(isLeafData(leaf(links)))
  for (let place = 0; place < 7; place++) {
    const swapped = links.with(place, links[place + 1]!).with(place + 1, links[place]!)
    for (const wrong of [swapped, links.with(place + 1, links[place]!)]) {
      t.notOk(isLeafData(leaf(wrong)))
      t.throws(() => parseLeafData(leaf(wrong)), { message: /ascending/ })
    }
  }
})

t.test('a leaf is read from any view of memory', async (t) => {
  const data = makeLeafData({ commitment: count(1), links: [], randomBytes })
  const padded = Buffer.concat([Buffer.from('..'), data, Buffer.from('..')])
  t.same(parseLeafData(new Uint8Array(padded.buffer, padded.byteOffset + 2, data.length)), parseLeafData(data))
})

t.test('the hash of the empty leaf is that of RFC 6962 implementations', async (t) => {
  t.equal(leafHash(Buffer.alloc(0)).toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
})
