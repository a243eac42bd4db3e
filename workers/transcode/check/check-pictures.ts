import { bareVideoFormats } from '../input-flags.ts'
import type { InventoryTrack, Stretch } from '../inventory/inventory.ts'
import { unlistedStandMsOf, usualStepMsOf } from '../inventory/step-tally.ts'
import type { SourceRun, TimedPicture } from './check-run.ts'
import { frameMsOf } from './compare-lengths.ts'
import { comparePictures } from './compare-pictures.ts'
import type { Difference } from './findings.ts'
import { type PictureSearch, readSourcePictures } from './source-pictures.ts'

const instantsMax = 5
/** How far away another instant of the source is looked for when a picture is not the right one. */
const neighboursMs = 2500
/** The picture that is shown at an instant began at most so long before; with few pictures a second, two of them. */
const shownMsMin = 500
const shownMsMax = 60_000
/** So many key frames of the source are tried when its pictures are decoded anew. */
const triesMax = 24
/** Time stamps of one and the same key frame differ by rounding. */
const sameKeyFrameMs = 15
/** A picture that is refreshed step by step is whole again after so long at most. */
const refreshedMsMax = 30_000
/** Of films up to this long all pictures are decoded before a key frame is said to be lost. */
const readThroughMsMax = 10 * 60_000
/** H.264 and HEVC reorder at most 16 pictures. */
const reorderedMax = 16

/** The key frames of what was made, and how they were made of the source's pictures. */
interface MadePictures extends Pick<PictureSearch, 'fittedInto'> {
  readonly pictures: readonly TimedPicture[]
  readonly isCopied: boolean
}

/**
 * Compares up to five key frames of what was made, spread over the recording, with what a player shows of the source at the
 * same instants, and says where the source's own pictures cannot be decoded.
 */
export async function checkPictures(run: SourceRun, track: InventoryTrack, made: MadePictures): Promise<Difference[]> {
  const search = searchOf(track, made, made.isCopied)
  const unreadable = made.isCopied ? [] : await unreadableStretches(run, track, searchOf(track, made, true))
  const instants = spread(
    made.pictures.filter(({ timeMs }) => isShown(track, timeMs) && !isWithin(unreadable, timeMs)),
    instantsMax,
  )
  const sources = await readSourcePictures(
    run,
    search,
    instants.map(({ timeMs }) => shownAt(track, timeMs, made.isCopied)),
  )
  const found: Difference[] = unreadable.map((stretch) => ({ what: 'damaged', ...stretch }))
  for (const [place, instant] of instants.entries()) {
    const shown = sources[place]!
    if (shown.some(({ picture }) => comparePictures(picture, instant.picture) === 'same')) continue
    // A copied picture was decoded: that the source has none at this very time says that it is at another.
    const isLost = shown.length === 0 && !made.isCopied
    const difference = isLost ? damagedAt(instant) : await explain(run, track, { ...made, instant })
    if (difference) found.push(difference)
  }
  return joined(
    found,
    instants.map(({ timeMs }) => timeMs),
  )
}

function searchOf(
  { stream, picture }: InventoryTrack,
  { fittedInto }: MadePictures,
  onlyKeyFrames: boolean,
): PictureSearch {
  return { stream, onlyKeyFrames, fittedInto, pixels: (picture?.width ?? 0) * (picture?.height ?? 0) }
}

/** The source has a picture at this time: neither before the first nor after the last, nor in a gap. */
function isShown(track: InventoryTrack, timeMs: number): boolean {
  const firstMs = Math.max(track.firstMs ?? 0, track.firstKeyMs ?? 0)
  const frameMs = frameMsOf(track)
  const isInside = timeMs >= firstMs - sameKeyFrameMs && timeMs <= (track.endMs ?? 0)
  return (
    isInside &&
    !isWithin(
      track.gaps.map((gap) => ({ fromMs: gap.fromMs - frameMs, toMs: gap.toMs })),
      timeMs,
    )
  )
}

function isWithin(stretches: readonly Stretch[], timeMs: number): boolean {
  return stretches.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs)
}

/** The stretch of the source in which the picture of this instant begins. */
function shownAt(track: InventoryTrack, timeMs: number, isCopied: boolean): Stretch {
  if (isCopied) return { fromMs: timeMs - sameKeyFrameMs, toMs: timeMs + sameKeyFrameMs }
  const stepMs = usualStepMsOf(track)
  const longMs = Math.max(shownMsMin, 2 * stepMs, unlistedStandMsOf(track))
  const backMs = stepMs > 0 ? Math.min(shownMsMax, longMs) : shownMsMax
  const stand = track.stands.find(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs)
  const fromMs = Math.min(timeMs - backMs, stand ? stand.fromMs - sameKeyFrameMs : timeMs)
  return { fromMs, toMs: timeMs + frameMsOf(track) }
}

/** Why a picture is not the one that belongs there, with the source's pictures around it; null when it is there after all. */
async function explain(
  run: SourceRun,
  track: InventoryTrack,
  made: MadePictures & { readonly instant: TimedPicture },
): Promise<Difference | null> {
  const { timeMs, picture: madePicture } = made.instant
  const around = { fromMs: timeMs - neighboursMs, toMs: timeMs + neighboursMs }
  const [pictures = []] = await readSourcePictures(run, searchOf(track, made, false), [around])
  const nearest = [...pictures].sort((a, b) => Math.abs(a.timeMs - timeMs) - Math.abs(b.timeMs - timeMs))
  const [shown] = nearest
  if (!shown) return damagedAt(made.instant)
  const frameMs = frameMsOf(track)
  const verdicts = nearest
    .filter((picture) => Math.abs(picture.timeMs - timeMs) <= frameMs || picture === shown)
    .map(({ picture }) => comparePictures(picture, madePicture))
  if (verdicts.includes('same')) return null
  if (verdicts.includes('turned')) return { what: 'not_upright', fromMs: timeMs, toMs: timeMs }
  const elsewhere = nearest.find(({ picture }) => comparePictures(picture, madePicture) === 'same')
  return elsewhere
    ? { what: 'picture_displaced', fromMs: timeMs, toMs: timeMs, statedMs: elsewhere.timeMs, foundMs: timeMs }
    : { what: 'picture_differs', fromMs: timeMs, toMs: timeMs }
}

/** The source has no picture to decode there. */
function damagedAt({ timeMs }: TimedPicture): Difference {
  return { what: 'damaged', fromMs: timeMs, toMs: timeMs }
}

/**
 * Where key frames of the source cannot be decoded, each stretch up to the next one that can. What does not decode by itself
 * is decoded once more with the pictures before it: a key frame of an open group of pictures may be put in a wrong place
 * without them, and one from which pictures are refreshed step by step needs them.
 */
async function unreadableStretches(run: SourceRun, track: InventoryTrack, search: PictureSearch): Promise<Stretch[]> {
  const tries = spread(track.keyFrameSamplesMs, triesMax)
  // Without time stamps the inventory counts packets, and a picture is shown up to so many later than it is stored.
  const laterMs = sameKeyFrameMs + (bareVideoFormats.has(run.format) ? reorderedMax * frameMsOf(track) : 0)
  const found = await readSourcePictures(
    run,
    search,
    tries.map((timeMs) => ({ fromMs: timeMs - sameKeyFrameMs, toMs: timeMs + laterMs })),
  )
  const missing = tries.filter((_, place) => found[place]!.length === 0)
  const isWholeDecoded = bareVideoFormats.has(run.format)
  const lost = new Set(isWholeDecoded ? missing : await stillMissing(run, track, { search, timesMs: missing }))
  return tries.flatMap((fromMs, place) =>
    lost.has(fromMs) ? [{ fromMs, toMs: tries[place + 1] ?? track.endMs ?? fromMs }] : [],
  )
}

/** At which of the times no picture is decoded either when all pictures are, from an earlier key frame on. */
async function stillMissing(
  run: SourceRun,
  track: InventoryTrack,
  { search, timesMs }: { readonly search: PictureSearch; readonly timesMs: readonly number[] },
): Promise<number[]> {
  if (timesMs.length === 0) return []
  const backMs = Math.min(refreshedMsMax, Math.max(neighboursMs, track.keyFrameDistanceMsMax + sameKeyFrameMs))
  const mayReadThrough = (track.endMs ?? 0) <= readThroughMsMax
  const found = await readSourcePictures(
    run,
    { ...search, onlyKeyFrames: false, beginsEarlierMs: backMs, mayReadThrough },
    timesMs.map((timeMs) => ({ fromMs: timeMs - sameKeyFrameMs, toMs: timeMs + sameKeyFrameMs })),
  )
  return timesMs.filter((_, place) => found[place]!.length === 0)
}

/** Up to `most` of the values, the first and the last among them. */
function spread<Value>(values: readonly Value[], most: number): Value[] {
  if (values.length <= most) return [...values]
  return Array.from({ length: most }, (_, place) => values[Math.round((place * (values.length - 1)) / (most - 1))]!)
}

/** Differences of one kind at instants that follow each other are one. */
function joined(differences: readonly Difference[], instantsMs: readonly number[]): Difference[] {
  const found: Difference[] = []
  for (const difference of differences) {
    const last = found.at(-1)
    const lastAt = instantsMs.indexOf(last?.toMs ?? Number.NaN)
    const follows = lastAt >= 0 && instantsMs[lastAt + 1] === difference.fromMs
    const meets = difference.fromMs === last?.toMs
    if (last && last.what === difference.what && (follows || meets)) {
      found[found.length - 1] = { ...last, toMs: difference.toMs! }
    } else found.push(difference)
  }
  return found
}
