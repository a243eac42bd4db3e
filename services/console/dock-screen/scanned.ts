/** A reader types faster than anybody. */
const keyGapMsMax = 80
const lengthMin = 4
const lengthMax = 64

/**
 * Tells what a card reader or scanner types (fast characters, then Enter) from what hands do. `take` wants each key with
 * its time; it answers the whole text when a reader has just ended one, else null. `hasBegun` after a key: it is the first of what
 * may become such a text, so what a field holds now is without it.
 */
export function scannedText(): { take(key: string, atMs: number): string | null; hasBegun(): boolean } {
  let text = ''
  let lastMs = Number.NEGATIVE_INFINITY
  return {
    take(key, atMs) {
      const isFast = atMs - lastMs <= keyGapMsMax
      lastMs = atMs
      if (key === 'Enter') {
        const whole = isFast && text.length >= lengthMin ? text : null
        text = ''
        return whole
      }
      if (!/^[!-~]$/.test(key)) return null
      text = isFast && text.length < lengthMax ? text + key : key
      return null
    },
    hasBegun: () => text.length === 1,
  }
}
