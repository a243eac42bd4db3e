// hls.js on a video element, up to the moment when the browser or hls.js cannot go on: then a new one is needed.

/** After these the browser's own error says more, or hls.js knows which piece the browser refused. */
const ofAppending = ['bufferAppendError', 'bufferAppendingError', 'mediaSourceRequiresReset', 'bufferStalledError']
const ofLoading = ['fragLoadError', 'fragLoadTimeOut']
/** hls.js adds up lengths in seconds: at the very beginning of a piece it may take the one before. */
const insideMs = 1

/**
 * @param start { playlist: address of a multivariant playlist, startMs, Loader }
 * @param on { listed(playlist), buffered(url), attached(), stopped(), overHole(), broken({ url, atMs, isDropped }),
 *   failed(failure) }; `broken` names the piece by its address or a time within it, null for what is not known; where the
 *   browser dropped its source without an error no piece is to blame
 * @returns { close() }
 */
export function openSource(film, { playlist, startMs, Loader }, on) {
  const { Events } = window.Hls
  let refused = null
  let isBroken = false
  let isClosed = false
  const hls = new window.Hls({
    ...{
      enableWorker: false,
      startPosition: startMs === 0 ? 0 : (startMs + insideMs) / 1000,
      fLoader: Loader,
      appendErrorMaxRetry: 1,
    },
    ...{ maxBufferLength: 20, maxMaxBufferLength: 20, backBufferLength: 30 },
    // The loader has its own patience.
    fragLoadPolicy: {
      default: {
        ...{ maxTimeToFirstByteMs: Number.POSITIVE_INFINITY, maxLoadTimeMs: Number.POSITIVE_INFINITY },
        ...{ timeoutRetry: null, errorRetry: null },
      },
    },
  })
  hls.on(Events.ERROR, (_event, error) => failed(error))
  hls.on(Events.LEVEL_LOADED, (_event, { details }) => on.listed(details.m3u8))
  hls.on(Events.FRAG_BUFFERED, (_event, { frag }) => on.buffered(frag.url))
  hls.on(Events.MEDIA_ATTACHED, on.attached)
  const onError = () => broke(false)
  film.addEventListener('error', onError)
  hls.loadSource(playlist)
  hls.attachMedia(film)
  return {
    close() {
      isClosed = true
      film.removeEventListener('error', onError)
      hls.destroy()
    },
  }

  function failed(error) {
    if (isClosed) return
    const { details, fatal, frag } = error
    if (details === 'bufferSeekOverHole' && !fatal) on.overHole()
    const isRefusal = error.error?.name === 'HlsJsSourceBufferError' || details === 'fragParsingError'
    if (isRefusal && frag?.sn === 'initSegment') return on.failed({ code: 'nothing_playable', message: details })
    if (isRefusal && frag) refused ??= frag.url
    if (!fatal && details !== 'mediaSourceRequiresReset') return
    // The loader has said why.
    if (ofLoading.includes(details)) on.stopped()
    else if (refused !== null || ofAppending.includes(details)) broke(details === 'mediaSourceRequiresReset')
    else on.failed(error.type === 'networkError' ? failureOf(error) : { code: 'other', message: details })
  }

  /** The browser's event and that of hls.js come in either order, and hls.js is still at work on its own. */
  function broke(isReset) {
    if (isBroken || isClosed) return
    isBroken = true
    setTimeout(() => {
      const isDropped = isReset && refused === null && film.error === null
      if (!isClosed) on.broken({ url: refused, atMs: failedAtMs(film.error), isDropped })
    })
  }
}

/** Chromium names the packet that its own decoders could not decode; a graphics card's decoder and other browsers do not. */
function failedAtMs(error) {
  const [, timestamp, duration] = /timestamp=(\d+) duration=(\d+)/.exec(error?.message ?? '') ?? []
  return timestamp === undefined ? null : (Number(timestamp) + Number(duration) / 2) / 1000
}

const codeOfStatus = { 401: 'not_signed_in', 403: 'wrong_role', 404: 'not_found', 410: 'gone', 503: 'ledger_behind' }

/** Of a playlist that cannot be fetched. */
function failureOf(error) {
  return { code: codeOfStatus[error.response?.code] ?? 'other', message: error.details ?? '' }
}
