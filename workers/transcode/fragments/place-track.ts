import { malformed } from './boxes.ts'
import { entryOf } from './nal-units.ts'
import type { InitTrack } from './read-init.ts'
import type { Sample, TrackSamples } from './read-moof.ts'

/** A sample whose times are ticks on the recording's clock. */
export interface PlacedSample extends Sample {
  readonly decodeTicks: number
}

/** Where a track lies on the recording's clock. */
export type Placing =
  /** The first sample that arrives lies here; fractions count. */
  | { readonly firstMs: number }
  /** Samples have their own times, which lie so much after the recording's clock. */
  | { readonly clockOffsetMs: number }

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

/** Nobody notices a picture that is moved so little. */
const unnoticedMs = 40

function toTicks(ms: number, timescale: number): number {
  return Math.round((ms * timescale) / 1000)
}

/**
 * Places pictures: the one that is shown first among those that arrive first lies at `firstMs`. Decode times are never
 * negative: where they would be, the composition offsets are made smaller instead.
 *
 * @throws bad_request when a picture is an entry point without an IDR (open groups of pictures): Chromium takes it for a key
 *   frame whatever the container says, and its decoder fails for good when the viewer jumps there
 */
export function placePictures(track: InitTrack, placing: Placing): PlaceSamples {
  let shifts: { decode: number; composition: number } | null = null
  let lastTicks = 0
  return ({ decodeTicks, samples }) => {
    let at = decodeTicks
    const arrived = samples.map((sample) => {
      const entry = entryOf(sample.bytes, track.picture!.nalLengthBytes)
      if (entry !== 'idr' && (sample.isKey || entry === 'recovery_point')) {
        throw malformed('its key frames need pictures before them, so a browser cannot begin to play at them')
      }
      const decoded = { ...sample, decodeTicks: at }
      at += sample.durationTicks
      return decoded
    })
    shifts ??= shiftsFor(arrived, track, placing)
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

function shiftsFor(
  arrived: readonly PlacedSample[],
  { timescale }: InitTrack,
  placing: Placing,
): { decode: number; composition: number } {
  const shownTicks = arrived.reduce(
    (least, sample) => Math.min(least, sample.decodeTicks + sample.compositionTicks),
    Number.MAX_SAFE_INTEGER,
  )
  const firstTicks =
    'firstMs' in placing ? toTicks(placing.firstMs, timescale) : shownTicks - toTicks(placing.clockOffsetMs, timescale)
  if (toMs(firstTicks, timescale) < -unnoticedMs) {
    throw malformed('its first picture would lie before the start of the recording')
  }
  const shift = Math.max(0, firstTicks) - shownTicks
  const decode = Math.max(shift, -arrived[0]!.decodeTicks)
  return { decode, composition: shift - decode }
}

/** Sound whose own times leave its packets' lengths by more is not heard where it belongs when it is played back to back. */
const soundDriftMsMax = 40

/**
 * Places packets of sound: the first that arrives starts at `firstMs`, which is negative where ffmpeg gives the packets with
 * which the coder warmed up. A packet of which more than half lies before the recording's start is dropped; the first that
 * is kept never starts before it. The others follow back to back, each as long as its coder makes it, whatever the fragments
 * say: Chromium plays them so when a fragment begins 20 ms late, and stands still for good when it begins 30 ms late.
 *
 * @throws bad_request when a packet's own time lies more than 40 ms from where it is heard then
 */
export function placeSound(track: InitTrack, placing: Placing): PlaceSamples {
  const packetTicks = track.sound!.packetTicks
  let shift: number | null = null
  /** Where the next packet is heard; null while none was kept. */
  let heardTicks: number | null = null
  return ({ decodeTicks, samples }) => {
    shift ??=
      'firstMs' in placing
        ? toTicks(placing.firstMs, track.timescale) - decodeTicks
        : -toTicks(placing.clockOffsetMs, track.timescale)
    let at = decodeTicks
    const placed: PlacedSample[] = []
    for (const sample of samples) {
      const ownTicks = at + shift
      at += sample.durationTicks
      if (heardTicks === null && ownTicks < -packetTicks / 2) continue
      if (heardTicks === null && ownTicks < 0) shift -= ownTicks
      heardTicks ??= Math.max(0, ownTicks)
      requireInStep(toMs(Math.max(0, ownTicks) - heardTicks, track.timescale))
      placed.push({ ...sample, decodeTicks: heardTicks, durationTicks: packetTicks, compositionTicks: 0, isKey: true })
      heardTicks += packetTicks
    }
    return placed
  }
}

function requireInStep(driftMs: number): void {
  if (Math.abs(driftMs) <= soundDriftMsMax) return
  const words = driftMs > 0 ? 'late' : 'early'
  throw malformed(
    `its sound has a gap or runs unevenly: a packet comes ${Math.round(Math.abs(driftMs))} ms too ${words}`,
  )
}
