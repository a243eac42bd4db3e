/** Counts pictures that ffmpeg decoded although their data is damaged: it conceals what is missing and passes them on. */
export interface CorruptPictures {
  /** Takes what ffmpeg complains of, piece by piece as it comes. */
  readonly add: (text: string) => void
  readonly count: () => number
}

/** A line that nobody ends is kept no longer. */
const lineCharsMax = 4096

/** In flat memory, however much ffmpeg complains. ffmpeg counts a line that repeats itself instead of writing it again. */
export function corruptPictureCounter(): CorruptPictures {
  let count = 0
  let isAbout = false
  let rest = ''
  return {
    add(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!.slice(-lineCharsMax)
      for (const line of lines) {
        const repeated = /^ *Last message repeated (\d{1,9}) times/.exec(line)?.[1]
        if (repeated === undefined) isAbout = /: corrupt decoded frame in stream \d+\r?$/.test(line)
        if (isAbout) count += Number(repeated ?? 1)
      }
    },
    count: () => count,
  }
}
