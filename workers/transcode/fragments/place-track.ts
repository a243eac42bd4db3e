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

export type SoundPlacing = Placing & {
  /** Packets that begin here or later are left out: a coder writes up to two behind the last sound, which hold nothing. */
  readonly endMs?: number
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

/** Nobody notices a picture that is moved so little. */
const unnoticedMs = 40

/** Milliseconds in ticks of a track. */
export function toTicks(ms: number, timescale: number): number {
  return Math.round((ms * timescale) / 1000)
}

/**
 * Places pictures: the one that is shown first among those that arrive first lies where `placing` says. Decode times are
 * never negative: pictures that are decoded before the recording's start are decoded a little faster at its beginning.
 *
 * @throws bad_request when a picture is an entry point without an IDR (open groups of pictures): Chromium takes it for a key
 *   frame whatever the container says, and its decoder fails for good when the viewer jumps there
 */
export function placePictures(track: InitTrack, placing: Placing): PlaceSamples {
  let shift: number | null = null
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
    const isFirst = shift === null
    shift ??= shiftFor(arrived, track, placing)
    const own = arrived.map((sample) => sample.decodeTicks + shift!)
    const decoded = isFirst ? withoutNegative(own, arrived) : own
    // Not the end of the last one: what ffmpeg says of it at the end of a fragment is a guess.
    if (decoded[0]! < lastTicks) throw malformed('the times of its pictures step back')
    lastTicks = decoded.at(-1)!
    return arrived.map((sample, index) => ({
      ...sample,
      decodeTicks: decoded[index]!,
      compositionTicks: sample.compositionTicks + own[index]! - decoded[index]!,
    }))
  }
}

function shiftFor(arrived: readonly PlacedSample[], { timescale }: InitTrack, placing: Placing): number {
  const shownTicks = arrived.reduce(
    (least, sample) => Math.min(least, sample.decodeTicks + sample.compositionTicks),
    Number.MAX_SAFE_INTEGER,
  )
  const firstTicks =
    'firstMs' in placing ? toTicks(placing.firstMs, timescale) : shownTicks - toTicks(placing.clockOffsetMs, timescale)
  if (toMs(firstTicks, timescale) < -unnoticedMs) {
    throw malformed('its first picture would lie before the start of the recording')
  }
  return Math.max(0, firstTicks) - shownTicks
}

/**
 * Decode times from 0 on that run into the samples' own ones, each before anything that is shown after it. Composition
 * offsets stay positive so: with negative ones players that are built on FFmpeg show every picture later than it sounds.
 *
 * @param own decode times of the first fragment; those before 0 are replaced
 */
function withoutNegative(own: readonly number[], samples: readonly PlacedSample[]): number[] {
  if (own[0]! >= 0) return [...own]
  const shift = own[0]! - samples[0]!.decodeTicks
  const latest = samples.map((sample) => sample.decodeTicks + sample.compositionTicks + shift)
  for (let index = latest.length - 2; index >= 0; index--) latest[index] = Math.min(latest[index]!, latest[index + 1]!)
  for (const [joined, joinedTicks] of own.entries()) {
    if (joinedTicks < joined) continue
    const ramp = (index: number) => Math.floor((joinedTicks * index) / joined)
    const fits = own.slice(0, joined).every((_ticks, index) => ramp(index) <= latest[index]!)
    if (fits) return own.map((ticks, index) => (index < joined ? ramp(index) : ticks))
  }
  throw malformed('its pictures are decoded long before they are shown')
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
export function placeSound(track: InitTrack, placing: SoundPlacing): PlaceSamples {
  const packetTicks = track.sound!.packetTicks
  const endTicks = placing.endMs === undefined ? Number.MAX_SAFE_INTEGER : toTicks(placing.endMs, track.timescale)
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
      if (heardTicks >= endTicks) continue
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
