import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Upload } from 'tus-js-client'
import type { Proxy as Link } from './proxy.ts'

/** Noise that no store can compress, written and hashed in one pass. */
export async function writeNoise(path: string, bytes: number): Promise<string> {
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

/**
 * Uploads a file with a client that others wrote, through a link that is cut `cuts` times, each a little later in its
 * connection than the one before. Resolves to the upload's id.
 */
export function uploadThroughCuts(
  proxy: Link,
  path: string,
  upload: { token: string; handIn: string; sha256: string; bytes: number; cuts: number },
): Promise<string> {
  const bytesToCut = Math.floor((upload.bytes * 0.7) / upload.cuts)
  // Armed one after the other: a retry that got no connection has not used its cut up.
  const cutNext = () => {
    const made = proxy.cuts()
    if (made < upload.cuts) proxy.cutAfter(bytesToCut + made * 123_457)
  }
  return new Promise((resolve, reject) => {
    const client = new Upload(createReadStream(path) as never, {
      endpoint: `${proxy.origin}/uploads`,
      headers: { authorization: `Bearer ${upload.token}` },
      metadata: { serial: 'ZJ00001', filename: 'large.mp4', sha256: upload.sha256, handIn: upload.handIn },
      retryDelays: Array.from({ length: 40 }, () => 50),
      onUploadUrlAvailable: cutNext,
      onShouldRetry: () => {
        cutNext()
        return true
      },
      onError: reject,
      onSuccess: () => resolve(new URL(client.url!).pathname.split('/').at(-1)!),
    })
    client.start()
  })
}
