import { malformed } from './boxes.ts'
import { endMsOf, type PlacedSample, type PlaceSamples, startMsOf, toTicks } from './place-track.ts'
import type { InitTrack } from './read-init.ts'
import type { TrackSamples } from './read-moof.ts'

const mebibyte = 1024 * 1024
const queueBytesMax = 192 * mebibyte
const queueSamplesMax = 500_000

/** The samples of one track that have arrived and belong to no segment yet, in decode order. */
export class TrackQueue {
  readonly track: InitTrack
  readonly #place: PlaceSamples
  #samples: PlacedSample[] = []
  #bytes = 0
  #endMs = 0

  constructor(track: InitTrack, place: PlaceSamples) {
    this.track = track
    this.#place = place
  }

  get samples(): readonly PlacedSample[] {
    return this.#samples
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The largest end of all samples that have arrived so far, those in segments included; 0 before the first. */
  get endMs(): number {
    return this.#endMs
  }

  /** @throws bad_request when more has gathered than any film needs between two cuts */
  add(arrived: TrackSamples): void {
    if (arrived.samples.length === 0) return
    for (const sample of this.#place(arrived)) {
      this.#samples.push(sample)
      this.#bytes += sample.bytes.length
      this.#endMs = Math.max(this.#endMs, endMsOf(this.track, sample))
    }
    if (this.#bytes > queueBytesMax || this.#samples.length > queueSamplesMax) {
      throw malformed(`more than ${queueBytesMax / mebibyte} MiB of the film lie where it cannot be cut`)
    }
  }

  /** The last picture that waits stands until `endMs`, if it would end before. */
  holdLast(endMs: number): void {
    let last = 0
    let lastMs = Number.NEGATIVE_INFINITY
    for (const [index, one] of this.#samples.entries()) {
      const shownMs = startMsOf(this.track, one)
      if (shownMs < lastMs) continue
      last = index
      lastMs = shownMs
    }
    const sample = this.#samples[last]
    const missing = sample ? toTicks(endMs - endMsOf(this.track, sample), this.track.timescale) : 0
    if (!sample || missing <= 0) return
    const held = { ...sample, durationTicks: sample.durationTicks + missing }
    this.#samples[last] = held
    this.#endMs = Math.max(this.#endMs, endMsOf(this.track, held))
  }

  /** Takes the first `count` samples off the queue. */
  take(count: number): PlacedSample[] {
    const taken = this.#samples.splice(0, count)
    this.#bytes -= taken.reduce((sum, { bytes }) => sum + bytes.length, 0)
    return taken
  }
}
