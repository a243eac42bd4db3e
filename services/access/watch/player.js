// Plays one viewing: renews its lease, asks for film only where it was granted, ends it when the page goes.

import { request } from './request.js'

const tickMs = 1000
const renewAfterMs = 20_000
const renewGapMs = 3000
const aheadMs = 15_000
const pausedMsMax = 10 * 60_000

/**
 * @param viewing what POST /recordings/{id}/viewings answered
 * @param on { granted(toMs), failed({code, message}), pausedTooLong() }
 * @returns { close() }
 */
export function play(viewing, { film, still }, on) {
  const base = `/viewings/${viewing.viewingId}`
  const ranges = [{ fromMs: 0, toMs: viewing.grantedToMs }]
  const state = { renewedAt: performance.now(), renewing: null, ended: false, pausedSince: null }
  const hls = viewing.kind === 'still' ? null : startHls()
  if (viewing.kind === 'still') still.src = viewing.still
  const timer = setInterval(tick, tickMs)
  const leave = () => end(true)
  window.addEventListener('pagehide', leave)
  on.granted(viewing.grantedToMs)
  return { close: () => end(false) }

  function startHls() {
    // Before hls.js listens: a jump must not ask for film that is not granted yet.
    film.addEventListener('seeking', jump)
    const player = new window.Hls({
      enableWorker: false,
      startPosition: 0,
      maxBufferLength: 20,
      maxMaxBufferLength: 20,
      backBufferLength: 30,
    })
    player.on(window.Hls.Events.ERROR, (_event, error) => failedToLoad(error))
    player.loadSource(viewing.playlist)
    player.attachMedia(film)
    return player
  }

  function tick() {
    if (state.ended) return
    watchPause()
    const sinceMs = performance.now() - state.renewedAt
    const positionMs = Math.floor(film.currentTime * 1000)
    const short = viewing.kind !== 'still' && !granted(positionMs, loadedToMs() + aheadMs)
    if (sinceMs > renewAfterMs || (short && sinceMs > renewGapMs)) renew(positionMs).catch(stop)
  }

  function watchPause() {
    if (viewing.kind === 'still' || !film.paused) {
      state.pausedSince = null
      return
    }
    state.pausedSince ??= performance.now()
    if (performance.now() - state.pausedSince < pausedMsMax) return
    end(false)
    on.pausedTooLong()
  }

  async function jump() {
    const positionMs = Math.floor(film.currentTime * 1000)
    if (state.ended || granted(positionMs, positionMs + aheadMs)) return
    hls.stopLoad()
    try {
      await renew(positionMs)
      if (!state.ended) hls.startLoad(film.currentTime)
    } catch (error) {
      stop(error)
    }
  }

  function renew(positionMs) {
    state.renewing ??= request('POST', `${base}/renewals`, { positionMs })
      .then((renewal) => {
        state.renewedAt = performance.now()
        ranges.push({ fromMs: renewal.grantedFromMs, toMs: renewal.grantedToMs })
        on.granted(renewal.grantedToMs)
      })
      .finally(() => {
        state.renewing = null
      })
    return state.renewing
  }

  async function failedToLoad(error) {
    if (!error.fatal || state.ended) return
    const status = error.response?.code
    try {
      // 409: this film is not granted yet. 503: the ledger or the store is away for a moment.
      if (status !== 409 && status !== 503) throw failureOf(error)
      await renew(Math.floor(film.currentTime * 1000))
      hls.startLoad()
    } catch (failure) {
      stop(failure)
    }
  }

  function stop(failure) {
    end(false)
    on.failed(failure)
  }

  function end(leaving) {
    if (state.ended) return
    state.ended = true
    clearInterval(timer)
    window.removeEventListener('pagehide', leave)
    film.removeEventListener('seeking', jump)
    hls?.destroy()
    still.removeAttribute('src')
    const closing = fetch(base, { method: 'DELETE', keepalive: true })
    // Without it the lease runs out by itself within a minute, which is an event too.
    if (!leaving) closing.catch(() => undefined)
  }

  function granted(fromMs, toMs) {
    const until = viewing.durationMs === null ? toMs : Math.min(toMs, viewing.durationMs)
    let reached = fromMs
    for (const range of ranges.toSorted((one, other) => one.fromMs - other.fromMs)) {
      if (range.fromMs <= reached) reached = Math.max(reached, range.toMs)
    }
    return reached >= until
  }

  function loadedToMs() {
    const { buffered, currentTime } = film
    for (let index = 0; index < buffered.length; index++) {
      if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) return buffered.end(index) * 1000
    }
    return currentTime * 1000
  }
}

const codeOfStatus = { 401: 'not_signed_in', 403: 'wrong_role', 404: 'not_found', 410: 'gone', 500: 'bytes_differ' }

function failureOf(error) {
  return { code: codeOfStatus[error.response?.code] ?? 'other', message: error.details ?? '' }
}
