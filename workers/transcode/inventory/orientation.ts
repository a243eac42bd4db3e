/** How a player turns a picture that the container says was taken lying or mirrored. */
export interface Orientation {
  /** Clockwise degrees: 0, 90, 180 or 270. */
  readonly rotation: number
  /** Mirrored left to right before it is turned. */
  readonly isMirrored: boolean
}

export const upright: Orientation = { rotation: 0, isMirrored: false }

/**
 * Reads a display matrix as ffprobe prints it: three rows of three 16.16 numbers (ISO 14496-12, 8.3.2), the first two of a
 * row being a, b and c, d of x' = ax + cy, y' = bx + dy with y pointing down. A slanted angle becomes the nearest right one.
 * Pure.
 */
export function orientationOf(displayMatrix: string): Orientation {
  const rows = [...displayMatrix.matchAll(/^[0-9a-f]{8}:\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s*$/gm)]
  if (rows.length !== 3) return upright
  const [a, b, c, d] = [rows[0]![1], rows[0]![2], rows[1]![1], rows[1]![2]].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const isMirrored = a * d - b * c < 0
  const sign = isMirrored ? -1 : 1
  const degrees = (Math.atan2(sign * b, sign * a) * 180) / Math.PI
  return { rotation: (Math.round(degrees / 90) * 90 + 360) % 360, isMirrored }
}

/** EXIF's words for how a picture lies (EXIF 2.32 §4.6.4), from 1 on. */
const exifOrientations: readonly Orientation[] = [
  upright,
  { rotation: 0, isMirrored: true },
  { rotation: 180, isMirrored: false },
  { rotation: 180, isMirrored: true },
  { rotation: 270, isMirrored: true },
  { rotation: 90, isMirrored: false },
  { rotation: 90, isMirrored: true },
  { rotation: 270, isMirrored: false },
]

/** What EXIF's `Orientation` means; upright for what is none of its words. Pure. */
export function exifOrientation(word: number): Orientation {
  return exifOrientations[word - 1] ?? upright
}
