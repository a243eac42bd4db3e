import { box, malformed, words } from './boxes.ts'
import type { InitTrack } from './read-init.ts'
import type { Sample } from './read-moof.ts'

/** What one track has in a segment. Its samples follow one another from `decodeTicks` on. */
export interface SegmentTrack {
  readonly track: InitTrack
  readonly decodeTicks: number
  readonly samples: readonly Sample[]
}

const keyFlags = 0x02000000
const otherFlags = 0x01010000

/** One media segment: a `moof` with one `traf` a track, and one `mdat` (ISO/IEC 14496-12 §8.8). */
export function writeSegment(number: number, tracks: readonly SegmentTrack[]): Buffer {
  // Its length does not depend on the offsets that it holds.
  const moofBytes = moof(number, tracks, 0).length
  const data = tracks.flatMap(({ samples }) => samples.map(({ bytes }) => bytes))
  return Buffer.concat([moof(number, tracks, moofBytes + 8), box('mdat', ...data)])
}

function moof(number: number, tracks: readonly SegmentTrack[], dataFrom: number): Buffer {
  let at = dataFrom
  const trafs = tracks.map((own) => {
    const written = traf(own, at)
    at += own.samples.reduce((sum, { bytes }) => sum + bytes.length, 0)
    return written
  })
  return box('moof', box('mfhd', words([0, number])), ...trafs)
}

function traf({ track, decodeTicks, samples }: SegmentTrack, dataFrom: number): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(decodeTicks))
  const rows = samples.flatMap(({ durationTicks, bytes, isKey, compositionTicks }) => {
    // Unsigned and signed 32 bits are all that a run has for them.
    if (durationTicks > 0xffffffff || (compositionTicks | 0) !== compositionTicks) {
      throw malformed('times of the film lie too far apart')
    }
    return [durationTicks, bytes.length, isKey ? keyFlags : otherFlags, compositionTicks]
  })
  return box(
    'traf',
    box('tfhd', words([0x020000, track.id])),
    box('tfdt', words([0x01000000]), time),
    box('trun', words([0x01000f01, samples.length, dataFrom]), words(rows)),
  )
}
