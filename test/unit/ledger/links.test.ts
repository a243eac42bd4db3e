import { createHash } from 'node:crypto'
import t from 'tap'
import { linkTag, subjectAlpha } from '../../../services/ledger/format/links.ts'

const secret = Buffer.alloc(64, 3)

t.test('a link is SHA-256 of the secret and the number as 8 bytes, big-endian', async (t) => {
  const input = Buffer.concat([secret, Buffer.from('0000000100000002', 'hex')])
  t.same(linkTag(secret, 0x1_0000_0002), createHash('sha256').update(input).digest())
})

t.test('numbers start at 1 and secrets have 64 bytes', async (t) => {
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 53]) t.throws(() => linkTag(secret, n), { code: 'malformed' }, `${n}`)
  t.throws(() => linkTag(Buffer.alloc(32), 1), { code: 'malformed' })
})

t.test('a subject is named type:id in UTF-8', async (t) => {
  t.equal(subjectAlpha('case', '镇综执〔2026〕1:2').toString('utf8'), 'case:镇综执〔2026〕1:2')
})

t.test('no two subjects share a name', async (t) => {
  for (const [type, id] of [
    ['', 'a'],
    ['a:b', 'c'],
    ['Case', 'a'],
    ['case', ''],
    ['case', '\ud800'],
  ] as const) {
    t.throws(() => subjectAlpha(type, id), { code: 'malformed' }, `${type}:${id}`)
  }
})
