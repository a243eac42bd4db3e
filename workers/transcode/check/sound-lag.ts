import { binMs } from './envelope.ts'

/** Levels of one channel in dB, bin by bin on the recording's clock, in the source and in the rendition. */
export interface ChannelLevels {
  readonly source: Float32Array
  readonly made: Float32Array
}

const windowBins = 5000 / binMs
const lagBinsMax = 2000 / binMs
/** A lag of two bins, 40 ms, is within the tolerance. */
const lagBinsMin = 3
/** Levels that differ less on average need no explanation. */
const unexplainedDbMin = 1
/** A lag explains a difference when it leaves less than this share of it. */
const shareLeftMax = 0.5
/** Of lags that fit nearly as well the smallest is taken: beats repeat. */
const nearlyAsGood = 1.1

/**
 * By how many bins the rendition's sound comes later than the source's, for each bin: 0 where it is in its place, or where no
 * constant lag of up to 2 s explains the difference. Every five seconds are looked at on their own. Pure.
 */
export function lagsOfSound(channels: readonly ChannelLevels[]): Int16Array {
  const bins = channels[0]?.source.length ?? 0
  const lags = new Int16Array(bins)
  const found: { from: number; lag: number | null }[] = []
  for (let from = 0; from < bins; from += windowBins) {
    found.push({ from, lag: lagOfWindow(channels, from, Math.min(bins, from + windowBins)) })
  }
  for (const [place, { from, lag }] of found.entries()) {
    // A stretch without a change of level says nothing by itself: it moves with its neighbours when they agree.
    const before = found[place - 1]?.lag ?? null
    const after = found.slice(place).find((window) => window.lag !== null)?.lag ?? before
    const taken = lag ?? (before === after ? before : null)
    found[place] = { from, lag: taken }
    if (taken !== null) lags.fill(taken, from, from + windowBins)
  }
  return lags
}

/** Null when the levels of this window fit every lag alike. */
function lagOfWindow(channels: readonly ChannelLevels[], from: number, to: number): number | null {
  const inPlace = meanDifference(channels, from, to, 0)
  if (inPlace < unexplainedDbMin) return isFlat(channels, from, to) ? null : 0
  const costs: { lag: number; cost: number }[] = []
  for (let lag = -lagBinsMax; lag <= lagBinsMax; lag++) {
    costs.push({ lag, cost: meanDifference(channels, from, to, lag) })
  }
  const least = Math.min(...costs.map(({ cost }) => cost))
  const best = costs
    .filter(({ cost }) => cost <= least * nearlyAsGood)
    .reduce((nearest, next) => (Math.abs(next.lag) < Math.abs(nearest.lag) ? next : nearest))
  return best.cost <= shareLeftMax * inPlace && Math.abs(best.lag) >= lagBinsMin ? best.lag : 0
}

function isFlat(channels: readonly ChannelLevels[], from: number, to: number): boolean {
  return channels.every(({ source }) => {
    const levels = source.subarray(from, to)
    return levels.every((level) => Math.abs(level - levels[0]!) < 2 * unexplainedDbMin)
  })
}

/** Only what lies inside the recording counts; infinite when that is less than half of the window. */
function meanDifference(channels: readonly ChannelLevels[], from: number, to: number, lag: number): number {
  const length = channels[0]!.made.length
  const first = Math.max(from, -lag)
  const end = Math.min(to, length - lag)
  if ((end - first) * 2 < to - from) return Number.POSITIVE_INFINITY
  let sum = 0
  for (const { source, made } of channels) {
    for (let bin = first; bin < end; bin++) sum += Math.abs(source[bin]! - made[bin + lag]!)
  }
  return sum / ((end - first) * channels.length)
}
