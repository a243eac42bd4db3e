import type { Readable } from 'node:stream'
import { Fault } from '../../foundation/errors.ts'

/** A request's body as bytes that are asked for, whatever the chunks they come in. */
export interface BodyReader {
  /**
   * The next bytes, at most `bytesMax`; null at the body's proper end.
   *
   * @throws bad_request when the connection ended before the body did; the reason given to `stop`
   */
  next(bytesMax: number): Promise<Buffer | null>
  /** No further bytes: the read that waits, and every later one, rejects with `reason`. */
  stop(reason: Error): void
  /** Lets go of the body. What still comes of it is thrown away, so that the answer can leave. */
  close(): void
}

const queueBytesMax = 256 * 1024

/**
 * Reads `body` with `prefix` before it. Iterating over the stream would destroy it, and with it the connection the answer
 * needs, as soon as one stops early.
 */
export function readBody(body: Readable, prefix: Buffer | null = null): BodyReader {
  const queue: Buffer[] = prefix && prefix.length > 0 ? [prefix] : []
  let queuedBytes = prefix?.length ?? 0
  let ended = false
  let failure: Error | null = null
  let wake: () => void = () => undefined

  const onData = (chunk: Buffer) => {
    queue.push(chunk)
    queuedBytes += chunk.length
    if (queuedBytes > queueBytesMax) body.pause()
    wake()
  }
  const onEnd = () => {
    ended = true
    wake()
  }
  const fail = (reason: Error) => {
    if (ended && reason instanceof Fault && reason.code === 'bad_request') return
    failure ??= reason
    wake()
  }
  const cut = (cause?: unknown) =>
    fail(new Fault('bad_request', 'the connection ended before the body did: ask for the offset and go on', { cause }))
  body.on('data', onData)
  body.on('end', onEnd)
  // The listener stays when the reader is closed: an error nobody hears ends the process.
  body.on('error', cut)
  body.on('close', () => cut())
  // It may have broken before anybody listened.
  if (body.destroyed && !body.readableEnded) cut(body.errored)

  const take = (bytesMax: number): Buffer | null => {
    const chunk = queue.shift()
    if (!chunk) return null
    const given = chunk.length > bytesMax ? chunk.subarray(0, bytesMax) : chunk
    if (given.length < chunk.length) queue.unshift(chunk.subarray(given.length))
    queuedBytes -= given.length
    if (queuedBytes <= queueBytesMax / 2 && body.isPaused()) body.resume()
    return given
  }
  return {
    stop: fail,
    async next(bytesMax) {
      for (;;) {
        if (failure instanceof Error) throw failure
        const chunk = take(bytesMax)
        if (chunk) return chunk
        if (ended) return null
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    close() {
      body.off('data', onData)
      queue.length = 0
      body.resume()
    },
  }
}
