import { malformed } from './boxes.ts'
import { type Cut, findCut, trackLagMsMax } from './find-cut.ts'
import { type PlaceSamples, type Placing, placePictures, placeSound, type SoundPlacing, toMs } from './place-track.ts'
import type { Init, InitTrack } from './read-init.ts'
import type { Fragment } from './read-moof.ts'
import { takePictures, takeSound } from './take-samples.ts'
import { TrackQueue } from './track-queue.ts'
import { type SegmentTrack, writeSegment } from './write-segment.ts'

export interface SegmentOptions {
  /** A segment ends before the first key picture at which it is at least so long. */
  readonly segmentMs: number
  /** What one viewing grant shows: a segment must not be longer, because it is served whole or not at all. */
  readonly segmentMsMax: number
  /** Null exactly when the film has no picture. */
  readonly video: VideoPlacing | null
  /** Null exactly when the film has no sound. */
  readonly audio: SoundPlacing | null
}

export type VideoPlacing = Placing & {
  /** Copied pictures whose key frames lie too far apart are refused; encoded ones just have no more. */
  readonly isCopied: boolean
  /** The last picture stands at least until here. */
  readonly endMs?: number
}

/** One media segment. Segments follow one another on the recording's clock without a hole, from 0. */
export interface Segment {
  readonly number: number
  readonly startMs: number
  /** Up to the largest end of any track so far. */
  readonly durationMs: number
  readonly bytes: Buffer
  readonly tracks: readonly SegmentTrackTimes[]
}

export interface SegmentTrackTimes {
  readonly trackId: number
  readonly kind: 'video' | 'audio'
  readonly firstMs: number
  readonly endMs: number
  readonly samples: number
}

/**
 * Makes media segments of a film's fragments, each track placed on the recording's clock. Each segment begins with a key
 * picture, as far as it has pictures, and holds the sound up to the end of its pictures. Holds what arrived since the last
 * segment, up to about 10 s more than a segment needs.
 *
 * @throws bad_request when the film cannot be cut or placed so: the reason says why it must be encoded
 */
export async function* makeSegments(
  fragments: AsyncIterable<Fragment>,
  init: Init,
  options: SegmentOptions,
): AsyncGenerator<Segment, void, void> {
  const cutter = new Cutter(init, options)
  for await (const fragment of fragments) {
    cutter.add(fragment)
    yield* cutter.segments(false)
  }
  cutter.end()
  yield* cutter.segments(true)
}

class Cutter {
  readonly #options: SegmentOptions
  readonly #video: TrackQueue | null
  readonly #audio: TrackQueue | null
  #number = 0
  /** The largest end of any track in the segments so far; not rounded. */
  #endMs = 0

  constructor(init: Init, options: SegmentOptions) {
    const { video, audio } = options
    this.#options = options
    this.#video = queueOf(init, 'video', video && ((track) => placePictures(track, video)))
    this.#audio = queueOf(init, 'audio', audio && ((track) => placeSound(track, audio)))
  }

  add({ tracks }: Fragment): void {
    for (const arrived of tracks) {
      const queue = arrived.track.kind === 'video' ? this.#video : this.#audio
      queue!.add(arrived)
    }
  }

  /** Nothing more arrives. */
  end(): void {
    const { video } = this.#options
    if (video?.endMs !== undefined) this.#video?.holdLast(video.endMs)
  }

  *segments(isOver: boolean): Generator<Segment, void, void> {
    const { segmentMs, segmentMsMax } = this.#options
    for (;;) {
      const waiting = { video: this.#video, audio: this.#audio, startMs: this.#endMs, segmentMs, segmentMsMax, isOver }
      const cut = findCut(waiting)
      if (cut === null) break
      yield this.#take(cut)
    }
    // Found early, so that nobody gathers for minutes what is refused in the end.
    const video = this.#video
    if (video && video.samples.length > 0) this.#requireShowable(video.endMs - this.#endMs - trackLagMsMax)
  }

  #take({ pictures, packets }: Cut): Segment {
    const tracks: SegmentTrack[] = []
    if (pictures > 0) tracks.push(takePictures(this.#video!, pictures))
    if (packets > 0) tracks.push(takeSound(this.#audio!, packets))
    const times = tracks.map(timesOf)
    const endMs = Math.max(this.#endMs, ...times.map((track) => track.endMs))
    this.#requireShowable(endMs - this.#endMs)
    const startMs = Math.round(this.#endMs)
    this.#endMs = endMs
    const number = this.#number++
    return {
      ...{ number, startMs, durationMs: Math.round(endMs) - startMs },
      ...{ bytes: writeSegment(number + 1, tracks), tracks: times },
    }
  }

  #requireShowable(lengthMs: number): void {
    const { segmentMsMax, video } = this.#options
    if (lengthMs <= segmentMsMax || (video && !video.isCopied)) return
    const seconds = Math.round(lengthMs / 1000)
    throw malformed(
      video
        ? `its key frames lie ${seconds} s apart, more than one viewing grant shows`
        : `nothing is heard for ${seconds} s, more than one viewing grant shows`,
    )
  }
}

/** The queue of the only track of a kind; null when the film has none and none is placed. */
function queueOf(
  init: Init,
  kind: InitTrack['kind'],
  placing: ((track: InitTrack) => PlaceSamples) | null,
): TrackQueue | null {
  const tracks = init.tracks.filter((track) => track.kind === kind)
  if (tracks.length !== (placing ? 1 : 0)) throw malformed(`the film has ${tracks.length} tracks of ${kind}`)
  return placing && new TrackQueue(tracks[0]!, placing(tracks[0]!))
}

function timesOf({ track, decodeTicks, samples }: SegmentTrack): SegmentTrackTimes {
  let at = decodeTicks
  let firstTicks = Number.POSITIVE_INFINITY
  let endTicks = 0
  for (const { durationTicks, compositionTicks } of samples) {
    firstTicks = Math.min(firstTicks, at + compositionTicks)
    endTicks = Math.max(endTicks, at + compositionTicks + durationTicks)
    at += durationTicks
  }
  const { id, kind, timescale } = track
  return {
    ...{ trackId: id, kind, samples: samples.length },
    ...{ firstMs: toMs(firstTicks, timescale), endMs: toMs(endTicks, timescale) },
  }
}
