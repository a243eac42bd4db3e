import t from 'tap'
import { caseNumber } from '../../../services/custody/cases/case.ts'

t.test('a case number keeps its spelling, but for blanks around it and composed signs', async (t) => {
  t.equal(caseNumber('  综执检〔2026〕0231号 '), '综执检〔2026〕0231号')
  t.equal(caseNumber('A 17 e\u0301'), 'A 17 é')
})

t.test('two numbers that look the same are not two cases', async (t) => {
  for (const hidden of [
    '\u200b',
    '\u2060',
    '\u202e',
    '\u00ad',
    '\ufe0f',
    '\u3164',
    '\u00a0',
    '\u3000',
    '\t',
    '\n',
    '\u0000',
    '\ud800',
  ]) {
    t.throws(() => caseNumber(`综执检〔2026〕${hidden}0231号`), { code: 'bad_request' }, JSON.stringify(hidden))
  }
})
