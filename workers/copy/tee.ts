import { PassThrough, type Readable } from 'node:stream'
import { createRunningHash, type Sha256Digest } from '../../services/foundation/hash.ts'

/** Where one stream of bytes goes: starts reading `source`, resolves when all of it is stored. */
export type Branch<T> = (source: Readable) => Promise<T>

export type TeeOutcome<T> =
  /** What was read is not what was expected: no branch was given its last bytes, so none completed. */
  { readonly wrong: Sha256Digest } | { readonly branches: PromiseSettledResult<T>[] }

const bufferBytes = 1024 * 1024

/**
 * Reads `source` once and gives every byte to each branch, at the pace of the slowest, in constant memory. A branch that
 * fails is left behind; the others go on. The last chunk is held back until the digest of the whole is known to be right:
 * wrong bytes are never completed anywhere.
 *
 * @throws the source's error; all branches have then failed and cleaned up
 */
export async function teeChecked<T>(
  source: Readable,
  branches: readonly Branch<T>[],
  expected: Sha256Digest,
): Promise<TeeOutcome<T>> {
  const pipes = branches.map(() => new PassThrough({ highWaterMark: bufferBytes }))
  // Whatever ends a pipe early shows in its branch's promise.
  for (const pipe of pipes) pipe.on('error', () => undefined)
  const stored = Promise.allSettled(
    branches.map(async (branch, index) => {
      const pipe = pipes[index]!
      return branch(pipe).finally(() => pipe.destroy())
    }),
  )
  const hash = createRunningHash({ sm3: false })
  try {
    let held: Buffer | null = null
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk)
      // More than there should be: a branch that counts would complete with what it was promised.
      if (hash.bytes() > expected.bytes) break
      if (held) await writeAll(pipes, held)
      held = chunk
      if (pipes.every((pipe) => pipe.destroyed)) return { branches: await stored }
    }
    const read = hash.digest()
    if (read.bytes !== expected.bytes || !read.sha256.equals(expected.sha256)) {
      endAll(pipes, new Error('what was read is not what was sealed'))
      await stored
      return { wrong: read }
    }
    if (held) await writeAll(pipes, held)
    for (const pipe of pipes) pipe.end()
    return { branches: await stored }
  } catch (error) {
    endAll(pipes, error instanceof Error ? error : new Error('reading failed', { cause: error }))
    await stored
    throw error
  }
}

async function writeAll(pipes: readonly PassThrough[], chunk: Buffer): Promise<void> {
  const waits: Promise<void>[] = []
  for (const pipe of pipes) {
    if (pipe.destroyed || pipe.write(chunk)) continue
    waits.push(drained(pipe))
  }
  if (waits.length > 0) await Promise.all(waits)
}

function drained(pipe: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      pipe.off('drain', done).off('close', done)
      resolve()
    }
    pipe.on('drain', done).on('close', done)
    if (pipe.destroyed) done()
  })
}

function endAll(pipes: readonly PassThrough[], error: Error): void {
  for (const pipe of pipes) pipe.destroy(error)
}
