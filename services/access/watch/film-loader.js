// Fetches a film's pieces for hls.js: each only when it is granted, and never again and again.

import { isInPlace, tracksOf } from './film-fragment.js'

const waitsMs = [1000, 2000, 4000]
const timeoutMs = 30_000
/** Pieces that stay here: when the browser's decoder has to begin anew, they are not fetched once more. */
const keptBytesMax = 48 * 1024 * 1024
/** hls.js may ask so often for one piece while the film stands still. */
const deliveriesMax = 3
/** Failures that are of one piece: the film goes on behind it. */
const ofPiece = new Set(['damaged', 'bytes_differ'])

/**
 * A class that hls.js takes as `fLoader`.
 *
 * @param gate what `openGate` returned: a piece waits there before it is asked for
 * @param grant (piece) => promise: resolves when all of the piece is granted
 * @param onFailure (failure, piece) a piece cannot be shown, or with null the whole viewing cannot go on
 */
export function filmLoaderOf({ pieces, gate, grant, onFailure }) {
  /** Promises of bytes by their addresses. */
  const kept = new Map()
  const sizes = new Map()
  const deliveries = new Map()
  const running = new Set()
  /** What the init section says; hls.js fetches the first piece beside it. */
  const tracks = Promise.withResolvers()

  /** What was asked for comes to its end, although hls.js may drop it meanwhile: it will want it again. */
  function bytesOf(url, piece) {
    const asked = kept.get(url) ?? fetched(url, piece)
    // The newest stands last.
    kept.delete(url)
    kept.set(url, asked)
    return asked
  }

  async function fetched(url, piece) {
    try {
      const data = await fetchPatiently(url, piece)
      await check(data, piece)
      sizes.set(url, data.byteLength)
      forgetOldest()
      return data
    } catch (failure) {
      kept.delete(url)
      throw failure
    }
  }

  function forgetOldest() {
    let bytes = 0
    for (const url of [...kept.keys()].reverse()) {
      bytes += sizes.get(url) ?? 0
      if (bytes > keptBytesMax) kept.delete(url)
    }
  }

  async function check(data, piece) {
    if (piece === null) tracks.resolve(tracksOf(data))
    const known = await tracks.promise
    if (known.size === 0) throw { code: 'nothing_playable', message: '' }
    if (piece !== null && !isInPlace(data, known, piece)) throw { code: 'damaged', message: '' }
  }

  async function fetchPatiently(url, piece) {
    for (let attempt = 0; ; attempt++) {
      if (piece) await grant(piece)
      const { response, data } = await answerOf(url)
      if (data) return data
      // 409: not granted after all, 503: the ledger or the store is away, none: the line is.
      const mayPass = response === null || response.status === 409 || response.status === 503
      if (!mayPass || attempt >= waitsMs.length) throw await failureOf(response)
      await new Promise((resolve) => setTimeout(resolve, waitsMs[attempt]))
    }
  }

  /** Refuses a piece that cannot be shown, or for which hls.js asks again and again. */
  async function admit(url, piece) {
    const count = (deliveries.get(url) ?? 0) + 1
    deliveries.set(url, count)
    if (pieces.isBad(piece) || count > deliveriesMax) throw { code: 'damaged', message: '' }
    await gate.pass(piece)
  }

  return class FilmLoader {
    #stop = new AbortController()
    context = null
    stats = newStats()

    load(context, _config, callbacks) {
      this.context = context
      this.stats.loading.start = performance.now()
      this.#deliver(context, callbacks).finally(() => running.delete(this))
    }

    async #deliver(context, callbacks) {
      const { url } = context
      const { signal } = this.#stop
      // hls.js asks for a piece before the playlist that names it comes to be read here.
      await null
      const piece = context.frag.sn === 'initSegment' ? null : pieces.of(url)
      try {
        if (piece) await admit(url, piece)
        if (signal.aborted) return
        running.add(this)
        // hls.js hands what it is given to the browser for good.
        const data = (await bytesOf(url, piece)).slice(0)
        if (signal.aborted) return
        const { loading } = this.stats
        loading.first = loading.end = performance.now()
        this.stats.loaded = this.stats.total = data.byteLength
        callbacks.onSuccess({ url, data, code: 200 }, this.stats, context, null)
      } catch (failure) {
        if (signal.aborted) return
        onFailure(failure, ofPiece.has(failure.code) ? piece : null)
        if (!signal.aborted) callbacks.onError({ code: 0, text: failure.code }, context, null, this.stats)
      }
    }

    abort() {
      this.stats.aborted = true
      this.#stop.abort()
      running.delete(this)
    }

    destroy() {
      this.abort()
    }

    getCacheAge() {
      return null
    }

    getResponseHeader() {
      return null
    }

    /** Whether a piece is being waited for: its grant, the ledger, the store or the line. */
    static isBusy() {
      return running.size > 0
    }

    /** The film moved on or jumped: what was asked for before says nothing any more. */
    static forget() {
      deliveries.clear()
    }
  }
}

/** An answer with all of its bytes; of a line that broke, or an answer that is none, less. */
async function answerOf(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    return { response, data: response.ok ? await response.arrayBuffer() : null }
  } catch {
    return { response: null, data: null }
  }
}

async function failureOf(response) {
  if (response === null) return { code: 'offline', message: '' }
  const answer = await response.json().catch(() => null)
  return { code: answer?.error?.code ?? 'other', message: answer?.error?.message ?? '' }
}

/** What hls.js calls LoadStats. */
function newStats() {
  const times = () => ({ start: 0, first: 0, end: 0 })
  return {
    ...{ aborted: false, loaded: 0, retry: 0, total: 0, chunkCount: 0, bwEstimate: 0 },
    ...{ loading: times(), parsing: { start: 0, end: 0 }, buffering: times() },
  }
}
