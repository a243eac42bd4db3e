// Fetches a film's pieces for hls.js: each only when it is granted, and never again and again.

const waitsMs = [1000, 2000, 4000]
const timeoutMs = 30_000
/** Pieces that stay here: when the browser's decoder has to begin anew, they are not fetched once more. */
const keptBytesMax = 48 * 1024 * 1024
/** hls.js may ask so often for one piece while the film stands still. */
const deliveriesMax = 3

/**
 * A class that hls.js takes as `fLoader`.
 *
 * @param grant (piece) => promise: resolves when all of the piece is granted
 * @param onFailure (failure, piece) a piece, or with null the whole viewing, cannot be fetched
 */
export function filmLoaderOf({ pieces, grant, onFailure }) {
  const kept = new Map()
  const deliveries = new Map()
  let running = 0

  function keep(url, data) {
    kept.set(url, data)
    let bytes = 0
    for (const [one, { byteLength }] of [...kept].reverse()) {
      bytes += byteLength
      if (bytes > keptBytesMax && one !== url) kept.delete(one)
    }
  }

  async function bytesOf(url, piece, signal) {
    // hls.js hands what it is given to the browser for good.
    const found = kept.get(url)
    if (found) return found.slice(0)
    for (let attempt = 0; ; attempt++) {
      if (piece) await grant(piece)
      signal.throwIfAborted()
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }).catch(
        () => null,
      )
      signal.throwIfAborted()
      if (response?.ok) {
        const data = await response.arrayBuffer()
        keep(url, data)
        return data.slice(0)
      }
      // 409: not granted after all, 503: the ledger or the store is away, none: the line is.
      const mayPass = response === null || response.status === 409 || response.status === 503
      if (!mayPass || attempt >= waitsMs.length) throw await failureOf(response)
      await new Promise((resolve) => setTimeout(resolve, waitsMs[attempt]))
      signal.throwIfAborted()
    }
  }

  return class FilmLoader {
    #stop = new AbortController()
    context = null
    stats = newStats()

    load(context, _config, callbacks) {
      const { url } = context
      this.context = context
      this.stats.loading.start = performance.now()
      const piece = context.frag?.sn === 'initSegment' ? null : (pieces.of(url) ?? null)
      const count = (deliveries.get(url) ?? 0) + 1
      deliveries.set(url, count)
      const isAsked = piece && (pieces.isBad(piece) || count > deliveriesMax)
      const asked = isAsked ? Promise.reject({ code: 'damaged' }) : bytesOf(url, piece, this.#stop.signal)
      running += 1
      const done = () => {
        running -= 1
      }
      asked.then(done, done)
      asked.then(
        (data) => {
          if (this.#stop.signal.aborted) return
          const { loading } = this.stats
          loading.first = loading.end = performance.now()
          this.stats.loaded = this.stats.total = data.byteLength
          callbacks.onSuccess({ url, data, code: 200 }, this.stats, context, null)
        },
        (failure) => {
          if (this.#stop.signal.aborted) return
          const isPiece = piece !== null && (failure.code === 'damaged' || failure.code === 'bytes_differ')
          onFailure(failure, isPiece ? piece : null)
          if (this.#stop.signal.aborted) return
          callbacks.onError({ code: 0, text: failure.code }, context, null, this.stats)
        },
      )
    }

    abort() {
      this.stats.aborted = true
      this.#stop.abort()
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
      return running > 0
    }

    /** The film moved on or jumped: what was asked for before says nothing any more. */
    static forget() {
      deliveries.clear()
    }
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
