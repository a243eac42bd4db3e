// Which pieces may come now: all, none until somebody wants to go on, or those up to one that is under suspicion.

export function openGate() {
  let isShut = false
  let last = null
  let waiting = []
  const mayPass = (piece) => !isShut && (last === null || piece.fromMs <= last.fromMs)

  function set(shut, piece) {
    isShut = shut
    last = piece
    const waited = waiting
    waiting = []
    for (const one of waited) {
      if (mayPass(one.piece)) one.resolve()
      else waiting.push(one)
    }
  }

  return {
    shut: () => set(true, null),
    open: () => set(false, null),
    openUpTo: (piece) => set(false, piece),
    isShut: () => isShut,
    /** The last piece that may come, or null. */
    last: () => last,
    /** Resolves when a piece may come. */
    async pass(piece) {
      if (!mayPass(piece)) await new Promise((resolve) => waiting.push({ piece, resolve }))
    },
  }
}
