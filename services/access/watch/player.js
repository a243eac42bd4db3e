// Plays one viewing: renews its lease, asks for film only where it was granted, ends it when the page goes.

import { openFilm } from './film.js'
import { openGrants } from './grants.js'

const tickMs = 1000
const renewAfterMs = 20_000
const renewGapMs = 3000
const aheadMs = 15_000
const pausedMsMax = 10 * 60_000

/**
 * @param viewing what POST /recordings/{id}/viewings answered
 * @param on { granted(toMs), unshown({code, message}), skipped({fromMs, toMs}), held(), failed({code, message}), pausedTooLong() }
 * @returns { close() }
 */
export function play(viewing, { film, still }, on) {
  const base = `/viewings/${viewing.viewingId}`
  const state = { ended: false, pausedSince: null }
  const grants = openGrants(viewing, on.granted)
  const isStill = viewing.kind === 'still'
  const played = isStill ? null : openFilm(film, viewing.playlist, { ...on, grant, failed: stop })
  if (isStill) still.src = viewing.still
  const timer = setInterval(tick, tickMs)
  const leave = () => end(true)
  window.addEventListener('pagehide', leave)
  on.granted(viewing.grantedToMs)
  return { close: () => end(false) }

  async function grant(piece) {
    try {
      await grants.cover(piece, played.positionMs())
    } catch (failure) {
      // The server says no to the piece then, and it is asked for once more after a while.
      if (!grants.mayPass(failure)) throw failure
    }
  }

  function tick() {
    if (state.ended) return
    watchPause()
    if (state.ended) return
    const positionMs = played?.positionMs() ?? 0
    const sinceMs = grants.sinceMs()
    const isShort = played !== null && !isGranted(positionMs, played.loadedToMs() + aheadMs)
    if (sinceMs < renewAfterMs && !(isShort && sinceMs > renewGapMs)) return
    grants.renew(positionMs).catch((failure) => {
      if (!grants.mayPass(failure)) stop(failure)
    })
  }

  function isGranted(fromMs, toMs) {
    return grants.covers(fromMs, viewing.durationMs === null ? toMs : Math.min(toMs, viewing.durationMs))
  }

  function watchPause() {
    if (isStill || !film.paused) {
      state.pausedSince = null
      return
    }
    state.pausedSince ??= performance.now()
    if (performance.now() - state.pausedSince < pausedMsMax) return
    end(false)
    on.pausedTooLong()
  }

  async function stop(failure) {
    if (state.ended) return
    const reason = await reasonOf(failure)
    if (state.ended) return
    end(false)
    on.failed(reason)
  }

  /** What refuses a playlist comes without its reason; a renewal is refused with it. */
  function reasonOf(failure) {
    if (failure.code !== 'gone') return failure
    return grants.renew(played?.positionMs() ?? 0).then(
      () => failure,
      (refused) => refused,
    )
  }

  function end(leaving) {
    if (state.ended) return
    state.ended = true
    clearInterval(timer)
    window.removeEventListener('pagehide', leave)
    played?.close()
    still.removeAttribute('src')
    const closing = fetch(base, { method: 'DELETE', keepalive: true })
    // Without it the lease runs out by itself within a minute, which is an event too.
    if (!leaving) closing.catch(() => undefined)
  }
}
