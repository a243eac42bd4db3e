import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { hashStream } from '../../services/foundation/hash.ts'
import type { ObjectVersion, Store } from '../../services/foundation/store/store.ts'

export function newKey(): string {
  return `contract/${randomBytes(6).toString('hex')}`
}

/** `bytes` random bytes in chunks of odd size, made as they are read. */
export function randomSource(bytes: number, chunkBytes = 65_521): Readable {
  const chunk = randomBytes(Math.max(1, Math.min(chunkBytes, bytes)))
  function* chunks() {
    for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
  }
  return Readable.from(chunks(), { objectMode: false })
}

export function inOddChunks(content: Buffer): Readable {
  const starts = Array.from({ length: Math.ceil(content.length / 65_521) }, (_, n) => n * 65_521)
  return Readable.from(
    starts.map((start) => content.subarray(start, start + 65_521)),
    { objectMode: false },
  )
}

export async function digestOf(store: Store, object: ObjectVersion): Promise<string> {
  return (await hashStream(await store.get(object))).sha256.toString('hex')
}
