import { createRunningHash } from '../foundation/hash.ts'
import type { PackageSource } from './source.ts'

export interface FileDigest {
  readonly sha256: string
  readonly bytes: number
}

/**
 * The files of a package with their digests. Every byte is read once wherever it is needed first, and hashed on the way;
 * the manifests are held against these digests at the end.
 */
export interface Bag {
  readonly paths: readonly string[]
  has(path: string): boolean
  /** A file's bytes, or the first `bytesMax + 1` of one that is longer. */
  read(path: string, bytesMax: number): Promise<Buffer>
  /** Passes a file through `onChunk`, in constant memory. */
  pass(path: string, onChunk: (chunk: Uint8Array) => void): Promise<FileDigest>
  digest(path: string): Promise<FileDigest>
  /** Whether the container says that a file, of which the digest was taken, has other bytes. */
  isDamaged(path: string): boolean
}

/** @param onBytes is told how many more bytes were read, for progress */
export function openBag(source: PackageSource, onBytes: (bytes: number) => void): Bag {
  const known = new Set(source.paths)
  const digests = new Map<string, FileDigest>()
  const pass = async (path: string, onChunk: (chunk: Uint8Array) => void): Promise<FileDigest> => {
    const before = digests.get(path)
    const running = before ? null : createRunningHash({ sm3: false })
    for await (const chunk of source.read(path)) {
      running?.update(chunk)
      if (running) onBytes(chunk.length)
      onChunk(chunk)
    }
    if (before || !running) return before!
    const { sha256, bytes } = running.digest()
    const digest = { sha256: sha256.toString('hex'), bytes }
    digests.set(path, digest)
    return digest
  }
  return {
    paths: source.paths,
    has: (path) => known.has(path),
    isDamaged: (path) => source.damaged.has(path),
    pass,
    digest: async (path) => digests.get(path) ?? (await pass(path, () => {})),
    read: async (path, bytesMax) => {
      const chunks: Uint8Array[] = []
      let have = 0
      await pass(path, (chunk) => {
        if (have > bytesMax) return
        // A copy: whoever reads may use the chunk's memory again.
        chunks.push(chunk.slice(0, bytesMax + 1 - have))
        have += chunk.length
      })
      return Buffer.concat(chunks)
    },
  }
}
