import { createHash, hash } from 'node:crypto'
import type { Readable } from 'node:stream'

/** Both digests of the same bytes, and how many there were. */
export interface Digests {
  readonly sha256: Buffer
  readonly sm3: Buffer
  readonly bytes: number
}

/** SHA-256 alone: for inline use where SM3's 0.28 GB/s would be the slowest part. */
export type Sha256Digest = Omit<Digests, 'sm3'>

/** A hash that is fed chunk by chunk. `digest` ends it and may be called once. */
export interface RunningHash<Result> {
  update(chunk: Uint8Array): void
  /** Bytes fed so far. */
  bytes(): number
  digest(): Result
}

/** Starts a running SHA-256 and SM3 (or, with `sm3: false`, SHA-256 alone) over the bytes that will be fed to it. */
export function createRunningHash(options?: { sm3?: true }): RunningHash<Digests>
export function createRunningHash(options: { sm3: false }): RunningHash<Sha256Digest>
export function createRunningHash(options: { sm3?: boolean } = {}): RunningHash<Digests | Sha256Digest> {
  const running = createHash('sha256')
  const runningSm3 = options.sm3 === false ? null : createHash('sm3')
  let total = 0
  return {
    update(chunk) {
      running.update(chunk)
      runningSm3?.update(chunk)
      total += chunk.byteLength
    },
    bytes: () => total,
    digest() {
      const sha256Only = { sha256: running.digest(), bytes: total }
      return runningSm3 ? { ...sha256Only, sm3: runningSm3.digest() } : sha256Only
    },
  }
}

interface HashStreamOptions {
  readonly signal?: AbortSignal
}

/**
 * Reads `source` to its end and returns SHA-256 and SM3 from the one pass (`sm3: false`: SHA-256 alone). Rejects with the
 * source's error, or with the signal's reason; the source is destroyed then.
 */
export async function hashStream(
  source: Readable | AsyncIterable<Uint8Array>,
  options?: HashStreamOptions & { sm3?: true },
): Promise<Digests>
export async function hashStream(
  source: Readable | AsyncIterable<Uint8Array>,
  options: HashStreamOptions & { sm3: false },
): Promise<Sha256Digest>
export async function hashStream(
  source: Readable | AsyncIterable<Uint8Array>,
  options: HashStreamOptions & { sm3?: boolean } = {},
): Promise<Digests | Sha256Digest> {
  const { signal } = options
  const running = options.sm3 === false ? createRunningHash({ sm3: false }) : createRunningHash()
  signal?.throwIfAborted()
  // A source that waits for its next chunk would not notice the signal by itself.
  const stop = () => ('destroy' in source ? source.destroy(asError(signal?.reason)) : undefined)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted()
      running.update(chunk)
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  return running.digest()
}

/** SHA-256 of bytes (or of a text's UTF-8) in one call. */
export function sha256(bytes: Uint8Array | string): Buffer {
  return hash('sha256', bytes, 'buffer')
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
