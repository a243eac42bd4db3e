import { createHash } from 'node:crypto'
import { Fault } from '../../services/foundation/errors.ts'
import { sha256 as sha256Of } from '../../services/foundation/hash.ts'
import { openZipWriter, type Write } from './zip.ts'

/** What one file of the bag turned out to be. */
export interface AddedFile {
  readonly bytes: number
  readonly sha256: Buffer
}

export interface BagWriter {
  /** Puts a small file in; `deflate` what is worth it. */
  add(path: string, content: Uint8Array | string, options?: { deflate?: boolean }): Promise<AddedFile>
  /** Puts a medium in as it is, read at the pace of the output. `bytes` is how long it should be. */
  addStream(path: string, content: AsyncIterable<Uint8Array>, bytes: number): Promise<AddedFile>
  /** Writes the manifests and closes the zip. Nothing is added afterwards. */
  close(): Promise<void>
}

const allowedPart = /^(?!\.\.?$)[A-Za-z0-9._-]+$/

/**
 * A BagIt bag (RFC 8493) in a zip, written as a stream in the order of `add`: each file is hashed once, while it passes, and
 * the manifests come last. `infoText` is bag-info.txt; `onBytes` hears of every byte of a file before it is compressed.
 */
export function openBagWriter(
  write: Write,
  bag: { folder: string; madeAt: Date; infoText: string; onBytes: (bytes: number) => void },
): BagWriter {
  const { folder, madeAt, infoText, onBytes } = bag
  const zip = openZipWriter(write, madeAt)
  const digests = new Map<string, string>()

  const requireNew = (path: string): void => {
    const isAllowed = path.split('/').every((part) => allowedPart.test(part))
    if (!isAllowed || digests.has(path)) throw new Fault('internal', `a bag takes no file ${path}`)
  }
  const note = (path: string, added: AddedFile): AddedFile => {
    digests.set(path, added.sha256.toString('hex'))
    return added
  }
  const add: BagWriter['add'] = async (path, content, options = {}) => {
    requireNew(path)
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
    await zip.addBytes(`${folder}/${path}`, bytes, { deflate: options.deflate ?? false })
    onBytes(bytes.length)
    return note(path, { bytes: bytes.length, sha256: sha256Of(bytes) })
  }

  return {
    add,
    async addStream(path, content, expectedBytes) {
      requireNew(path)
      const hash = createHash('sha256')
      let bytes = 0
      async function* hashed(): AsyncGenerator<Uint8Array> {
        for await (const chunk of content) {
          hash.update(chunk)
          bytes += chunk.length
          onBytes(chunk.length)
          yield chunk
        }
      }
      await zip.addStream(`${folder}/${path}`, hashed(), expectedBytes)
      return note(path, { bytes, sha256: hash.digest() })
    },
    async close() {
      const payload = [...digests].filter(([path]) => path.startsWith('data/'))
      await add('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')
      await add('bag-info.txt', infoText)
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
