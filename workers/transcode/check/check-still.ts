import type { Inventory } from '../inventory/inventory.ts'
import type { Orientation } from '../inventory/orientation.ts'
import { type CheckRun, gridOf, startDecoding } from './check-run.ts'
import { comparePictures, type GreyPicture, turned } from './compare-pictures.ts'
import type { CheckedDifference } from './findings.ts'

/** A still's rendition is no larger, and a JPEG's sides are whole numbers. */
const roundedPixels = 2

/** What is to be compared: a file of the run directory, by ffmpeg's flags before `-i` and its path in the sandbox. */
interface Seen {
  readonly inputFlags: readonly string[]
  readonly path: string
}

/**
 * Compares the JPEG that was made of a still with its source: how large it is, how it stands, and what it shows. The source is
 * decoded as it lies and turned here by what the inventory says, whatever ffmpeg makes of it by itself.
 *
 * @throws bad_request when it was not done in its time; the signal's reason when aborted
 */
export async function checkStill(
  run: CheckRun,
  compared: {
    readonly source: Seen & { readonly orientation: Orientation }
    readonly made: Seen & { readonly width: number; readonly height: number }
    readonly inventory: Inventory
    readonly sideMax: number
  },
): Promise<CheckedDifference[]> {
  const { source, made, inventory, sideMax } = compared
  const size = shownSize(inventory, sideMax)
  const isSized = (width: number, height: number) =>
    Math.abs(made.width - width) <= roundedPixels && Math.abs(made.height - height) <= roundedPixels
  if (size && !isSized(size.width, size.height)) {
    return [isSized(size.height, size.width) ? 'not_upright' : 'picture_differs']
  }
  const wanted = await decoded(run, source)
  const found = await decoded(run, made)
  if (!wanted || !found) return ['damaged']
  const verdict = comparePictures(turned(wanted, source.orientation), found)
  if (verdict === 'same') return []
  return [verdict === 'turned' ? 'not_upright' : 'picture_differs']
}

/** Upright, and within the largest size of a rendition; null when the inventory knows none. */
function shownSize({ tracks }: Inventory, sideMax: number): { width: number; height: number } | null {
  const picture = tracks.find(({ kind }) => kind === 'picture')?.picture
  if (!picture || picture.width === 0 || picture.height === 0) return null
  const scale = Math.min(1, sideMax / Math.max(picture.width, picture.height))
  const [width, height] = [picture.width * scale, picture.height * scale]
  return picture.rotation % 180 === 0 ? { width, height } : { width: height, height: width }
}

async function decoded(run: CheckRun, { inputFlags, path }: Seen): Promise<GreyPicture | null> {
  let picture: GreyPicture | null = null
  const flags = ['-threads', '1', '-noautorotate', ...inputFlags, '-i', path, '-map', '0:v:0', '-frames:v', '1']
  const decoding = startDecoding(
    { ...run, startSeconds: 0 },
    [...flags, '-filter:v', gridOf(''), '-c:v', 'rawvideo'],
    ({ bytes }) => {
      picture ??= Uint8Array.from(bytes)
    },
  )
  await decoding.ended
  return picture
}
