import { startMsOf } from '../fragments/place-track.ts'
import type { Sample, TrackSamples } from '../fragments/read-moof.ts'
import { type SegmentTrack, writeSegment } from '../fragments/write-segment.ts'
import type { TrackPlan } from '../track-plan.ts'

/**
 * Of films up to this long every key frame is decoded, of longer ones the first of each segment, to which a viewer's jump
 * leads: decoding key frames costs more than everything else that is done to repack a film.
 */
export const everyKeyFrameMsMax = 10 * 60_000

/** Of copied films up to this long every picture is decoded: nothing else would notice damage between key frames. */
const wholeMsMax = 60_000
/** No camera takes more pictures in that time. */
const wholePicturesMax = 7200

/** Which pictures of each segment are decoded. */
export type PicturesToDecode = 'all' | 'key_frames' | 'first'

/** Which pictures of a track are decoded to check it; `pictures` are those of the source. Pure. */
export function picturesToDecode(
  { lengthMs, picture }: Pick<TrackPlan, 'lengthMs' | 'picture'>,
  pictures: number,
): PicturesToDecode {
  if (picture?.way === 'copy' && lengthMs <= wholeMsMax && pictures <= wholePicturesMax) return 'all'
  return lengthMs <= everyKeyFrameMsMax ? 'key_frames' : 'first'
}

/** What a decoder is given of one segment: a segment of its own. */
export interface PartToDecode {
  readonly bytes: Buffer
  /** When the key frames in it are shown, in decode order. */
  readonly keyFramesMs: readonly number[]
  /** When all pictures in it are shown, in decode order. */
  readonly picturesMs: readonly number[]
}

/**
 * Leaves out of a segment the pictures that are not to be decoded. The sound stays whole. Every sample keeps its bytes and
 * its time. Pure.
 */
export function partToDecode(
  number: number,
  tracks: readonly TrackSamples[],
  pictures: PicturesToDecode,
): PartToDecode {
  const keyFramesMs: number[] = []
  const picturesMs: number[] = []
  const kept = tracks.map((track): SegmentTrack => {
    if (track.track.kind === 'audio') return track
    const { decodeTicks, samples } = pictures === 'all' ? track : keyPictures(track, pictures)
    let at = decodeTicks
    for (const sample of samples) {
      const startMs = startMsOf(track.track, { ...sample, decodeTicks: at })
      picturesMs.push(startMs)
      if (sample.isKey) keyFramesMs.push(startMs)
      at += sample.durationTicks
    }
    return { track: track.track, decodeTicks, samples }
  })
  const bytes = writeSegment(
    number,
    kept.filter(({ samples }) => samples.length > 0),
  )
  return { bytes, keyFramesMs, picturesMs }
}

/** Each key frame lasts until the next one, so that all keep their times. */
function keyPictures({ decodeTicks, samples }: TrackSamples, pictures: 'key_frames' | 'first') {
  const kept: Sample[] = []
  let firstTicks = decodeTicks
  for (const sample of samples) {
    const last = kept.at(-1)
    if (sample.isKey && (pictures === 'key_frames' || !last)) kept.push(sample)
    else if (last) kept[kept.length - 1] = { ...last, durationTicks: last.durationTicks + sample.durationTicks }
    else firstTicks += sample.durationTicks
  }
  return { decodeTicks: firstTicks, samples: kept }
}
