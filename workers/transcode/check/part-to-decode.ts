import { startMsOf } from '../fragments/place-track.ts'
import type { Sample, TrackSamples } from '../fragments/read-moof.ts'
import { type SegmentTrack, writeSegment } from '../fragments/write-segment.ts'

/**
 * Of films up to this long every key frame is decoded, of longer ones the first of each segment, to which a viewer's jump
 * leads: decoding key frames costs more than everything else that is done to repack a film.
 */
export const everyKeyFrameMsMax = 10 * 60_000

/** What a decoder is given of one segment: a segment of its own. */
export interface PartToDecode {
  readonly bytes: Buffer
  /** When the key frames in it are shown, in decode order. */
  readonly keyFramesMs: readonly number[]
}

/**
 * Leaves out of a segment all pictures but key frames: all of them, or only the first (`keyFrames`). The sound stays whole.
 * Every sample keeps its bytes and its time. Pure.
 */
export function partToDecode(
  number: number,
  tracks: readonly TrackSamples[],
  keyFrames: 'every' | 'first',
): PartToDecode {
  const keyFramesMs: number[] = []
  const kept = tracks.map((track): SegmentTrack => {
    if (track.track.kind === 'audio') return track
    const { decodeTicks, samples } = keyPictures(track, keyFrames)
    let at = decodeTicks
    for (const sample of samples) {
      keyFramesMs.push(startMsOf(track.track, { ...sample, decodeTicks: at }))
      at += sample.durationTicks
    }
    return { track: track.track, decodeTicks, samples }
  })
  const bytes = writeSegment(
    number,
    kept.filter(({ samples }) => samples.length > 0),
  )
  return { bytes, keyFramesMs }
}

/** Each key frame lasts until the next one, so that all keep their times. */
function keyPictures({ decodeTicks, samples }: TrackSamples, keyFrames: 'every' | 'first') {
  const kept: Sample[] = []
  let firstTicks = decodeTicks
  for (const sample of samples) {
    const last = kept.at(-1)
    if (sample.isKey && (keyFrames === 'every' || !last)) kept.push(sample)
    else if (last) kept[kept.length - 1] = { ...last, durationTicks: last.durationTicks + sample.durationTicks }
    else firstTicks += sample.durationTicks
  }
  return { decodeTicks: firstTicks, samples: kept }
}
