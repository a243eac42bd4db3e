import t from 'tap'
import { rangeOf } from '../../../services/access/byte-range.ts'

const etag = '"abc"'

t.test('one range of bytes, as RFC 9110 spells it; everything else gets the whole file', async (t) => {
  for (const [range, expected] of [
    [undefined, null],
    ['bytes=0-', { start: 0, end: 999 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=990-5000', { start: 990, end: 999 }],
    ['bytes=-5', { start: 995, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['bytes=999-', { start: 999, end: 999 }],
    ['bytes=-', null],
    ['bytes=9-5', null],
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
    ['bytes=a-b', null],
    ['bytes=1e3-', null],
  ] as const) {
    t.same(rangeOf({ range }, 1000, etag), expected, String(range))
  }
})

t.test('no byte of it is there: 416', async (t) => {
  for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=-0']) {
    t.throws(() => rangeOf({ range }, 1000, etag), { code: 'range_not_satisfiable' }, range)
  }
})

t.test('If-Range must name this very file', async (t) => {
  t.same(rangeOf({ range: 'bytes=5-', ifRange: etag }, 10, etag), { start: 5, end: 9 })
  for (const ifRange of ['"other"', 'W/"abc"', 'Mon, 23 Nov 2026 08:00:00 GMT', '']) {
    t.equal(rangeOf({ range: 'bytes=5-', ifRange }, 10, etag), null, ifRange)
  }
})
