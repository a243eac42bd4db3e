import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { createRunningHash, hashStream, sha256 } from '../../../services/foundation/hash.ts'

// GB/T 32905-2016, appendix A.1, and FIPS 180-4's example.
const abcSm3 = '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
const abcSha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

t.test('one pass gives both published digests and the length', async (t) => {
  const digests = await hashStream(Readable.from([Buffer.from('a'), Buffer.from('bc')]))
  t.equal(digests.sha256.toString('hex'), abcSha256)
  t.equal(digests.sm3.toString('hex'), abcSm3)
  t.equal(digests.bytes, 3)
  t.equal(sha256('abc').toString('hex'), abcSha256)
})

t.test('SM3 can be left out, and a running hash agrees with the whole', async (t) => {
  const bytes = Buffer.alloc(100_000, 7)
  const running = createRunningHash({ sm3: false })
  running.update(bytes.subarray(0, 1))
  running.update(bytes.subarray(1))
  t.equal(running.bytes(), bytes.length)
  t.same(running.digest(), { sha256: createHash('sha256').update(bytes).digest(), bytes: bytes.length })
  t.notHas(await hashStream(Readable.from([bytes]), { sm3: false }), { sm3: Buffer })
})

t.test('a source that fails or is aborted rejects and is destroyed', async (t) => {
  const broken = new PassThrough()
  const failing = hashStream(broken)
  broken.destroy(new Error('cable'))
  await t.rejects(failing, { message: 'cable' })

  const silent = new PassThrough()
  const controller = new AbortController()
  const aborted = hashStream(silent, { signal: controller.signal })
  controller.abort(new Error('stopped'))
  await t.rejects(aborted, { message: 'stopped' })
  t.equal(silent.destroyed, true)
})
