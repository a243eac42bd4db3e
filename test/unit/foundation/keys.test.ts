import t from 'tap'
import { derivedKey, originalKey, tailKey } from '../../../services/foundation/store/keys.ts'

t.test('keys hold ids and the UTC month only', async (t) => {
  const id = '0198c0de-0000-7000-8000-000000000001'
  t.equal(originalKey(id, new Date('2026-01-01T07:00:00+08:00')), `2025/12/${id}`)
  t.equal(derivedKey('r', 'n', 'init.mp4'), 'r/n/init.mp4')
  t.equal(tailKey('u', 5_242_880, 'h'), 'u/5242880-h')
})
