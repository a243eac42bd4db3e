// The pieces of a film that a viewing fetches: where each lies on the film's clock, and which of them cannot be shown.

export function openPieces() {
  let pieces = []
  let isComplete = false
  const bad = new Set()
  let failedInARowMs = 0
  const isGood = (piece) => !bad.has(piece.address)

  return {
    /** Takes what a media playlist (RFC 8216) names. Its lengths are those of the ledger, to the millisecond. */
    read(playlist) {
      let fromMs = 0
      const listed = [...playlist.matchAll(/#EXTINF:([\d.]+),\s*\n(?:#.*\n)*(\S+)/g)].map(([, seconds, address]) => {
        const piece = { address, fromMs, toMs: fromMs + Math.round(Number(seconds) * 1000) }
        fromMs = piece.toMs
        return piece
      })
      // A film that is still being made has more with each playlist; what it had stays what it was.
      const known = new Map(pieces.map((piece) => [piece.address, piece]))
      pieces = listed.map((piece) => known.get(piece.address) ?? piece)
      isComplete = playlist.includes('#EXT-X-ENDLIST')
    },
    at: (positionMs) => pieces.find(({ fromMs, toMs }) => fromMs <= positionMs && positionMs < toMs),
    of: (url) => pieces.find(({ address }) => new URL(url, location.href).pathname === address),
    isBad: (piece) => !isGood(piece),
    /** Notes that a piece cannot be shown: it is never asked for again. */
    fail(piece) {
      if (!isGood(piece)) return
      bad.add(piece.address)
      failedInARowMs += piece.toMs - piece.fromMs
    },
    /** How much film could not be shown since something last was. */
    failedInARowMs: () => failedInARowMs,
    /** Something was shown, or somebody wants to go on all the same. */
    forgetFailures() {
      failedInARowMs = 0
    },
    /**
     * Where the next piece that can be shown begins, at a position or behind it; null when none is known.
     *
     * @param restMs a piece of which no more than this is left does not count: so close to its end hls.js asks for the next
     */
    playableFrom(positionMs, restMs = 0) {
      const next = pieces.find((piece) => piece.toMs > positionMs + restMs && isGood(piece))
      return next ? Math.max(positionMs, next.fromMs) : null
    },
    /** Where the last piece ends that can be shown; 0 when there is none. */
    lastPlayableMs: () => pieces.findLast(isGood)?.toMs ?? 0,
    endMs: () => pieces.at(-1)?.toMs ?? 0,
    /** Whether the film is all there and not one piece of it can be shown. */
    isLost: () => isComplete && !pieces.some(isGood),
  }
}
