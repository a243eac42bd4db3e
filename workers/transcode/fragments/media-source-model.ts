import { gapMsMin, gapsMax, type Stretch } from '../inventory/inventory.ts'
import { boxesIn, malformed } from './boxes.ts'
import { type InitTrack, readInit } from './read-init.ts'
import { readFragment, type TrackSamples } from './read-moof.ts'

/** What a browser plays of one track, in milliseconds on the player's clock; nothing is rounded. */
export interface PlayedTrack {
  readonly trackId: number
  readonly kind: 'video' | 'audio'
  /** Null when no segment holds a sample of it. */
  readonly firstMs: number | null
  readonly endMs: number | null
  /** Where nothing of the track is there for longer than 40 ms; the first 10,000. */
  readonly gaps: readonly Stretch[]
  /** Where it is there twice for longer than 40 ms: the later segment replaces the earlier one. The first 10,000. */
  readonly overlaps: readonly Stretch[]
  readonly samples: number
  /**
   * How far the sound strays from the fragments' times between two gaps: Chromium lays all packets end to end there instead
   * of placing each fragment anew. 0 for pictures.
   */
  readonly driftMs: number
}

/**
 * A model of how Media Source plays a film of one init section and the segments behind it: fragments lie where their `tfdt`
 * says, edit lists count for nothing, pictures are seen at decode time + composition offset, and the packets of a fragment
 * sound back to back, whatever their durations say, the coder's warming up included.
 */
export class MediaSourceModel {
  readonly #init
  readonly #tracks: ReadonlyMap<number, Playing>

  /** @throws bad_request when the init section is malformed */
  constructor(initBytes: Buffer) {
    this.#init = readInit(initBytes)
    this.#tracks = new Map(this.#init.tracks.map((track) => [track.id, new Playing(track)]))
  }

  /**
   * Appends one segment, as it is served, and says what each track has in it.
   *
   * @throws bad_request when it is not exactly one `moof` and one `mdat` whose bytes are all samples, or when its pictures do
   *   not begin with a key picture
   */
  append(segment: Buffer): readonly TrackSamples[] {
    const boxes = boxesIn(segment, { from: 0, to: segment.length })
    const [moof, mdat] = boxes
    if (boxes.length !== 2 || moof?.type !== 'moof' || mdat?.type !== 'mdat') {
      throw malformed('a segment is not one moof and one mdat')
    }
    const { tracks } = readFragment(this.#init, {
      moof: segment.subarray(0, moof.to),
      mdatBody: segment.subarray(mdat.from, mdat.to),
      mdatHeaderBytes: 8,
    })
    const samples = tracks.flatMap((track) => track.samples)
    if (samples.length === 0) throw malformed('a segment holds no samples')
    const bytes = samples.reduce((sum, sample) => sum + sample.bytes.length, 0)
    if (bytes !== mdat.to - mdat.from) throw malformed('a segment holds bytes that belong to no sample')
    for (const track of tracks) this.#tracks.get(track.track.id)!.append(track)
    return tracks
  }

  played(): PlayedTrack[] {
    return [...this.#tracks.values()].map((track) => track.played())
  }
}

/** A track's coverage, as it grows. */
class Playing {
  readonly #track: InitTrack
  #firstMs: number | null = null
  #endMs: number | null = null
  #samples = 0
  readonly #gaps: Stretch[] = []
  readonly #overlaps: Stretch[] = []
  /** Where the sound would be if it were laid end to end since the last gap. */
  #endToEndMs: number | null = null
  #driftMs = 0

  constructor(track: InitTrack) {
    this.#track = track
  }

  append(fragment: TrackSamples): void {
    if (fragment.samples.length === 0) return
    if (this.#track.kind === 'video' && !fragment.samples[0]!.isKey) {
      throw malformed('the pictures of a segment begin without a key picture')
    }
    const { fromMs, toMs } = this.#track.kind === 'video' ? shownOf(fragment) : heardOf(fragment)
    const endMs = this.#endMs
    if (endMs !== null && fromMs - endMs > gapMsMin) add(this.#gaps, { fromMs: endMs, toMs: fromMs })
    if (endMs !== null && endMs - fromMs > gapMsMin) add(this.#overlaps, { fromMs, toMs: Math.min(endMs, toMs) })
    if (this.#track.kind === 'audio') this.#follow(fromMs, toMs)
    this.#firstMs = Math.min(this.#firstMs ?? fromMs, fromMs)
    this.#endMs = Math.max(endMs ?? toMs, toMs)
    this.#samples += fragment.samples.length
  }

  #follow(fromMs: number, toMs: number): void {
    const hasGap = this.#endMs === null || Math.abs(fromMs - this.#endMs) > gapMsMin
    const heardMs = hasGap || this.#endToEndMs === null ? fromMs : this.#endToEndMs
    this.#driftMs = Math.max(this.#driftMs, Math.abs(heardMs - fromMs))
    this.#endToEndMs = heardMs + (toMs - fromMs)
  }

  played(): PlayedTrack {
    const { id, kind } = this.#track
    return {
      ...{ trackId: id, kind, firstMs: this.#firstMs, endMs: this.#endMs, samples: this.#samples },
      ...{ gaps: this.#gaps, overlaps: this.#overlaps, driftMs: this.#driftMs },
    }
  }
}

function add(stretches: Stretch[], stretch: Stretch): void {
  if (stretches.length < gapsMax) stretches.push(stretch)
}

/** Between the first and the last picture of a fragment each stands until the next one is shown. */
function shownOf({ track, decodeTicks, samples }: TrackSamples): Stretch {
  let at = decodeTicks
  let first = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const { durationTicks, compositionTicks } of samples) {
    first = Math.min(first, at + compositionTicks)
    end = Math.max(end, at + compositionTicks + durationTicks)
    at += durationTicks
  }
  return { fromMs: (first * 1000) / track.timescale, toMs: (end * 1000) / track.timescale }
}

function heardOf({ track, decodeTicks, samples }: TrackSamples): Stretch {
  const end = decodeTicks + samples.length * track.sound!.packetTicks
  return { fromMs: (decodeTicks * 1000) / track.timescale, toMs: (end * 1000) / track.timescale }
}
