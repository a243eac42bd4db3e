import { malformed } from './boxes.ts'
import type { TrackQueue } from './track-queue.ts'
import type { SegmentTrack } from './write-segment.ts'

/**
 * Takes the first pictures off their queue. Each lasts until the next one is decoded, so that a pause between two of them is
 * a picture that stands, not a hole.
 *
 * @throws bad_request when the first of them is no key picture
 */
export function takePictures(queue: TrackQueue, count: number): SegmentTrack {
  const taken = queue.take(count)
  const first = taken[0]!
  if (!first.isKey) throw malformed('its pictures begin, or go on after a pause, without a key frame')
  const samples = taken.map((sample, index) => {
    const next = taken[index + 1] ?? queue.samples[0]
    return next ? { ...sample, durationTicks: next.decodeTicks - sample.decodeTicks } : sample
  })
  return { track: queue.track, decodeTicks: first.decodeTicks, samples }
}

/** Takes the first packets of sound off their queue; they follow one another without a hole. */
export function takeSound(queue: TrackQueue, count: number): SegmentTrack {
  const samples = queue.take(count)
  return { track: queue.track, decodeTicks: samples[0]!.decodeTicks, samples }
}
