import type { Account, PictureAccount, ShownPicture } from './account.ts'
import { type Clip, type ClipPicture, type ClipSound, containers } from './clip.ts'
import { secondPicture } from './make-clip.ts'

/** What an undamaged clip shows by its construction. Its clock starts with its first picture or packet of sound. Pure. */
export function truthOf(clip: Clip): Account & { lengthMs: number } {
  const { keepsPriming } = containers[clip.container]
  const primingMs = ({ primingSamples, sampleRate }: ClipSound) =>
    keepsPriming ? (primingSamples * 1000) / sampleRate : 0
  const zeroMs = Math.min(
    ...clip.pictures.map(({ startMs }) => startMs),
    ...clip.sounds.map((sound) => sound.startMs - primingMs(sound)),
  )
  const channels = clip.sounds.flatMap((sound) => sound.channels)
  const tones = channels.map(({ hertz, bursts }) => {
    const moved = bursts.map(({ fromMs, toMs }) => ({ fromMs: fromMs - zeroMs, toMs: toMs - zeroMs }))
    return [hertz, [moved]] as const
  })
  const pictures = clip.pictures.map((picture, at) => pictureOf(picture, at * secondPicture, zeroMs))
  const lengthMs = Math.max(...pictures.map(({ endMs }) => endMs), ...clip.sounds.map(({ endMs }) => endMs - zeroMs))
  return { pictures, tones: new Map(tones), lengthMs }
}

function pictureOf(picture: ClipPicture, firstNumber: number, zeroMs: number): PictureAccount {
  const { frames, rate, startMs, gap, width, height, pixelAspect, matrix } = picture
  const frameMs = 1000 / rate
  const corners = cornersOf(matrix)
  const shown: ShownPicture[] = []
  for (let number = 0; number < frames; number++) {
    if (gap && number >= gap.from && number < gap.to) continue
    shown.push({ atMs: startMs - zeroMs + number * frameMs, number: firstNumber + number, corners })
  }
  const coded = (width * pixelAspect[0]) / pixelAspect[1] / height
  const aspect = matrix[0] === 0 ? 1 / coded : coded
  const last = shown.at(-1)!
  return { shown, endMs: last.atMs + frameMs, aspect, frameMs }
}

/** Which corners of the drawn picture stand where, when the matrix is applied. */
function cornersOf([a, b, c, d]: ClipPicture['matrix']): string {
  const places = ['A', 'B', 'C', 'D'].map((letter, at) => {
    const [x, y] = [at % 2 === 0 ? -1 : 1, at < 2 ? -1 : 1]
    const [shownX, shownY] = [a * x + c * y, b * x + d * y]
    return { letter, place: (shownY > 0 ? 2 : 0) + (shownX > 0 ? 1 : 0) }
  })
  return places
    .sort((one, other) => one.place - other.place)
    .map(({ letter }) => letter)
    .join('')
}
