import t from 'tap'
import {
  damagedStructure,
  notPlayableInChinese,
  undecodable,
} from '../../../services/custody/events/not-playable-words.ts'
import { whyNotPlayable } from '../../../services/foundation/db/words.ts'

t.test('every word and every sentence of ours has its Chinese', async (t) => {
  for (const why of whyNotPlayable) t.match(notPlayableInChinese({ why, reason: 'more in English' }), /[一-鿿]/, why)
  for (const { en, zh } of Object.values(undecodable)) {
    t.equal(notPlayableInChinese({ why: 'undecodable', reason: en }), zh)
    t.notMatch(en, /\.$|^[A-Z][a-z]/, 'a clause, for the page puts it into a sentence')
    t.notMatch(zh, /[。.]$/)
  }
})

t.test('a file that cannot be read is named by the format that it begins as', async (t) => {
  const reason = damagedStructure('mpegts')
  t.equal(
    reason,
    'it begins as an MPEG transport stream and cannot be read as such: what follows its beginning is damaged',
  )
  t.equal(notPlayableInChinese({ why: 'undecodable', reason }), '文件开头为 MPEG 传输流 格式，其后内容已损坏，无法读取')
})

t.test('what no list has is not guessed: bodies of before there were words', async (t) => {
  t.equal(notPlayableInChinese({ reason: 'no sentence of ours' }), null)
  t.equal(notPlayableInChinese({ why: null, reason: null }), null)
})
