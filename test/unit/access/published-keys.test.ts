import t from 'tap'
import { publishedKeys } from '../../../services/access/routes/ledger.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey } from '../../../services/ledger/format/note.ts'

const origin = 'ledger.test/custody'

t.test('the page of keys says from which size each set of them signs', async (t) => {
  const [first, second] = [generateSignerKey(origin).verifierKey, generateSignerKey(origin).verifierKey]
  const mlDsa = generateSignerKey(origin, signatureTypes.cosignatureMlDsa44).verifierKey
  t.same(publishedKeys(`${first} ${mlDsa} from 1200 ${second} ${mlDsa}`), {
    verifierKeys: [first, mlDsa, second],
    keySets: [
      { from: 0, verifierKeys: [first, mlDsa] },
      { from: 1200, verifierKeys: [second, mlDsa] },
    ],
  })
})

t.test('without a log there are no keys', async (t) => {
  t.same(publishedKeys(null), { verifierKeys: [], keySets: [] })
})
