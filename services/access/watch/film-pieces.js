// The pieces of a film that a viewing fetches: where each lies on the film's clock, and which of them cannot be played.

/** So many pieces one after the other may fail; then it is not the pieces. */
const failuresInARowMax = 3

export function openPieces() {
  let pieces = []
  const bad = new Set()
  let failuresInARow = 0

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
      pieces = listed.map((piece) => pieces.find(({ address }) => address === piece.address) ?? piece)
    },
    at: (positionMs) => pieces.find(({ fromMs, toMs }) => fromMs <= positionMs && positionMs < toMs),
    of: (url) => pieces.find(({ address }) => new URL(url, location.href).pathname === address),
    isBad: (piece) => bad.has(piece.address),
    /** Notes that a piece cannot be played. @returns whether the film may go on behind it */
    fail(piece) {
      if (bad.has(piece.address)) return true
      bad.add(piece.address)
      failuresInARow += 1
      return failuresInARow <= failuresInARowMax
    },
    /** Something of the film was seen or heard. */
    played() {
      failuresInARow = 0
    },
    /** Where the next piece that can be played begins, at a position or behind it; null when none is known. */
    playableFrom(positionMs) {
      const next = pieces.find((piece) => piece.toMs > positionMs && !bad.has(piece.address))
      return next ? Math.max(positionMs, next.fromMs) : null
    },
  }
}
