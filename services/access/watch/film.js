// One film in the browser's player. A piece that cannot be fetched or shown is passed over: the film goes on behind it.

import { openGate } from './film-gate.js'
import { filmLoaderOf } from './film-loader.js'
import { openPieces } from './film-pieces.js'
import { openSource } from './film-source.js'

/** Where the buffer ends this close to the picture that is shown, the film stands still. */
const standsStillMs = 250
const jumpMs = 1000
/** Less than this of a piece, or of the film, is not missed. */
const shortMs = 500
/** How far browsers decode ahead of the picture that is shown. */
const decodedAheadMs = 3000
const lookEveryMs = 500
/** A film that should play and stands still at so many looks in a row, with nothing on its way, does not go on by itself. */
const looksMax = 20
/** When nothing of so much film can be shown, a person decides whether to go on. */
const failedInARowMsMax = 60_000
/** A browser that drops its source so often, and shows nothing in between, is not asked again. */
const resetsMax = 3

/**
 * @param playlist address of the viewing's multivariant playlist
 * @param on { grant(piece), unshown(failure), skipped({ fromMs, toMs }), held(), failed(failure) }
 * @returns { positionMs(), loadedToMs(), close() }
 */
export function openFilm(film, playlist, on) {
  const pieces = openPieces()
  const gate = openGate()
  const Loader = filmLoaderOf({ pieces, gate, grant: on.grant, onFailure: failedToLoad })
  /** Pieces that the browser took. */
  const taken = new Set()
  const state = {
    ...{ source: null, startMs: 0, isBegun: false, isStopped: false, isClosed: false },
    /** Whether somebody plays it. A browser that breaks down pauses too. */
    isPlaying: false,
    /** The speed to go on with when the browser has its new source; null while it has one. */
    rate: null,
    /** Pieces of which one broke the decoder and nobody said which: the first comes alone, then the next. */
    suspects: [],
    ...{ lastMs: 0, playedMs: 0, resets: 0, stoodAt: -1, looks: 0 },
  }
  const listeners = { seeking: jumped, timeupdate: moved, waiting: passDamage, play: wanted, pause: unwanted }
  for (const [event, listener] of Object.entries(listeners)) film.addEventListener(event, listener)
  const watch = setInterval(look, lookEveryMs)
  begin(0)
  return { positionMs, loadedToMs, close }

  function begin(startMs) {
    taken.clear()
    Loader.forget()
    Object.assign(state, { startMs, isBegun: false, isStopped: false, lastMs: startMs, looks: 0 })
    const start = { playlist, startMs, Loader }
    state.source = openSource(film, start, {
      listed: pieces.read,
      attached,
      buffered,
      stopped,
      overHole,
      broken,
      failed,
    })
  }

  /** What the browser's decoder stumbled over lasts until it is given a new source. */
  function beginAgain(startMs) {
    state.rate ??= film.playbackRate
    if (pieces.failedInARowMs() >= failedInARowMsMax) hold()
    state.source.close()
    begin(startMs)
  }

  function hold() {
    pieces.forgetFailures()
    gate.shut()
    state.isPlaying = false
    on.held()
  }

  function wanted() {
    state.isPlaying = true
    if (gate.isShut()) gate.open()
  }

  function unwanted() {
    if (film.error === null) state.isPlaying = false
  }

  function attached() {
    if (state.rate === null) return
    film.defaultPlaybackRate = state.rate
    film.playbackRate = state.rate
    state.rate = null
    // Leaving the page may keep it from playing on; then the person presses the button.
    if (state.isPlaying) film.play().catch(() => undefined)
  }

  function buffered(url) {
    taken.add(pieces.of(url))
  }

  /** Whether the film is where it was to begin: a new source starts at nought, until it has pictures and hls.js moves it. */
  function isBegun() {
    state.isBegun ||= taken.size > 0 && film.currentTime * 1000 > state.startMs - jumpMs
    return state.isBegun
  }

  function stopped() {
    state.isStopped = true
  }

  function failed(failure) {
    if (!state.isClosed) on.failed(failure)
  }

  function failedToLoad(failure, piece) {
    if (state.isClosed) return
    if (piece === null) return on.failed(failure)
    if (!pieces.isBad(piece)) {
      fail(piece)
      on.unshown(failure)
    }
    soon(() => (isBegun() ? passDamage() : passStart()))
  }

  /** hls.js is still at work on what happened; it must not be taken away under its hands. */
  function soon(work) {
    const { source } = state
    setTimeout(() => {
      if (!state.isClosed && source === state.source) work()
    })
  }

  function fail(piece) {
    state.playedMs = 0
    pieces.fail(piece)
  }

  /**
   * Plays on at a position, or behind it where the next piece begins that can be shown.
   *
   * @param missedFromMs from where nothing was shown, when that was before the position
   */
  function goOnFrom(fromMs, missedFromMs = fromMs) {
    const nextMs = pieces.playableFrom(fromMs, standsStillMs)
    const toMs = nextMs ?? pieces.endMs()
    if (toMs > fromMs + standsStillMs) on.skipped({ fromMs: Math.min(fromMs, missedFromMs), toMs })
    if (nextMs !== null) beginAgain(nextMs)
    else if (pieces.isLost()) on.failed({ code: 'nothing_playable', message: '' })
    else stopAtEnd()
  }

  /** Nothing more can be shown: the last picture that could be stays. */
  function stopAtEnd() {
    state.isPlaying = false
    film.pause()
    if (film.error || !isBegun()) beginAgain(Math.max(0, pieces.lastPlayableMs() - shortMs))
  }

  /** The browser or hls.js cannot go on: because of the piece that is named, or of one that has to be found. */
  function broken({ url, atMs, isDropped }) {
    if (state.isClosed) return
    if (isDropped) {
      state.resets += 1
      if (state.resets > resetsMax) return on.failed({ code: 'other', message: 'the browser gave the film up' })
      return beginAgain(positionMs())
    }
    const named = atMs !== null ? pieces.at(atMs) : url === null ? undefined : pieces.of(url)
    const piece = named && !pieces.isBad(named) ? named : suspect()
    state.suspects = piece ? [] : state.suspects
    if (piece) fail(piece)
    if (state.suspects.length > 0) gate.openUpTo(state.suspects[0])
    else gate.open()
    // The clock may have gone on while the decoder gave nothing.
    goOnFrom(positionMs(), atMs ?? piece?.fromMs)
  }

  /** The piece that must have broken the decoder; undefined when it was this one or the next: then they come one by one. */
  function suspect() {
    if (state.suspects.length > 0) return state.suspects[0]
    const [position, reachedMs] = [positionMs(), loadedToMs()]
    const isAhead = reachedMs - position > standsStillMs
    const fromMs = isAhead
      ? pieces.playableFrom(position, standsStillMs)
      : pieces.playableFrom(reachedMs + standsStillMs / 2)
    const here = fromMs === null ? undefined : pieces.at(fromMs)
    const next = here && pieces.at(here.toMs)
    if (!next || !taken.has(next) || here.toMs - position > decodedAheadMs) return here
    state.suspects = [here, next]
    return undefined
  }

  function passStart() {
    const piece = pieces.at(positionMs())
    if (piece && pieces.isBad(piece)) goOnFrom(positionMs())
  }

  /** Where the buffer ends at something that cannot be shown, the film goes on behind it. */
  function passDamage() {
    const [position, reachedMs] = [positionMs(), loadedToMs()]
    const isIdle = !state.isPlaying && !film.seeking
    // Sound stops a little before its end, and the more so the faster it plays.
    const leftMs = state.looks > 0 ? jumpMs : standsStillMs
    if (state.isClosed || !isBegun() || isIdle || reachedMs - position > leftMs) return
    const [alone] = state.suspects
    if (alone && reachedMs > alone.toMs - standsStillMs) nextSuspect()
    const piece = pieces.at(reachedMs + standsStillMs / 2)
    if (piece && pieces.isBad(piece)) return goOnFrom(Math.max(position, piece.fromMs))
    if (!piece || !taken.has(piece) || film.seeking || Loader.isBusy() || piece.toMs - reachedMs < shortMs) return
    // The browser took it, and has nothing more of it.
    if (reachedMs < piece.fromMs + standsStillMs) fail(piece)
    on.skipped({ fromMs: reachedMs, toMs: piece.toMs })
    goOnFrom(piece.toMs)
  }

  function nextSuspect() {
    state.suspects.shift()
    if (state.suspects.length > 0) gate.openUpTo(state.suspects[0])
    else gate.open()
  }

  /** Some damage the browser neither names nor gets over. */
  function look() {
    passDamage()
    const isIdle =
      (isBegun() && !state.isPlaying && !film.seeking) || film.ended || pieces.endMs() - positionMs() < shortMs
    if (isIdle || gate.isShut() || Loader.isBusy() || film.currentTime !== state.stoodAt) {
      Object.assign(state, { stoodAt: film.currentTime, looks: 0 })
      return
    }
    state.looks += 1
    if (state.looks < looksMax) return
    state.looks = 0
    // On a busy machine a new source may take long: while the browser took nothing, no piece can be to blame.
    const isDropped = taken.size === 0 && state.resets < resetsMax
    if (pieces.at(loadedToMs() + standsStillMs / 2)) broken({ url: null, atMs: null, isDropped })
  }

  /** hls.js passes over short holes by itself. */
  function overHole() {
    const toMs = positionMs()
    const fromMs = Math.max(state.startMs, ...ranges().map((range) => (range.toMs < toMs - 1 ? range.toMs : 0)))
    if (toMs - fromMs > shortMs) on.skipped({ fromMs, toMs })
  }

  function jumped() {
    const nowMs = film.currentTime * 1000
    if (state.isClosed || Math.abs(nowMs - state.lastMs) < jumpMs) return
    if (!isBegun()) state.startMs = nowMs
    Object.assign(state, { lastMs: nowMs, suspects: [] })
    gate.open()
    Loader.forget()
    taken.clear()
    pieces.forgetFailures()
    const piece = pieces.at(nowMs)
    if (piece && pieces.isBad(piece)) soon(() => goOnFrom(nowMs))
    else if (state.isStopped) soon(() => beginAgain(nowMs))
  }

  function moved() {
    if (!isBegun() || film.error) return
    const nowMs = film.currentTime * 1000
    if (!film.seeking && nowMs > state.lastMs) state.playedMs += nowMs - state.lastMs
    state.lastMs = nowMs
    if (state.playedMs < jumpMs) return
    state.resets = 0
    pieces.forgetFailures()
  }

  /** Chromium puts a film that breaks down before it has enough to play at its very end. */
  function positionMs() {
    if (!isBegun()) return state.startMs
    return film.error ? state.lastMs : film.currentTime * 1000
  }

  function loadedToMs() {
    const nowMs = positionMs()
    return ranges().find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs <= toMs)?.toMs ?? nowMs
  }

  function ranges() {
    const { buffered } = film
    return Array.from({ length: buffered.length }, (_one, index) => ({
      fromMs: buffered.start(index) * 1000,
      toMs: buffered.end(index) * 1000,
    }))
  }

  function close() {
    state.isClosed = true
    clearInterval(watch)
    for (const [event, listener] of Object.entries(listeners)) film.removeEventListener(event, listener)
    state.source.close()
  }
}
