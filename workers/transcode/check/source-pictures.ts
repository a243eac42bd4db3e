import { bareVideoFormats } from '../input-flags.ts'
import type { Stretch } from '../inventory/inventory.ts'
import { gridOf, type SourceRun, startDecoding, type TimedPicture } from './check-run.ts'

/** How pictures of the original are looked for. */
export interface PictureSearch {
  readonly stream: number
  /** Only key frames are decoded, where they have times: for instants that are known to be key frames. */
  readonly onlyKeyFrames: boolean
  /** Decoding begins at a key frame that is so much earlier than each stretch; by default at the one that belongs to it. */
  readonly beginsEarlierMs?: number
  /** Whether the whole file is read when seeking finds nothing; by default it is. */
  readonly mayReadThrough?: boolean
  /** The frame of the rendition that a picture of another shape is fitted into, with black beside it; else null. */
  readonly fittedInto: { readonly width: number; readonly height: number } | null
  /** Of one picture: width × height. */
  readonly pixels: number
}

/** So many places of the file are open at once at most. */
const placesAtOnceMax = 6
/** What the decoders at all these places may hold in memory together: half of what the sandbox permits. */
const decodersBytesMax = 2 * 1024 ** 3
/** A decoder holds up to 16 pictures to refer to, and some that are on their way, with up to 3 bytes a pixel. */
const decoderBytesPerPixel = 20 * 3

/**
 * The original's pictures in each of the stretches, upright as a player shows them, in the order of the stretches. It is
 * opened at each place by seeking; a format or a file in which that finds nothing is read from its start instead. Pictures
 * without a container have their times by being counted, all of them from the first.
 */
export async function readSourcePictures(
  run: SourceRun,
  search: PictureSearch,
  stretches: readonly Stretch[],
): Promise<TimedPicture[][]> {
  if (bareVideoFormats.has(run.format)) {
    const read = await readThrough(run, { ...search, onlyKeyFrames: false }, stretches)
    return stretches.map((stretch) => within(read, stretch))
  }
  const fitting = Math.floor(decodersBytesMax / (decoderBytesPerPixel * Math.max(1, search.pixels)))
  const placesAtOnce = Math.min(placesAtOnceMax, Math.max(1, fitting))
  const found: TimedPicture[][] = []
  for (let from = 0; from < stretches.length; from += placesAtOnce) {
    found.push(...(await readBySeeking(run, search, stretches.slice(from, from + placesAtOnce))))
  }
  const missing = stretches.filter((_, place) => found[place]!.length === 0)
  if (missing.length === 0 || search.mayReadThrough === false) return found
  const read = await readThrough(run, search, missing)
  return found.map((pictures, place) => (pictures.length > 0 ? pictures : within(read, stretches[place]!)))
}

async function readBySeeking(run: SourceRun, search: PictureSearch, stretches: readonly Stretch[]) {
  const found: TimedPicture[][] = stretches.map(() => [])
  const inputs = stretches.flatMap(({ fromMs }) => {
    const soughtMs = fromMs - (search.beginsEarlierMs ?? 0)
    return [
      ...decoderFlags(search),
      // The file's own time stamps are meant, not those counted from its first.
      ...(soughtMs > 0 ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', secondsIn(run, soughtMs)] : []),
      ...[...run.inputFlags, '-i', '/in/source'],
    ]
  })
  const filters = stretches.map(({ fromMs, toMs }, place) => {
    const trim = `trim=start=${secondsIn(run, fromMs)}:end=${secondsIn(run, toMs)}`
    return `[${place}:${search.stream}]${gridOf(`${trim}${fit(search)}`)}[p${place}]`
  })
  const maps = stretches.flatMap((_, place) => ['-map', `[p${place}]`])
  await decode(run, [...inputs, '-filter_complex', filters.join(';'), ...maps], (stream, picture) => {
    found[stream]?.push(picture)
  })
  return stretches.map((stretch, place) => within(found[place]!, stretch))
}

async function readThrough(run: SourceRun, search: PictureSearch, stretches: readonly Stretch[]) {
  const found: TimedPicture[] = []
  const wanted = stretches.map(({ fromMs, toMs }) => `between(t,${secondsIn(run, fromMs)},${secondsIn(run, toMs)})`)
  const filter = gridOf(`select='${wanted.join('+')}'${fit(search)}`)
  const input = [...decoderFlags(search), ...run.inputFlags, '-i', '/in/source']
  await decode(run, [...input, '-map', `0:${search.stream}`, '-filter:v', filter], (_, picture) => found.push(picture))
  return found
}

async function decode(
  run: SourceRun,
  inputsAndMaps: readonly string[],
  onPicture: (stream: number, picture: TimedPicture) => void,
): Promise<void> {
  const decoding = startDecoding(run, [...inputsAndMaps, '-c:v', 'rawvideo'], ({ stream, timeMs, bytes }) => {
    onPicture(stream, { timeMs, picture: Uint8Array.from(bytes) })
  })
  await decoding.ended
}

/** The filter that does with a picture of another size what the rendition has to do with it: its shape stays. */
function fit({ fittedInto }: PictureSearch): string {
  if (fittedInto === null) return ''
  const { width, height } = fittedInto
  const square = "scale='max(1,iw*sar)':ih,setsar=1"
  return `,${square},scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1:eval=frame`
}

function decoderFlags({ onlyKeyFrames }: PictureSearch): string[] {
  return ['-threads', '1', ...(onlyKeyFrames ? ['-skip_frame', 'nokey'] : [])]
}

function secondsIn(run: SourceRun, timeMs: number): string {
  return (run.startSeconds + timeMs / 1000).toFixed(6)
}

/** A picture belongs to a stretch although its time stamp was rounded. */
function within(pictures: readonly TimedPicture[], { fromMs, toMs }: Stretch): TimedPicture[] {
  return pictures.filter(({ timeMs }) => timeMs >= fromMs - 1 && timeMs <= toMs + 1)
}
