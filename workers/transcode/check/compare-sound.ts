import type { Stretch } from '../inventory/inventory.ts'
import { binMs, type Envelope } from './envelope.ts'
import { type CheckedDifference, type Difference, toleranceMs } from './findings.ts'
import { type ChannelLevels, lagsOfSound } from './sound-lag.ts'

/** What is quieter is silence: the hiss of a microphone may or may not survive a codec. */
const floorDb = -55
const toleranceDb = 6
const windowBins = toleranceMs / binMs + 1
/** A difference that is shorter is none. */
const runBinsMin = 100 / binMs
/** A run goes on over pauses this short: a level crosses the border of the tolerance. */
const pauseBins = 2
/** So much quieter is missing, although something is left. */
const missingDb = 25
/** Differences of one kind this close are told as one. */
const mergeMsAtFirst = 1000
/** So many differences of one kind are told for one channel; more are told as fewer, longer ones. */
const differencesMax = 16

/**
 * Compares the loudness of the rendition with that of the source, channel by channel: `channels` are the source's numbers
 * of them. Each bin of the source must lie between the lowest and the highest level of the rendition within 40 ms, give or
 * take 6 dB. The last frame, which may be cut, is left out. Pure.
 */
export function compareSound(
  source: Envelope,
  made: Envelope,
  scope: { readonly channels: readonly number[]; readonly endMs: number },
): Difference[] {
  const bins = Math.max(0, Math.floor(scope.endMs / binMs) - windowBins)
  const levels = scope.channels.map((_, place) => ({
    source: levelsOf(source, place, bins),
    made: levelsOf(made, place, bins),
  }))
  if (bins === 0 || levels.length === 0) return []
  const lags = lagsOfSound(levels)
  return [
    ...displacements(lags),
    ...scope.channels.flatMap((channel, place) =>
      differencesOfChannel(levels[place]!, lags).map((difference) => ({ ...difference, channel })),
    ),
  ]
}

/** The levels on the recording's clock, nothing below the floor. */
function levelsOf({ startMs, channels }: Envelope, place: number, bins: number): Float32Array {
  const from = Math.round(startMs / binMs)
  const channel = channels[place]
  return Float32Array.from({ length: bins }, (_, bin) => Math.max(floorDb, channel?.[bin - from] ?? floorDb))
}

function displacements(lags: Int16Array): Difference[] {
  const found: Difference[] = []
  for (let from = 0; from < lags.length; ) {
    let to = from + 1
    while (to < lags.length && Math.abs(lags[to]! - lags[from]!) <= 1) to++
    const fromMs = from * binMs
    const foundMs = fromMs + lags[from]! * binMs
    if (lags[from] !== 0) found.push({ what: 'sound_displaced', fromMs, toMs: to * binMs, statedMs: fromMs, foundMs })
    from = to
  }
  return found
}

function differencesOfChannel({ source, made }: ChannelLevels, lags: Int16Array): Difference[] {
  const kinds = new Map<CheckedDifference, Stretch[]>([
    ['sound_missing', []],
    ['sound_differs', []],
  ])
  const excess = source.map((level, bin) => outsideTube(level, made, bin + lags[bin]!))
  for (const sign of [1, -1]) {
    for (const run of runs(excess, sign)) {
      const missing = excess.subarray(run.from, run.to).filter((by) => by * sign > missingDb - toleranceDb)
      const isSilent = isSilentRun(made, run, lags)
      const isMissing = sign > 0 && (isSilent || missing.length * 2 > run.to - run.from)
      kinds.get(isMissing ? 'sound_missing' : 'sound_differs')!.push({ fromMs: run.from * binMs, toMs: run.to * binMs })
    }
  }
  return [...kinds].flatMap(([what, stretches]) => merged(stretches).map((stretch) => ({ what, ...stretch })))
}

/** By how many dB the level lies above (+) or below (−) everything the rendition has around this bin; 0 within. */
function outsideTube(level: number, made: Float32Array, bin: number): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let near = bin - windowBins; near <= bin + windowBins; near++) {
    const there = made[near] ?? floorDb
    if (there < low) low = there
    if (there > high) high = there
  }
  if (level > high + toleranceDb) return level - high - toleranceDb
  return level < low - toleranceDb ? level - low + toleranceDb : 0
}

function isSilentRun(made: Float32Array, run: { from: number; to: number }, lags: Int16Array): boolean {
  let silent = 0
  for (let bin = run.from; bin < run.to; bin++) if ((made[bin + lags[bin]!] ?? floorDb) <= floorDb + 1) silent++
  return silent * 2 > run.to - run.from
}

function runs(excess: Float32Array, sign: number): { from: number; to: number }[] {
  const found: { from: number; to: number; bins: number }[] = []
  for (const [bin, by] of excess.entries()) {
    if (by * sign <= 0) continue
    const last = found.at(-1)
    if (last && bin - last.to <= pauseBins) {
      last.to = bin + 1
      last.bins++
    } else found.push({ from: bin, to: bin + 1, bins: 1 })
  }
  return found.filter(({ bins }) => bins >= runBinsMin)
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const sorted = [...stretches].sort((a, b) => a.fromMs - b.fromMs)
  for (let mergeMs = mergeMsAtFirst; ; mergeMs *= 2) {
    const found: Stretch[] = []
    for (const { fromMs, toMs } of sorted) {
      const last = found.at(-1)
      if (last && fromMs - last.toMs <= mergeMs) {
        found[found.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) }
      } else found.push({ fromMs, toMs })
    }
    if (found.length <= differencesMax) return found
  }
}
