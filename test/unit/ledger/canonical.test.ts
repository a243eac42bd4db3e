import t from 'tap'
import {
  canonicalBytes,
  canonicalText,
  isJsonObject,
  type JsonValue,
  parseCanonical,
} from '../../../services/ledger/format/canonical.ts'

t.test('the sample of RFC 8785 §3.2.2 comes out as printed there', async (t) => {
  const sample = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  ) as JsonValue
  const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
  t.equal(canonicalText(sample), expected)
  t.same(canonicalBytes(sample), Buffer.from(expected, 'utf8'))
})

t.test('members are sorted by UTF-16 code units, as RFC 8785 §3.2.3 shows', async (t) => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  t.same(Object.keys(JSON.parse(canonicalText(value)) as object).slice(1), [
    '\r',
    '\u0080',
    '\u00f6',
    '\u20ac',
    '\ud83d\ude00',
    '\ufb33',
  ])
})

t.test('minus zero is zero', async (t) => {
  t.equal(canonicalText(-0), '0')
})

t.test('what JSON cannot say is refused instead of dropped', async (t) => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  const values: [string, unknown][] = [
    ['lone surrogate', { name: '\ud800' }],
    ['lone surrogate in a name', { '\udc00': 1 }],
    ['NaN', Number.NaN],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['undefined', undefined],
    ['undefined member', { a: undefined }],
    ['hole in an array', new Array(1)],
    ['bigint', 1n],
    ['function', { a: () => 1 }],
    ['symbol', Symbol('a')],
    ['Date', new Date()],
    ['Map', new Map()],
    ['Buffer', Buffer.of(1)],
    ['boxed number', Object(1)],
    ['toJSON', { toJSON: () => 1 }],
    ['cycle', cycle],
  ]
  for (const [name, value] of values) t.throws(() => canonicalText(value as JsonValue), { code: 'malformed' }, name)
})

t.test('an object without prototype is as good as another', async (t) => {
  t.equal(canonicalText(Object.assign(Object.create(null), { b: 1, a: [{}] }) as JsonValue), '{"a":[{}],"b":1}')
})

t.test('nesting ends at 64 levels', async (t) => {
  const nested = (depth: number): JsonValue => (depth === 0 ? 1 : [nested(depth - 1)])
  t.equal(canonicalText(nested(64)).length, 129)
  t.throws(() => canonicalText(nested(65)), { code: 'malformed' })
})

t.test('only canonical text is read', async (t) => {
  t.same(parseCanonical('{"a":1,"b":[true,null]}'), { a: 1, b: [true, null] })
  for (const text of [
    '',
    '{',
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    ' 1',
    '1.0',
    '"\\u0041"',
    '"\\ud800"',
    '-0',
    '1e400',
  ]) {
    t.throws(() => parseCanonical(text), { code: 'malformed' }, text)
  }
})

t.test('an object is told from array, null and text', async (t) => {
  t.same([{}, [], null, 'a'].map(isJsonObject), [true, false, false, false])
})
