/** One finished segment as ffmpeg's growing playlist lists it. */
export interface ListedSegment {
  readonly number: number
  readonly fileName: string
  readonly startMs: number
  readonly durationMs: number
}

/** The names ffmpeg is told to use: nothing else in its playlist is believed. */
export const initFileName = 'init.mp4'
export const segmentFilePattern = 'segment-%05d.m4s'
const segmentLine = /^segment-(\d{5,6})\.m4s$/
const durationLine = /^#EXTINF:(\d{1,7}(?:\.\d{1,9})?),$/

/**
 * Reads the segments that a playlist of the sandbox lists so far; its last line may be cut. Times are cumulative, in
 * milliseconds, rounded from exact sums so that they do not drift. Unexpected lines are left out: the playlist was
 * written by a program that read hostile footage. Pure.
 */
export function listedSegments(text: string): { segments: ListedSegment[]; ended: boolean } {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  const segments: ListedSegment[] = []
  let ended = false
  let seconds: number | null = null
  let totalSeconds = 0
  for (const line of lines) {
    const duration = durationLine.exec(line)
    if (duration) seconds = Number(duration[1])
    const segment = segmentLine.exec(line)
    if (segment && seconds !== null && Number(segment[1]) === segments.length) {
      const startMs = Math.round(totalSeconds * 1000)
      totalSeconds += seconds
      const durationMs = Math.round(totalSeconds * 1000) - startMs
      segments.push({ number: segments.length, fileName: line, startMs, durationMs })
      seconds = null
    }
    if (line === '#EXT-X-ENDLIST') ended = true
  }
  return { segments, ended }
}
