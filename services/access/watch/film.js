// One film in the browser's player. A piece that cannot be fetched or played is passed over: the film goes on behind it.

import { filmLoaderOf } from './film-loader.js'
import { openPieces } from './film-pieces.js'

/** Where the buffer ends this close to the picture that is shown, the film stands still. */
const standsStillMs = 250
/** How long hls.js is given to say which piece the browser failed on. */
const culpritMs = 250
const jumpSeconds = 1
/** A film that should play and stands still for so long, with nothing on its way, has met something that cannot be played. */
const stuckMs = 4000
const damaged = { code: 'damaged', message: '' }

/**
 * @param playlist address of the viewing's multivariant playlist
 * @param on { grant(piece), skipped(failure), failed(failure) }
 * @returns { positionMs(), loadedToMs(), passDamage(), close() }
 */
export function openFilm(film, playlist, on) {
  const { Events } = window.Hls
  const pieces = openPieces()
  const Loader = filmLoaderOf({ pieces, grant: on.grant, onFailure: failedToLoad })
  const state = {
    hls: null,
    startMs: 0,
    isBuffered: false,
    isStopped: false,
    isClosed: false,
    lastTime: 0,
    playedMs: 0,
    standsAt: -1,
    standsSinceMs: 0,
  }
  /** Pieces that the browser took. */
  const taken = new Set()
  film.addEventListener('seeking', jumped)
  film.addEventListener('timeupdate', moved)
  film.addEventListener('waiting', passDamage)
  film.addEventListener('error', brokeDown)
  const watch = setInterval(passStuck, 500)
  begin(0)
  return { positionMs, loadedToMs, passDamage, close }

  function begin(startMs) {
    taken.clear()
    Object.assign(state, { startMs, isBuffered: false, isStopped: false, lastTime: startMs / 1000 })
    const hls = new window.Hls({
      ...{ enableWorker: false, startPosition: startMs / 1000, fLoader: Loader, appendErrorMaxRetry: 1 },
      ...{ maxBufferLength: 20, maxMaxBufferLength: 20, backBufferLength: 30 },
      // The loader has its own patience.
      fragLoadPolicy: {
        default: {
          ...{ maxTimeToFirstByteMs: Number.POSITIVE_INFINITY, maxLoadTimeMs: Number.POSITIVE_INFINITY },
          ...{ timeoutRetry: null, errorRetry: null },
        },
      },
    })
    state.hls = hls
    hls.on(Events.ERROR, (_event, error) => failed(hls, error))
    hls.on(Events.LEVEL_LOADED, (_event, { details }) => pieces.read(details.m3u8))
    hls.on(Events.FRAG_BUFFERED, (_event, { frag }) => {
      state.isBuffered = true
      taken.add(pieces.of(frag.url))
    })
    hls.loadSource(playlist)
    hls.attachMedia(film)
  }

  /** What the browser's decoder stumbled over lasts until it is given a new source. */
  function beginAgain(positionMs) {
    const { paused, playbackRate } = film
    state.hls.destroy()
    begin(positionMs)
    state.hls.once(Events.MEDIA_ATTACHED, () => {
      film.defaultPlaybackRate = playbackRate
      film.playbackRate = playbackRate
      // Only a person's own pause, or leaving the page, keeps it from playing on.
      if (!paused) film.play().catch(() => undefined)
    })
  }

  function failed(hls, error) {
    if (state.isClosed || hls !== state.hls) return
    const mustBegin = error.details === 'mediaSourceRequiresReset'
    if (!error.fatal && !mustBegin) return
    state.isStopped = true
    // The loader has said why.
    if (['fragLoadError', 'fragLoadTimeOut'].includes(error.details)) return
    if (error.type === 'networkError') return on.failed(failureOf(error))
    const piece = error.frag?.sn === 'initSegment' ? null : error.frag && pieces.of(error.frag.url)
    const culprit = piece ?? (error.type === 'mediaError' ? pieces.at(positionMs()) : null)
    if (culprit) passOver(culprit, damaged, true)
    else on.failed({ code: 'other', message: error.details })
  }

  function failedToLoad(failure, piece) {
    if (state.isClosed) return
    if (piece === null) on.failed(failure)
    else if (!pieces.isBad(piece)) passOver(piece, failure, false)
  }

  /** An error while decoding: of the piece that is shown, unless hls.js or the browser names another one. */
  function brokeDown() {
    const { hls } = state
    setTimeout(() => {
      if (state.isClosed || hls !== state.hls || !film.error) return
      const [, microseconds] = /timestamp=(\d+)/.exec(film.error.message) ?? []
      const atMs = microseconds === undefined ? positionMs() : Number(microseconds) / 1000
      const piece = [atMs, positionMs(), loadedToMs()].map(pieces.at).find((one) => one && !pieces.isBad(one))
      if (piece) passOver(piece, damaged, true)
      else on.failed({ code: 'too_damaged', message: film.error.message })
    }, culpritMs)
  }

  function passOver(piece, failure, mustBegin) {
    state.playedMs = 0
    if (!pieces.fail(piece)) return on.failed({ code: 'too_damaged', message: '' })
    on.skipped(failure)
    if (!mustBegin && state.isBuffered) return
    const { hls } = state
    // hls.js is still at work on its error.
    setTimeout(() => {
      if (!state.isClosed && hls === state.hls) goOnFrom(positionMs())
    })
  }

  /** Where the buffer ends at a piece that cannot be played, the film goes on behind it. */
  function passDamage() {
    const reachedMs = loadedToMs()
    if (state.isClosed || !state.isBuffered || reachedMs - positionMs() > standsStillMs) return
    const piece = pieces.at(reachedMs + standsStillMs / 2)
    if (piece && pieces.isBad(piece)) goOnFrom(piece.toMs)
    // The browser took it, and what it holds lies elsewhere on the clock or is nothing.
    else if (piece && taken.has(piece) && !holds(piece) && !film.paused && !film.seeking) passOver(piece, damaged, true)
  }

  /** Some damage the browser neither names nor gets over. */
  function passStuck() {
    const nowMs = performance.now()
    const isWaiting = film.paused || film.ended || !state.isBuffered || Loader.isBusy()
    if (isWaiting || film.currentTime !== state.standsAt) {
      Object.assign(state, { standsAt: film.currentTime, standsSinceMs: nowMs })
      return
    }
    if (nowMs - state.standsSinceMs < stuckMs) return
    state.standsSinceMs = nowMs
    const isAtEnd = loadedToMs() - positionMs() <= standsStillMs
    const piece = pieces.at(isAtEnd ? loadedToMs() + standsStillMs / 2 : positionMs())
    if (piece && pieces.isBad(piece)) goOnFrom(piece.toMs)
    else if (piece) passOver(piece, damaged, true)
  }

  function goOnFrom(positionMs) {
    const nextMs = pieces.playableFrom(positionMs)
    if (nextMs === null) film.pause()
    else beginAgain(nextMs)
  }

  function jumped() {
    if (state.isClosed || Math.abs(film.currentTime - state.lastTime) < jumpSeconds) return
    state.lastTime = film.currentTime
    Loader.forget()
    taken.clear()
    if (!state.isStopped || !state.isBuffered) return
    state.isStopped = false
    state.hls.startLoad(film.currentTime)
  }

  function moved() {
    const seconds = film.currentTime - state.lastTime
    state.lastTime = film.currentTime
    if (!film.seeking && seconds > 0) state.playedMs += seconds * 1000
    if (state.playedMs > 1000) pieces.played()
  }

  function positionMs() {
    return state.isBuffered ? film.currentTime * 1000 : state.startMs
  }

  function loadedToMs() {
    const { buffered, currentTime } = film
    for (let index = 0; index < buffered.length; index++) {
      if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) return buffered.end(index) * 1000
    }
    return positionMs()
  }

  /** Whether the browser has anything of a piece to show. */
  function holds({ fromMs, toMs }) {
    const { buffered } = film
    return Array.from({ length: buffered.length }, (_one, index) => index).some(
      (index) =>
        buffered.start(index) * 1000 < toMs - standsStillMs && buffered.end(index) * 1000 > fromMs + standsStillMs,
    )
  }

  function close() {
    state.isClosed = true
    clearInterval(watch)
    film.removeEventListener('seeking', jumped)
    film.removeEventListener('timeupdate', moved)
    film.removeEventListener('waiting', passDamage)
    film.removeEventListener('error', brokeDown)
    state.hls.destroy()
  }
}

const codeOfStatus = { 401: 'not_signed_in', 403: 'wrong_role', 404: 'not_found', 410: 'gone', 503: 'ledger_behind' }

/** Of a playlist that cannot be fetched. */
function failureOf(error) {
  return { code: codeOfStatus[error.response?.code] ?? 'other', message: error.details ?? '' }
}
