import t from 'tap'
import { plain } from '../../../services/foundation/plain-text.ts'

t.test('what is not seen, or turns or breaks a line, is shown by its code point', async (t) => {
  const shown: readonly (readonly [character: string, code: string])[] = [
    ['\0', '0000'],
    ['\n', '000A'],
    ['\r', '000D'],
    ['\x1b', '001B'],
    ['\x85', '0085'],
    ['\u00ad', '00AD'],
    ['\u034f', '034F'],
    ['\u061c', '061C'],
    ['\u200b', '200B'],
    ['\u200d', '200D'],
    ['\u200f', '200F'],
    ['\u2028', '2028'],
    ['\u2029', '2029'],
    ['\u202e', '202E'],
    ['\u2066', '2066'],
    ['\u2800', '2800'],
    ['\u3164', '3164'],
    ['\ufe0f', 'FE0F'],
    ['\ufeff', 'FEFF'],
    ['\ufffd', 'FFFD'],
    ['\ue000', 'E000'],
    ['\u{e0041}', 'E0041'],
    ['\u{e0100}', 'E0100'],
  ]
  for (const [character, code] of shown) t.equal(plain(`gnp${character}4pm`), `gnp【U+${code}】4pm`)
  t.equal(plain('half \ud83d of a pair'), 'half 【U+FFFD】 of a pair')
})

t.test('a run of the same character is shown once, with its length', async (t) => {
  t.equal(plain(`REC.MP4${'\0'.repeat(12)}`), 'REC.MP4【U+0000×12】')
  t.equal(plain('a\0\0\n\nb\0'), 'a【U+0000×2】【U+000A×2】b【U+0000】')
  t.equal(plain('\u{e0041}\u{e0041}'), '【U+E0041×2】')
})

t.test('text that people write stays as it is, and so does what went through here before', async (t) => {
  const texts = [
    '',
    '学校（一）.mp4',
    'café cafe\u0301',
    'Видео',
    '❤\ufe0f ❤\ufe0e',
    '葛\u{e0100}',
    '𠮷 💩',
    '【U+202E】',
    'a  b',
  ]
  for (const text of texts) t.equal(plain(text), text)
  t.equal(plain(plain('a\u202e\0\0')), plain('a\u202e\0\0'))
})

t.test(
  'a variation selector is left alone only behind what it is made for, an accent only behind a letter',
  async (t) => {
    t.equal(plain('1\ufe0f'), '1【U+FE0F】')
    t.equal(plain('❤\ufe0f\ufe0f'), '❤\ufe0f【U+FE0F】')
    t.equal(plain('a\u{e0100}'), 'a【U+E0100】')
    t.equal(plain('\u0301a'), '【U+0301】a')
  },
)
