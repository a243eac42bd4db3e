import { malformed } from './boxes.ts'
import type { InitTrack } from './read-init.ts'
import type { Sample, TrackSamples } from './read-moof.ts'

/** A sample whose times are ticks on the recording's clock. */
export interface PlacedSample extends Sample {
  readonly decodeTicks: number
}

/** Turns the samples of one track, as they arrive, into samples on the recording's clock. */
export type PlaceSamples = (arrived: TrackSamples) => PlacedSample[]

/** The end of a sample's time, in milliseconds on the recording's clock. */
export function endMsOf({ timescale }: InitTrack, sample: PlacedSample): number {
  return toMs(sample.decodeTicks + sample.compositionTicks + sample.durationTicks, timescale)
}

/** When a sample is seen or heard first, in milliseconds on the recording's clock. */
export function startMsOf({ timescale }: InitTrack, sample: PlacedSample): number {
  return toMs(sample.decodeTicks + sample.compositionTicks, timescale)
}

/** Ticks of a track in milliseconds, not rounded. */
export function toMs(ticks: number, timescale: number): number {
  return (ticks * 1000) / timescale
}

function toTicks(ms: number, timescale: number): number {
  return Math.round((ms * timescale) / 1000)
}

/**
 * Places pictures: the one that is shown first among those that arrive first lies at `firstMs`. Decode times are never
 * negative: where they would be, the composition offsets are made smaller instead.
 */
export function placePictures(track: InitTrack, firstMs: number): PlaceSamples {
  if (!(firstMs >= 0)) throw malformed('its first picture would lie before the start of the recording')
  const firstTicks = toTicks(firstMs, track.timescale)
  let shifts: { decode: number; composition: number } | null = null
  let lastTicks = 0
  return ({ decodeTicks, samples }) => {
    let at = decodeTicks
    const arrived = samples.map((sample) => {
      const decoded = { ...sample, decodeTicks: at }
      at += sample.durationTicks
      return decoded
    })
    shifts ??= shiftsFor(arrived, firstTicks)
    const { decode, composition } = shifts
    const placed = arrived.map((sample) => ({
      ...sample,
      decodeTicks: sample.decodeTicks + decode,
      compositionTicks: sample.compositionTicks + composition,
    }))
    if (placed[0]!.decodeTicks < lastTicks) throw malformed('the times of its pictures step back')
    lastTicks = at + decode
    return placed
  }
}

function shiftsFor(arrived: readonly PlacedSample[], firstTicks: number): { decode: number; composition: number } {
  const shownTicks = arrived.reduce(
    (least, sample) => Math.min(least, sample.decodeTicks + sample.compositionTicks),
    Number.MAX_SAFE_INTEGER,
  )
  const shift = firstTicks - shownTicks
  const decode = Math.max(shift, -arrived[0]!.decodeTicks)
  return { decode, composition: shift - decode }
}

/**
 * Places packets of sound: the first that arrives starts at `firstMs`, which is negative where ffmpeg gives the packets with
 * which the coder warmed up. A packet of which more than half lies before the recording's start is dropped; the first that
 * is kept never starts before it. Every packet sounds as long as its coder makes it, whatever the fragment says.
 */
export function placeSound(track: InitTrack, firstMs: number): PlaceSamples {
  const packetTicks = track.sound!.packetTicks
  const firstTicks = toTicks(firstMs, track.timescale)
  let shift: number | null = null
  let hasBegun = false
  return ({ decodeTicks, samples }) => {
    shift ??= firstTicks - decodeTicks
    let at = decodeTicks
    const placed: PlacedSample[] = []
    for (const sample of samples) {
      const ownTicks = at + shift
      at += sample.durationTicks
      if (!hasBegun && ownTicks < -packetTicks / 2) continue
      if (!hasBegun && ownTicks < 0) shift -= ownTicks
      hasBegun = true
      placed.push({
        ...sample,
        decodeTicks: Math.max(0, ownTicks),
        durationTicks: packetTicks,
        compositionTicks: 0,
        isKey: true,
      })
    }
    return placed
  }
}
