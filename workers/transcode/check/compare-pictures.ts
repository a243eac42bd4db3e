import type { Orientation } from '../inventory/orientation.ts'

/** A picture of the whole frame in shades of grey, `gridSize` × `gridSize`, whatever its shape. */
export type GreyPicture = Uint8Array

/** A square grid can be turned without being scaled. */
export const gridSize = 32

/** A picture with less contrast (standard deviation of 256 shades) is blank. */
const contrastMin = 3
/** Blank pictures are the same unless one is black and the other white. */
const blankShadesMax = 48
/** What may be left after the best brightness and contrast are found: so many shades, and so much of the contrast. */
const residueShades = 3
const residueShare = 0.06
/** A conversion between the ranges of television and computers changes the contrast by 1.17. */
const gainMax = 1.4

/**
 * What a picture of the rendition is against the source's of the same instant: the same, turned or mirrored, or another one.
 * Brightness and contrast may differ as ranges and codecs change them. Pure.
 */
export function comparePictures(source: GreyPicture, made: GreyPicture): 'same' | 'turned' | 'other' {
  if (isSame(source, made)) return 'same'
  if (contrast(source) < contrastMin || contrast(made) < contrastMin) return 'other'
  return turnsOf(source).some((turned) => isSame(turned, made)) ? 'turned' : 'other'
}

/** The picture as a player shows it: mirrored left to right, then turned clockwise. Pure. */
export function turned(picture: GreyPicture, { rotation, isMirrored }: Orientation): GreyPicture {
  const last = gridSize - 1
  const mirrored = isMirrored ? moved(picture, (x, y) => [last - x, y]) : picture
  if (rotation === 90) return moved(mirrored, (x, y) => [y, last - x])
  if (rotation === 180) return moved(mirrored, (x, y) => [last - x, last - y])
  return rotation === 270 ? moved(mirrored, (x, y) => [last - y, x]) : mirrored
}

/** True when both show the same. */
function isSame(a: GreyPicture, b: GreyPicture): boolean {
  const [contrastA, contrastB] = [contrast(a), contrast(b)]
  if (contrastA < contrastMin && contrastB < contrastMin) return Math.abs(mean(a) - mean(b)) <= blankShadesMax
  const residue = residueOf(a, b)
  return residue !== null && residue <= residueShades + residueShare * contrastB
}

/** How much of `b` no brightness and contrast of `a` explains, in shades; null when they are not alike at all. */
function residueOf(a: GreyPicture, b: GreyPicture): number | null {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [crossed, squares] = [0, 0]
  for (let at = 0; at < a.length; at++) {
    crossed += (a[at]! - meanA) * (b[at]! - meanB)
    squares += (a[at]! - meanA) ** 2
  }
  // Near the border of blank a gain says little: then only the residue counts.
  const gain = squares === 0 ? 0 : crossed / squares
  const isFaint = contrast(a) < 2 * contrastMin
  if (!isFaint && (gain < 1 / gainMax || gain > gainMax)) return null
  const taken = Math.min(gainMax, Math.max(0, gain))
  let rest = 0
  for (let at = 0; at < a.length; at++) rest += (b[at]! - meanB - taken * (a[at]! - meanA)) ** 2
  return Math.sqrt(rest / a.length)
}

/** The seven other ways in which a picture can lie: turned, mirrored, or both. */
function turnsOf(picture: GreyPicture): GreyPicture[] {
  const last = gridSize - 1
  return [
    moved(picture, (x, y) => [y, last - x]),
    moved(picture, (x, y) => [last - x, last - y]),
    moved(picture, (x, y) => [last - y, x]),
    moved(picture, (x, y) => [last - x, y]),
    moved(picture, (x, y) => [x, last - y]),
    moved(picture, (x, y) => [y, x]),
    moved(picture, (x, y) => [last - y, last - x]),
  ]
}

/** The picture whose points are those at other places of `picture`. */
function moved(picture: GreyPicture, from: (x: number, y: number) => [number, number]): GreyPicture {
  return Uint8Array.from({ length: gridSize * gridSize }, (_, at) => {
    const [x, y] = from(at % gridSize, Math.floor(at / gridSize))
    return picture[y * gridSize + x]!
  })
}

function mean(picture: GreyPicture): number {
  let sum = 0
  for (const shade of picture) sum += shade
  return sum / picture.length
}

function contrast(picture: GreyPicture): number {
  const middle = mean(picture)
  let sum = 0
  for (const shade of picture) sum += (shade - middle) ** 2
  return Math.sqrt(sum / picture.length)
}
