import type { SlotCard } from './types.ts'

/** What a bar shows: a share of the bytes, and the time left. */
export interface Progress {
  /** 0 to 100. */
  readonly percent: number
  readonly leftMs: number | null
  readonly bytesTotal: number
}

/** Neither bar nor time jumps back further than this at once: what people see must not frighten them. */
const backMax = 0.1

/**
 * The next figures after `shown`, from what the agent says. A bar that would fall, or a time that would grow, does so by a
 * tenth at most; a hand-in with other files begins anew.
 */
export function nextProgress(shown: Progress | null, card: SlotCard, isOnline: boolean): Progress {
  const { bytes } = card
  // Without the server the bytes go to the station's own disk: then what was read is what is safe.
  const done = isOnline && card.word !== 'reading' ? bytes.sent : bytes.read
  const percent = bytes.total === 0 ? 100 : Math.min(100, (done / bytes.total) * 100)
  if (!shown || shown.bytesTotal !== bytes.total) return { percent, leftMs: card.leftMs, bytesTotal: bytes.total }
  return {
    percent: Math.max(percent, shown.percent - 100 * backMax),
    leftMs: nextLeft(shown.leftMs, card.leftMs),
    bytesTotal: bytes.total,
  }
}

function nextLeft(shownMs: number | null, saidMs: number | null): number | null {
  if (shownMs === null || saidMs === null) return saidMs
  return Math.min(saidMs, shownMs * (1 + backMax))
}
