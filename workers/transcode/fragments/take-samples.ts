import { malformed } from './boxes.ts'
import { toMs } from './place-track.ts'
import type { TrackQueue } from './track-queue.ts'
import type { SegmentTrack } from './write-segment.ts'

/** Packets whose own times leave the lengths of the packets before them by more are not heard where they belong. */
const soundDriftMsMax = 40
/** Time stamps that were rounded: the sound goes on where it ended. */
const roundingMs = 2

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

/**
 * Takes the first packets of sound off their queue, to be played back to back from the time of the first of them.
 *
 * @param previousEndTicks where the sound of the segment before ends; 0 when there was none
 * @throws bad_request when a packet's own time lies more than 40 ms from where it is heard then
 */
export function takeSound(queue: TrackQueue, count: number, previousEndTicks: number): SegmentTrack {
  const { track } = queue
  const samples = queue.take(count)
  const ownTicks = samples[0]!.decodeTicks
  const isRounded = previousEndTicks > 0 && Math.abs(toMs(ownTicks - previousEndTicks, track.timescale)) <= roundingMs
  const decodeTicks = isRounded ? previousEndTicks : ownTicks
  let at = decodeTicks
  for (const sample of samples) {
    const driftMs = toMs(Math.abs(sample.decodeTicks - at), track.timescale)
    if (driftMs > soundDriftMsMax) {
      throw malformed(
        `its sound leaves its own time stamps by ${Math.round(driftMs)} ms: it has a gap, or runs too fast or slow`,
      )
    }
    at += sample.durationTicks
  }
  return { track, decodeTicks, samples }
}
