import t from 'tap'
import { type FileDigest, fileDigestBytes } from '../../../services/ledger/format/file-digest.ts'

const [filesRoot, sha256, sm3] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]
const digest: FileDigest = { v: 1, filesRoot, number: 3, sha256, sm3 }

t.test('a dock signs the canonical text of exactly these members', async (t) => {
  const text = `{"filesRoot":"${filesRoot}","number":3,"sha256":"${sha256}","sm3":"${sm3}","v":1}`
  t.equal(fileDigestBytes(digest).toString('utf8'), text)
  const reordered: FileDigest = { sm3, sha256, number: 3, filesRoot, v: 1 }
  t.same(fileDigestBytes(reordered), fileDigestBytes(digest))
  t.equal(fileDigestBytes({ ...digest, sm3: null }).toString('utf8'), text.replace(`"${sm3}"`, 'null'))
})
