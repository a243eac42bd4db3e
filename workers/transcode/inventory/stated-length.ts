import { type DescribedStream, type Description, kindOf, pictureFacts } from './described.ts'

/** Formats whose header says how long the recording is; of others ffprobe tells what it found. `wavShare` reads that of a WAV. */
const withStatedLength = new Set(['mov', 'matroska', 'avi', 'w64', 'asf', 'flv', 'flac', 'mxf', 'caf', 'aiff'])
/** Their headers say when the recording ends by its own time stamps, which begin at 0 even if nothing is shown there. */
const countsFromZero = new Set(['matroska', 'flv'])

/**
 * What a file's header says of its length, in ms; null when it says nothing. `startSeconds` is the time stamp of what is seen
 * or heard first. An MP4 states a length for each track, and places by satellite may be written on when the camera has
 * stopped: then only those of its pictures and its sound count. An AVI states how many pictures it has; where its end is
 * missing, ffprobe's length is what it found. Pure.
 */
export function statedMsOf(
  format: string,
  { format: { duration }, streams }: Pick<Description, 'format' | 'streams'>,
  startSeconds: number,
): number | null {
  if (!withStatedLength.has(format)) return null
  const ends = format === 'mov' ? streams.flatMap(endOf) : format === 'avi' ? streams.flatMap(countedEndOf) : []
  const seconds =
    ends.length > 0
      ? Math.max(...ends) - startSeconds
      : Number(duration ?? Number.NaN) - (countsFromZero.has(format) ? Math.max(0, startSeconds) : 0)
  const statedMs = Math.round(seconds * 1000)
  return Number.isSafeInteger(statedMs) && seconds > 0 ? statedMs : null
}

function countedEndOf(stream: DescribedStream): number[] {
  const { rate } = pictureFacts(stream)
  const pictures = Number(stream.nb_frames)
  return kindOf(stream) === 'picture' && rate !== null && pictures > 0 ? [pictures / rate] : []
}

function endOf(stream: DescribedStream): number[] {
  if (!/^(picture|sound)$/.test(kindOf(stream))) return []
  const end = Number(stream.start_time) + Number(stream.duration)
  return Number.isFinite(end) ? [end] : []
}
