import { gapMsMin, gapsMax } from './inventory.ts'
import { type Stand, standTally } from './stand-tally.ts'
import { stepTally } from './step-tally.ts'

/** How a stream's packets lie in time; times in seconds. */
export interface Along {
  readonly first: number | null
  readonly end: number | null
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  readonly gapsLeftOut: number
  readonly stands: readonly Stand[]
  /** Longer stands are listed, shorter ones are not. */
  readonly standSecondsMin: number
  readonly usualStepMs: number | null
  readonly driftMs: number
}

export interface TimeLine {
  /** Takes packets by ascending start; `next` is the start of the one after it, where known. */
  readonly add: (start: number, length: number | null, next: number | null) => void
  /** What follows does not continue what came before. */
  readonly breakOff: () => void
  readonly result: () => Along
}

/** A longer step between two packets without a length is a pause, not how long the first of them lasts. */
const stepSecondsMax = 1
const gapSecondsMin = gapMsMin / 1000

export function timeLine(): TimeLine {
  const gaps: { from: number; to: number }[] = []
  const stands = standTally()
  const steps = stepTally()
  let gapsLeftOut = 0
  let first: number | null = null
  let end: number | null = null
  let covered: number | null = null
  let last: number | null = null
  let step = 0
  let lastLength = 0
  let laidEnd: number | null = null
  let drift = 0
  /** A packet without a length lasts to the next one, but after it or before it is a pause when one step is longer. */
  const lengthBetween = (stamp: number, next: number | null): number => {
    const ahead = next !== null && next > stamp && next - stamp <= stepSecondsMax ? next - stamp : null
    if (ahead === null) return lastLength || step
    return step > 0 ? Math.min(step, ahead) : ahead
  }
  return {
    add(stamp, stated, next) {
      if (last !== null) steps.add(stamp - last)
      if (last !== null && stamp > last && stamp - last <= stepSecondsMax) step = stamp - last
      last = stamp
      const length = stated || lengthBetween(stamp, next)
      lastLength = length
      let start = stamp
      if (covered !== null && stamp - covered > gapSecondsMin) {
        // Streams of packets stamp what begins in one packet: two pictures that begin in the same one get the same stamp.
        if (next === stamp) start = Math.max(covered, stamp - length)
        if (start - covered > gapSecondsMin) {
          if (gaps.length < gapsMax) gaps.push({ from: covered, to: start })
          else gapsLeftOut++
        }
      }
      stands.add(start, length)
      const spanEnd = start + length
      covered = Math.max(covered ?? spanEnd, spanEnd)
      laidEnd ??= start
      drift = Math.max(drift, Math.abs(start - laidEnd))
      laidEnd += length
      if (first === null || start < first) first = start
      if (end === null || spanEnd > end) end = spanEnd
    },
    breakOff() {
      covered = null
      last = null
    },
    result: () => ({
      ...{ first, end, gaps, gapsLeftOut, ...stands.result(), usualStepMs: steps.result() },
      driftMs: Math.round(drift * 1000),
    }),
  }
}
