import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Fault } from '../../errors.ts'
import { type Connection, timedOut } from './connection.ts'
import { storeFault, storeRefusal } from './failures.ts'

// How footage moves: chunks go from socket to socket as they come, with pause and drain. Async iteration and further
// streams in between would cost a third of the throughput.

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Sees each chunk as it is sent. */
  readonly onBytes?: (chunk: Uint8Array) => void
  /**
   * The source goes on after these bytes: what is beyond them stays unread in it, and it is paused, not destroyed, also
   * when sending fails. Without this the source must end exactly here, and is destroyed when sending fails.
   */
  readonly keepSource?: boolean
  /** The server has just taken other bytes of the same upload: it is not asked first whether it takes these as well. */
  readonly isFollowing?: boolean
}

const answerBytesMax = 64 * 1024
// A server that does not know `Expect` says nothing; then we begin by ourselves.
const continuePatienceMs = 1000
const expectFromBytes = 256 * 1024

/**
 * PUTs exactly `bytes` bytes to a signed address and returns the answer's headers.
 *
 * @throws storeRefusal for an answer other than 2xx; the source's error; bad_request when the source holds fewer or more
 * bytes; the signal's reason; an error of the connection.
 */
export function sendBytes(
  connection: Connection,
  address: string,
  source: Readable | Uint8Array,
  bytes: number,
  options: SendOptions = {},
): Promise<IncomingHttpHeaders> {
  const { signal } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const expects = bytes >= expectFromBytes && !options.isFollowing
    const headers = { ...options.headers, 'content-length': bytes, ...(expects ? { expect: '100-continue' } : {}) }
    const request = connection.request(address, { method: 'PUT', agent: connection.agent, headers })
    let answer: IncomingHttpHeaders | null = null
    const feed =
      source instanceof Uint8Array
        ? feedBuffer(request, source, options, () => settle())
        : feedStream(request, source, bytes, options, (error) => settle(error))
    let isSettled = false
    function settle(error?: unknown): void {
      if (isSettled || (error === undefined && !(answer && feed.isDone()))) return
      isSettled = true
      clearTimeout(patience)
      signal?.removeEventListener('abort', onAbort)
      feed.stop(error !== undefined)
      if (error !== undefined) request.destroy()
      if (error !== undefined) reject(error)
      else resolve(answer ?? {})
    }
    const onAbort = () => settle(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    request.setTimeout(connection.idleTimeoutMs, () => settle(timedOut(connection.idleTimeoutMs)))
    request.on('error', settle)
    request.on('response', (response) => {
      readAnswer(response, (error, headers) => {
        answer = headers
        settle(error)
      })
    })
    // Where the server would refuse (no space, upload gone), it says so before it has taken a byte of the source.
    request.once('continue', feed.start)
    const patience = setTimeout(feed.start, expects ? continuePatienceMs : 0)
    if (expects) request.flushHeaders()
    else feed.start()
  })
}

interface Feed {
  start(): void
  isDone(): boolean
  stop(failed: boolean): void
}

function feedBuffer(request: ClientRequest, source: Uint8Array, options: SendOptions, onDone: () => void): Feed {
  let isDone = false
  return {
    start() {
      if (isDone) return
      isDone = true
      options.onBytes?.(source)
      request.end(source)
      onDone()
    },
    isDone: () => isDone,
    stop: () => undefined,
  }
}

/** Moves `bytes` bytes from `source` into `request`. `onChange` hears an error, or nothing when the source is done. */
function feedStream(
  request: ClientRequest,
  source: Readable,
  bytes: number,
  options: SendOptions,
  onChange: (error?: unknown) => void,
): Feed {
  let left = bytes
  let isStarted = false
  let isDone = false
  const wrongLength = (text: string) =>
    onChange(new Fault('bad_request', `${text} than the ${bytes} bytes that were announced`))
  const onData = (chunk: Uint8Array) => {
    if (chunk.byteLength > left && !options.keepSource) return wrongLength('the source holds more')
    const piece = chunk.byteLength > left ? chunk.subarray(0, left) : chunk
    left -= piece.byteLength
    options.onBytes?.(piece)
    if (!request.write(piece)) source.pause()
    if (left > 0) return
    request.end()
    if (!options.keepSource) return void source.resume()
    detach()
    if (piece.byteLength < chunk.byteLength) source.unshift(chunk.subarray(piece.byteLength))
    finish()
  }
  const onEnd = () => (left > 0 ? wrongLength('the source holds fewer') : finish())
  const onError = (error: unknown) => onChange(error)
  const onClose = () => {
    if (!source.readableEnded)
      onChange(source.errored ?? new Fault('bad_request', 'the source was closed before its end'))
  }
  const onDrain = () => source.resume()
  const finish = () => {
    isDone = true
    onChange()
  }
  const detach = () => {
    source.pause()
    source.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    request.off('drain', onDrain)
  }
  return {
    start() {
      if (isStarted) return
      isStarted = true
      if (source.destroyed && !source.readableEnded) return onClose()
      if (bytes === 0) request.end()
      if (bytes === 0 && options.keepSource) return finish()
      if (source.readableEnded) return onEnd()
      source.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
      request.on('drain', onDrain)
      source.resume()
    },
    isDone: () => isDone,
    stop(failed) {
      if (isStarted && !isDone) detach()
      if (failed && !options.keepSource) source.on('error', () => undefined).destroy()
    },
  }
}

function readAnswer(response: IncomingMessage, done: (error: unknown, headers: IncomingHttpHeaders) => void): void {
  const chunks: Buffer[] = []
  let total = 0
  response.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total <= answerBytesMax) chunks.push(chunk)
  })
  response.on('error', (error) => done(error, response.headers))
  response.on('end', () => {
    const status = response.statusCode ?? 0
    const isFine = status >= 200 && status < 300
    done(isFine ? undefined : storeRefusal(status, Buffer.concat(chunks).toString()), response.headers)
  })
}

/**
 * GETs a signed address and returns the body as it comes from the socket. A connection that breaks later destroys the
 * stream with `store_down`; an aborted signal with its reason.
 */
export function fetchBytes(
  connection: Connection,
  address: string,
  options: { range?: string; signal?: AbortSignal; what: string },
): Promise<Readable> {
  const { signal } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const headers = options.range ? { range: options.range } : {}
    const request = connection.request(address, { method: 'GET', agent: connection.agent, headers })
    request.setTimeout(connection.idleTimeoutMs, () => request.destroy(timedOut(connection.idleTimeoutMs)))
    const onAbort = () => request.destroy(asError(signal?.reason))
    signal?.addEventListener('abort', onAbort, { once: true })
    request.on('close', () => signal?.removeEventListener('abort', onAbort))
    request.on('error', (error) => reject(signal?.aborted ? signal.reason : error))
    request.on('response', (response) => {
      const isWanted = response.statusCode === (options.range ? 206 : 200)
      if (!isWanted) return readAnswer(response, (error) => reject(error ?? storeRefusal(response.statusCode ?? 0, '')))
      resolve(withFaults(connection, response, options))
    })
    request.end()
  })
}

/** The reader must see a Fault where the socket breaks; a further stream just for that would cost a copy. */
function withFaults(
  connection: Connection,
  response: IncomingMessage,
  options: { signal?: AbortSignal; what: string },
): Readable {
  // Whoever reads sees the error when they read. Without a listener, one that comes before that would end the process.
  response.on('error', () => undefined)
  const destroy = response.destroy.bind(response)
  response.destroy = (error) => {
    if (!error) return destroy()
    return destroy(
      options.signal?.aborted ? asError(options.signal.reason) : storeFault(connection.name, options.what, error),
    )
  }
  return response
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
