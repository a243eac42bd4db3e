import t from 'tap'
import { firstTextFault, textFault } from '../../../services/foundation/stored-text.ts'

t.test('a text holds neither U+0000 nor half of a surrogate pair; everything else may be kept', async (t) => {
  for (const text of ['', '镇东街', '🎥', '\u0001\u202e\uffff\n', 'é']) t.equal(textFault(text), null)
  t.match(textFault('a\0'), /U\+0000/)
  for (const text of ['\ud83c', '\udfa5\ud83c', 'a\udfa5']) t.match(textFault(text), /surrogate/)
})

t.test('the place of the first such text in a value is named, members’ names included', async (t) => {
  const at = (value: unknown) => firstTextFault(value, 'body')?.at
  t.equal(at({ a: 1, b: [null, true, 'x'] }), undefined)
  t.equal(at('\0'), 'body')
  t.equal(at({ a: { b: ['x', '\0'] } }), 'body.a.b.1')
  t.equal(at(Object.assign(Object.create(null), { a: '\ud800' })), 'body.a')
  t.match(firstTextFault({ 'x\0': 1 }, 'body'), { at: 'body', fault: /member whose name/ })
  t.equal(at(Buffer.from('\0')), undefined, 'bytes are no text')
  t.equal(at(undefined), undefined)
})

t.test('a value of any depth is looked through', async (t) => {
  let value: unknown = '\0'
  for (let depth = 0; depth < 20_000; depth += 1) value = [value]
  t.ok(firstTextFault(value, ''))
})
