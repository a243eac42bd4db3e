import { createHash } from 'node:crypto'
import { configure, ZipWriter } from '@zip.js/zip.js'
import { Fault } from '../../services/foundation/errors.ts'

/** What one file of the bag turned out to be. */
export interface AddedFile {
  readonly bytes: number
  readonly sha256: Buffer
}

export interface Bag {
  /** Puts a file in; `deflate` what is worth it, media never are. Streams are read at the pace of the output. */
  add(
    path: string,
    content: Uint8Array | string | AsyncIterable<Uint8Array>,
    options?: { deflate?: boolean; bytes?: number },
  ): Promise<AddedFile>
  /** Writes the manifests and closes the zip. Nothing is added afterwards. */
  close(): Promise<void>
}

// Workers would copy every byte twice, and the bytes come from sockets anyway.
configure({ useWebWorkers: false, chunkSize: 256 * 1024 })

const allowedPath = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/
// From here on a file's own header needs 64-bit lengths; some readers do without them below.
const zip64FromBytes = 2 ** 31

/**
 * A BagIt bag (RFC 8493) in a zip, written as a stream in the order of `add`: each file is hashed once, while it passes, and
 * the manifests come last. `onBytes` hears of every byte of a file before it is compressed.
 */
export function openBag(
  output: WritableStream<Uint8Array>,
  bag: { folder: string; madeAt: Date; info: readonly (readonly [string, string])[]; onBytes: (bytes: number) => void },
): Bag {
  const { folder, madeAt, info, onBytes } = bag
  const zip = new ZipWriter(output, { keepOrder: true, bufferedWrite: false, extendedTimestamp: false })
  const digests = new Map<string, string>()
  let payloadBytes = 0

  const add: Bag['add'] = async (path, content, options = {}) => {
    if (!allowedPath.test(path) || digests.has(path)) throw new Fault('internal', `a bag takes no file ${path}`)
    const hash = createHash('sha256')
    let bytes = 0
    const source = streamOf(content, (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
      onBytes(chunk.length)
    })
    await zip.add(`${folder}/${path}`, source, {
      level: options.deflate ? 6 : 0,
      lastModDate: madeAt,
      // Otherwise it decides by where the file begins.
      zip64: (options.bytes ?? 0) >= zip64FromBytes || undefined,
    })
    const sha256 = hash.digest()
    digests.set(path, sha256.toString('hex'))
    if (path.startsWith('data/')) payloadBytes += bytes
    return { bytes, sha256 }
  }

  return {
    add,
    async close() {
      const payload = [...digests].filter(([path]) => path.startsWith('data/'))
      await add('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
      const oxum = ['Payload-Oxum', `${payloadBytes}.${payload.length}`] as const
      await add('bag-info.txt', [...info, oxum].map(([name, value]) => `${name}: ${value}\n`).join(''))
      await add('manifest-sha256.txt', manifestText(payload), { deflate: true })
      await add('tagmanifest-sha256.txt', manifestText([...digests].filter(([path]) => !path.startsWith('data/'))))
      await zip.close()
    },
  }
}

function manifestText(files: readonly (readonly [string, string])[]): string {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([path, sha256]) => `${sha256}  ${path}\n`).join('')
}

function streamOf(
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): ReadableStream<Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
    return new ReadableStream({
      start(controller) {
        onChunk(bytes)
        controller.enqueue(bytes)
        controller.close()
      },
    })
  }
  const chunks = content[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next()
      if (done) return controller.close()
      onChunk(value)
      controller.enqueue(value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}
