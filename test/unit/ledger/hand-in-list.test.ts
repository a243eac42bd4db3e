import { createHash } from 'node:crypto'
import t from 'tap'
import { canonicalText } from '../../../services/ledger/format/canonical.ts'
import { leafHash } from '../../../services/ledger/format/entry.ts'
import {
  filesRootOf,
  type HandInLine,
  handInHeadBytes,
  lineDigest,
} from '../../../services/ledger/format/hand-in-list.ts'
import { inclusionProof, nodeHash, rootOfPerfect, verifyInclusion } from '../../../services/ledger/format/merkle.ts'

const line = (number: number): HandInLine => ({
  number,
  name: Buffer.from(`file ${number}`).toString('base64'),
  bytes: number * 1000,
  sha256: null,
  deviceTime: null,
  mark: false,
})
const salt = (number: number) => createHash('sha256').update(`salt ${number}`).digest()
const digests = (count: number) => Array.from({ length: count }, (_, number) => lineDigest(line(number), salt(number)))

t.test('a line is hidden by its salt, and bound to every member', async (t) => {
  const text = '{"bytes":1000,"deviceTime":null,"mark":false,"name":"ZmlsZSAx","number":1,"sha256":null}'
  t.equal(canonicalText({ ...line(1) }), text)
  const expected = createHash('sha256').update(salt(1)).update(text).digest('hex')
  t.equal(lineDigest(line(1), salt(1)).toString('hex'), expected)
  t.not(lineDigest(line(1), salt(2)).toString('hex'), expected)
  for (const change of [{ bytes: 1 }, { mark: true }, { number: 2 }, { sha256: 'a'.repeat(64) }, { name: 'eHh4' }]) {
    t.not(lineDigest({ ...line(1), ...change }, salt(1)).toString('hex'), expected, JSON.stringify(change))
  }
  t.throws(() => lineDigest(line(1), Buffer.alloc(31)), { code: 'malformed' })
})

t.test('the root is that of RFC 6962 over the digests', async (t) => {
  t.equal(filesRootOf([]).toString('hex'), createHash('sha256').digest('hex'))
  const [a, b, c] = digests(3).map(leafHash)
  t.same(filesRootOf(digests(1)), a)
  t.same(filesRootOf(digests(3)), nodeHash(nodeHash(a!, b!), c!))
})

/** RFC 6962 §2.1.1. */
function proofOf(index: number, all: readonly Buffer[]): Buffer[] {
  const hashes = all.map(leafHash)
  return inclusionProof(index, all.length, (level, node) =>
    rootOfPerfect(Buffer.concat(hashes.slice(node * 2 ** level, (node + 1) * 2 ** level))),
  )
}

t.test('each line is proven by itself, and no other line in its place', async (t) => {
  for (const size of [1, 2, 3, 7, 8, 57]) {
    const all = digests(size)
    const root = filesRootOf(all)
    for (let index = 0; index < size; index++) {
      const claim = { index, size, root, proof: proofOf(index, all) }
      t.ok(verifyInclusion({ ...claim, leafHash: leafHash(all[index]!) }), `${index} of ${size}`)
      const other = lineDigest(line(index + 1), salt(index))
      t.notOk(verifyInclusion({ ...claim, leafHash: leafHash(other) }))
    }
  }
})

t.test('what a dock signs shows no line', async (t) => {
  const head = handInHeadBytes({
    v: 2,
    serial: 'ZJ00001',
    openedAt: '2026-11-20T18:00:00+08:00',
    clockOffsetMs: 1500,
    origin: { kind: 'card', from: 'SD 3' },
    user: { person: 'p', grade: 'confirmed' },
    count: 3,
    filesRoot: filesRootOf(digests(3)).toString('hex'),
  })
  const text =
    '{"clockOffsetMs":1500,"count":3,"filesRoot":"ROOT","openedAt":"2026-11-20T18:00:00+08:00","origin":{"from":"SD 3","kind":"card"},"serial":"ZJ00001","user":{"grade":"confirmed","person":"p"},"v":2}'
  t.equal(head.toString(), text.replace('ROOT', filesRootOf(digests(3)).toString('hex')))
})
