/** A decoder refuses a picture beyond this, whatever its header claims (a bomb of pixels). */
export const pictureAreaMax = 120_000_000
/** Cameras with a track for each of sixteen microphones, and action cameras with many data tracks, need more than a few. */
export const streamsMax = 64
/** Longer film is not made playable: its time stamps are wrong, or made to ask for years of pictures. */
export const filmHoursMax = 48

/** What of an inventory may be too much. */
interface Counted {
  readonly foundMs: number
  readonly tracks: readonly { readonly picture: { readonly width: number; readonly height: number } | null }[]
}

/**
 * Why a file is too much by what was found in it, in words; null when it is not. What its header states costs nothing, and one
 * damaged bit of it must not make a good file unplayable. Pure.
 */
export function tooMuchIn({ foundMs, tracks }: Counted): string | null {
  const hours = foundMs / 3_600_000
  if (hours > filmHoursMax) {
    return `it claims to last ${Math.ceil(hours)} hours, and at most ${filmHoursMax} are made playable`
  }
  const large = tracks.find(({ picture }) => picture && picture.width * picture.height > pictureAreaMax)?.picture
  return large ? tooLarge(large.width, large.height) : null
}

/**
 * Which limit ffmpeg's libraries complain about, in words; null when about none. The text may hold what the file says, so
 * it explains a failure and never causes one. Pure.
 */
export function tooMuchBy(stderr: string): string | null {
  const streams = /Number of streams exceeds max_streams parameter \((\d+)\)/.exec(stderr)
  if (streams) return `it holds more than ${streams[1]} streams`
  // ffmpeg catches SIGXCPU.
  if (/^Exiting normally, received signal 24\.$/m.test(stderr)) return 'it used all the processor time that it may'
  const picture = /Picture size (\d+)x(\d+) (?:is invalid|exceeds specified max pixel count)/.exec(stderr)
  return picture ? tooLarge(Number(picture[1]), Number(picture[2])) : null
}

function tooLarge(width: number, height: number): string {
  return `its picture is ${width} × ${height} pixels, and at most ${pictureAreaMax} pixels are decoded`
}
