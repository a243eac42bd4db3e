import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { Upload } from 'tus-js-client'
import { uploadState } from '../../deploy/local/demo/dock-client.ts'
import { startBureau } from '../support/bureau.ts'
import { type Proxy as Link, openProxy } from '../support/proxy.ts'
import { until } from '../support/world.ts'

const gibibyte = 1024 ** 3
const cutsWanted = 10

t.test('a tus client that others wrote uploads 1 GiB through ten cuts, and the stored SHA-256 is right', async (t) => {
  const bureau = await startBureau(t)
  const proxy = await openProxy(t, bureau.system.ingest)
  const path = `${bureau.system.directory}/large.mp4`
  t.teardown(() => rm(path, { force: true }))
  const sha256 = await writeNoise(path, gibibyte)
  const uploadId = await uploadThroughCuts(proxy, path, { token: bureau.dock.token, sha256 })
  t.equal(proxy.cuts(), cutsWanted)

  const state = await until(async () => {
    const now = await uploadState(bureau.system.ingest, bureau.dock, uploadId)
    return now.recordingId ? now : null
  })
  t.equal(state.state, 'sealed')
  t.equal(await bureau.secured(uploadId, 200_000), state.recordingId)
  const view = await bureau.people.custodian!.request<{ sha256: string; sm3: string | null }>(
    'GET',
    `/recordings/${state.recordingId}`,
  )
  t.equal(view.sha256, sha256)
  t.match(view.sm3, /^[0-9a-f]{64}$/)
  t.same(await bureau.fsck(), [])
})

/** Noise that no store can compress, written and hashed in one pass. */
async function writeNoise(path: string, bytes: number): Promise<string> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16, 2))
  const hash = createHash('sha256')
  const zeros = Buffer.alloc(1024 * 1024)
  async function* noise() {
    for (let left = bytes; left > 0; left -= zeros.length) {
      const chunk = cipher.update(zeros.subarray(0, Math.min(left, zeros.length)))
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(noise, createWriteStream(path))
  return hash.digest('hex')
}

function uploadThroughCuts(proxy: Link, path: string, dock: { token: string; sha256: string }): Promise<string> {
  // Armed one after the other: a retry that got no connection has not used its cut up.
  const cutNext = () => {
    const made = proxy.cuts()
    if (made < cutsWanted) proxy.cutAfter(70 * 1024 * 1024 + made * 1_234_567)
  }
  return new Promise((resolve, reject) => {
    const upload = new Upload(createReadStream(path) as never, {
      endpoint: `${proxy.origin}/uploads`,
      headers: { authorization: `Bearer ${dock.token}` },
      metadata: { serial: 'ZJ00001', filename: 'large.mp4', sha256: dock.sha256 },
      retryDelays: Array.from({ length: 40 }, () => 50),
      onUploadUrlAvailable: cutNext,
      onShouldRetry: () => {
        cutNext()
        return true
      },
      onError: reject,
      onSuccess: () => resolve(new URL(upload.url!).pathname.split('/').at(-1)!),
    })
    upload.start()
  })
}
