import type { Right, Seen, Sounding } from './case.ts'
import { type Found, type FoundFilm, picturePoints } from './measure.ts'

/** Made pictures are no larger than this on their shorter side. */
const sideMax = 720
/** Loudness is looked at in steps of this. */
const stepMs = 20
/** Of 255: what coding a picture changes on average. */
const greyDifferenceMax = 6

/** What a reason has to say for each word. */
const reasons: Readonly<Record<string, RegExp>> = {
  encrypted: /encrypted/,
  no_index: /index \(moov\) was never written/,
  text: /a text file/,
  zeros: /zeros/,
}

/** Everything that is not as it should be, in words; empty when all is right. */
export async function unlikeRight(right: Right, found: Found): Promise<string[]> {
  if (right.kind === 'not_playable') {
    if (found.kind !== 'not_playable') return ['is playable']
    return reasons[right.reason]?.test(found.reason) ? [] : [`the reason says “${found.reason}”`]
  }
  if (found.kind === 'not_playable') return [`is not playable: ${found.reason}`]
  if (found.kind !== right.kind) return [`is of kind ${found.kind}`]
  const told = [...unlikeSet(right.differences, found.differences)]
  if (right.kind === 'still' || found.kind === 'still') {
    const { picture } = right as Extract<Right, { kind: 'still' }>
    return [...unlikeSize(picture, (found as Extract<Found, { kind: 'still' }>).picture), ...told]
  }
  return [...unlikeFilm(right, found), ...(await unlikePicture(right, found)), ...told, ...found.faults]
}

function unlikeFilm(right: Extract<Right, { lengthMs: number }>, found: FoundFilm): string[] {
  const toleranceMs = found.toleranceMs + stepMs
  const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= toleranceMs
  const isSame = (one: Sounding, other: Sounding): boolean =>
    one.track === other.track &&
    one.channel === other.channel &&
    isNear(one.fromMs, other.fromMs) &&
    isNear(one.toMs, other.toMs)
  const wrong: string[] = []
  if (!isNear(found.wholeMs, right.lengthMs)) wrong.push(`is ${Math.round(found.wholeMs)} ms long`)
  const shown = right.kind === 'video' ? right.shown : undefined
  const shownMs = shown?.lengthMs ?? right.lengthMs
  if (!isNear(found.lengthMs, shownMs)) wrong.push(`the main track is ${Math.round(found.lengthMs)} ms long`)
  const compareSound = (where: string, wanted: readonly Sounding[], there: readonly Sounding[]): void => {
    for (const one of wanted) {
      if (!there.some((other) => isSame(one, other))) wrong.push(`not heard${where}: ${soundText(one)}`)
    }
    for (const one of there) {
      if (!wanted.some((other) => isSame(one, other))) wrong.push(`heard${where}: ${soundText(one)}`)
    }
  }
  compareSound('', right.sound, found.sound)
  if (shown) compareSound(' in the main track', shown.sound, found.mainSound)
  const pictures = right.kind === 'video' ? [right.picture, ...(right.furtherPictures ?? [])] : []
  if (found.pictures.length !== pictures.length) wrong.push(`${found.pictures.length} pictures can be chosen`)
  const [main, ...further] = found.pictures
  if (main && pictures[0]) wrong.push(...unlikeSize(pictures[0], main))
  for (const one of pictures.slice(1)) {
    if (further.every((other) => unlikeSize(one, other).length > 0)) wrong.push(`no picture of ${sizeText(one)}`)
  }
  return wrong
}

/** Whether the main picture begins with the test picture of the right time, turned as it must be. */
async function unlikePicture(right: Right, { firstPicture }: FoundFilm): Promise<string[]> {
  if (right.kind !== 'video' || !(right.upright || right.shown) || !firstPicture) return []
  const { upright = 'null', shown, picture } = right
  const [width, height] = /transpose/.test(upright) ? [picture.height, picture.width] : [picture.width, picture.height]
  const fromSeconds = (shown?.fromMs ?? 0) / 1000
  const wanted = await picturePoints([
    ...[
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=${width}x${height}:r=25:d=${fromSeconds + 0.04},trim=start=${fromSeconds},${upright}`,
    ],
  ])
  const differences = wanted.map((grey, at) => Math.abs(grey - firstPicture[at]!))
  const mean = [...differences].reduce((sum, one) => sum + one, 0) / differences.length
  return mean <= greyDifferenceMax ? [] : [`its first picture is another one: it differs by ${mean.toFixed(1)} of 255`]
}

function unlikeSize(right: Seen, found: Seen): string[] {
  const scale = Math.min(1, sideMax / Math.min(right.width, right.height))
  const isNear = (one: number, other: number): boolean => Math.abs(one * scale - other) <= 2
  if (isNear(right.width, found.width) && isNear(right.height, found.height)) return []
  return [`the picture is ${sizeText(found)}`]
}

function unlikeSet(right: readonly string[], found: readonly string[]): string[] {
  return [
    ...right.filter((word) => !found.includes(word)).map((word) => `does not say ${word}`),
    ...found.filter((word) => !right.includes(word)).map((word) => `says ${word}`),
  ]
}

const sizeText = ({ width, height }: Seen): string => `${width}×${height}`
const seconds = (ms: number): string => (ms / 1000).toFixed(2)

export function soundText({ track, channel, fromMs, toMs }: Sounding): string {
  return `track ${track}, channel ${channel + 1}, ${seconds(fromMs)}–${seconds(toMs)} s`
}
