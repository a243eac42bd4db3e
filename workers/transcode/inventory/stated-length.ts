import type { Description } from './described.ts'

/** Formats whose header says how long the recording is; of others ffprobe tells what it found. */
const withStatedLength = new Set(['mov', 'matroska', 'avi', 'wav', 'w64', 'asf', 'flv', 'flac', 'mxf', 'caf', 'aiff'])
/** Their headers say when the recording ends by its own time stamps, which begin at 0 even if nothing is shown there. */
const countsFromZero = new Set(['matroska', 'flv'])

/**
 * What a file's header says of its length, in ms; null when it says nothing. `startSeconds` is the time stamp of what is seen
 * or heard first. Pure.
 */
export function statedMsOf(
  format: string,
  { format: { duration } }: Pick<Description, 'format'>,
  startSeconds: number,
): number | null {
  if (!withStatedLength.has(format)) return null
  const seconds = Number(duration ?? Number.NaN) - (countsFromZero.has(format) ? Math.max(0, startSeconds) : 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null
}
