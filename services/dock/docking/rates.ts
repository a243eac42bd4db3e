/** How fast something goes, smoothed. */
export interface Rates {
  /** Bytes a second of `owner`, whose bytes so far are `bytes`. */
  of(owner: object, bytes: number, nowMs: number): number
}

const smoothMs = 5000

/** Rates over the last five seconds or so: each look weighs by the time since the one before. */
export function openRates(): Rates {
  const looks = new WeakMap<object, { bytes: number; atMs: number; rate: number }>()
  return {
    of(owner, bytes, nowMs) {
      const before = looks.get(owner)
      if (!before || nowMs < before.atMs) {
        looks.set(owner, { bytes, atMs: nowMs, rate: 0 })
        return 0
      }
      const passedMs = nowMs - before.atMs
      // Several look at one card at the same moment.
      if (passedMs < 200) return Math.round(before.rate)
      const now = (Math.max(0, bytes - before.bytes) / passedMs) * 1000
      const weight = Math.min(1, passedMs / smoothMs)
      const rate = before.rate === 0 ? now : before.rate * (1 - weight) + now * weight
      looks.set(owner, { bytes, atMs: nowMs, rate: rate < 1 ? 0 : rate })
      return Math.round(rate)
    },
  }
}
