import t from 'tap'
import { renditionBytesMax, requireModest } from '../../../workers/transcode/rendition-size.ts'

t.test('a rendition that grows far beyond its original ends, with both sizes named', async (t) => {
  const original = 3_000
  const most = renditionBytesMax(original)
  t.ok(most > 10 * original, 'a short sound may grow')
  t.doesNotThrow(() => requireModest(most, original))
  t.throws(() => requireModest(most + 1, original), { code: 'bad_request', message: /original of 3000/ })
  t.ok(renditionBytesMax(8e9) > 8e9, 'a long film may be remuxed')
})
