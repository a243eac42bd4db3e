import type { Readable } from 'node:stream'
import { Fault } from '../../foundation/errors.ts'

/** A request's body as bytes that are asked for, whatever the chunks they come in. */
export interface BodyReader {
  /**
   * The next bytes, at most `bytesMax`; null at the body's proper end. What had arrived before the body broke off or was
   * stopped is given out first.
   *
   * @throws bad_request when the connection ended before the body did; the reason given to `stop`
   */
  next(bytesMax: number): Promise<Buffer | null>
  /** Takes no further bytes from the body: once what had arrived is given out, every read rejects with `reason`. */
  stop(reason: Error): void
  /** The body broke off or was stopped. */
  hasBroken(): boolean
  /** Lets go of the body. What still comes of it is thrown away, so that the answer can leave. */
  close(): void
}

const queueBytesMax = 256 * 1024

/**
 * Reads `body`. Iterating over the stream would destroy it, and with it the connection the answer needs, as soon as one
 * stops early.
 */
export function readBody(body: Readable): BodyReader {
  const queue: Buffer[] = []
  let queuedBytes = 0
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
    body.off('data', onData)
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
    if (queuedBytes <= queueBytesMax / 2 && body.isPaused() && !failure) body.resume()
    return given
  }
  return {
    stop: fail,
    hasBroken: () => failure !== null,
    async next(bytesMax) {
      for (;;) {
        const chunk = take(bytesMax)
        if (chunk) return chunk
        if (ended) return null
        if (failure instanceof Error) throw failure
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
