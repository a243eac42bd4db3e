import type { PlayedTrack } from '../fragments/media-source-model.ts'
import type { Inventory, InventoryTrack, PictureFacts, Stretch } from '../inventory/inventory.ts'
import { usualStepMsOf } from '../inventory/step-tally.ts'
import { decodableFromMs } from '../plan/ways.ts'
import type { TrackPlan } from '../track-plan.ts'
import { type Difference, type Hole, toleranceMs } from './findings.ts'

/** Sizes are rounded to even numbers. */
const aspectTolerance = 0.03

/** How a browser's Media Source plays what was made; null for what was not made. */
export interface Played {
  readonly picture: PlayedTrack | null
  readonly sound: PlayedTrack | null
}

/**
 * Compares where a browser plays the picture and the sound of one track with where the source has them: beginnings, ends,
 * pauses and length, within 40 ms or a picture. What was made may begin earlier and end later than the source where it was
 * filled with silence or a held picture. Pure.
 */
export function compareLengths(
  inventory: Inventory,
  plan: TrackPlan,
  made: { readonly played: Played; readonly segmentsMs: number },
): Difference[] {
  const { played } = made
  const picture = trackOf(inventory, plan.picture?.stream)
  const sound = trackOf(inventory, plan.sound?.stream)
  const frameMs = picture === null ? toleranceMs : frameMsOf(picture)
  const foundMs = Math.max(played.picture?.endMs ?? 0, played.sound?.endMs ?? 0)
  const lengths = [foundMs, made.segmentsMs].filter((lengthMs) => Math.abs(lengthMs - plan.lengthMs) > frameMs)
  return [
    ...lengths.slice(0, 1).map((lengthMs) => ({
      ...{ what: 'length_differs' as const, statedMs: plan.lengthMs, foundMs: Math.round(lengthMs) },
    })),
    ...compareTrack(picture && fromFirstKeyFrame(picture), played.picture, {
      ...{ what: 'picture_displaced', frameMs, isFilled: plan.picture?.way === 'encode', endMs: plan.lengthMs },
    }),
    ...compareTrack(sound, played.sound, {
      ...{
        what: 'sound_displaced',
        frameMs: toleranceMs,
        isFilled: plan.sound?.way === 'encode',
        endMs: plan.lengthMs,
      },
    }),
  ]
}

/** What comes before the first key frame cannot be shown, which is said; the rest is not displaced by it. */
function fromFirstKeyFrame(track: InventoryTrack): InventoryTrack {
  return track.firstMs === null ? track : { ...track, firstMs: decodableFromMs({ ...track, firstMs: track.firstMs }) }
}

function compareTrack(
  source: InventoryTrack | null,
  played: PlayedTrack | null,
  how: {
    what: 'picture_displaced' | 'sound_displaced'
    frameMs: number
    isFilled: boolean
    endMs: number
  },
): Difference[] {
  if (source === null || source.firstMs === null || source.endMs === null) return []
  const { what, frameMs } = how
  const missing = { what: what === 'sound_displaced' ? ('sound_missing' as const) : ('picture_differs' as const) }
  if (played === null || played.firstMs === null || played.endMs === null)
    return [{ ...missing, fromMs: source.firstMs, toMs: source.endMs }]
  const laterMs = played.firstMs - source.firstMs
  const isDisplaced = laterMs > frameMs || (!how.isFilled && laterMs < -frameMs)
  const sourceEndMs = Math.min(source.endMs, how.endMs)
  return [
    ...(isDisplaced
      ? [{ what, fromMs: source.firstMs, toMs: source.endMs, statedMs: source.firstMs, foundMs: played.firstMs }]
      : []),
    ...(sourceEndMs - played.endMs > frameMs ? [{ ...missing, fromMs: played.endMs, toMs: sourceEndMs }] : []),
    // A pause that is left in the sound is not played: what follows comes too early.
    ...played.gaps
      .filter((gap) => gap.toMs - gap.fromMs > frameMs)
      .filter((gap) => what === 'sound_displaced' || !isCovered(gap, source.gaps, frameMs))
      .map(({ fromMs, toMs }) => ({ ...(what === 'sound_displaced' ? { what } : missing), fromMs, toMs })),
  ]
}

/** Compares the shape of the picture with what a player makes of the source: turned, and with its own shape of pixel. Pure. */
export function compareShape(source: PictureFacts, aspect: number | null, lengthMs: number): Difference[] {
  if (aspect === null || source.sizes.length > 1 || source.height === 0) return []
  const coded = (source.width * source.pixelAspect) / source.height
  const shown = source.rotation % 180 === 0 ? coded : 1 / coded
  const isNear = (wanted: number): boolean => Math.abs(aspect / wanted - 1) <= aspectTolerance
  if (isNear(shown)) return []
  return [{ what: isNear(1 / shown) ? 'not_upright' : 'picture_differs', fromMs: 0, toMs: lengthMs }]
}

/** Where the source has no picture or no sound although the recording goes on. Pure. */
export function holesOf(inventory: Inventory, plan: TrackPlan): Hole[] {
  return (['picture', 'sound'] as const).flatMap((kind) => {
    const track = trackOf(inventory, plan[kind]?.stream)
    if (track === null || track.firstMs === null || track.endMs === null) return []
    const ends = [
      { fromMs: 0, toMs: track.firstMs },
      { fromMs: track.endMs, toMs: plan.lengthMs },
    ].filter(({ fromMs, toMs }) => toMs - fromMs > frameMsOf(track))
    return [...ends, ...track.gaps]
      .sort((a, b) => a.fromMs - b.fromMs)
      .map(({ fromMs, toMs }) => ({ kind, fromMs, toMs }))
  })
}

export function trackOf(inventory: Inventory, stream: number | undefined): InventoryTrack | null {
  return inventory.tracks.find((track) => track.stream === stream) ?? null
}

/** Times within one picture, or within 40 ms, are the same. */
export function frameMsOf(track: InventoryTrack): number {
  return Math.max(toleranceMs, usualStepMsOf(track))
}

function isCovered({ fromMs, toMs }: Stretch, gaps: readonly Stretch[], byMs: number): boolean {
  return gaps.some((gap) => gap.fromMs - byMs <= fromMs && gap.toMs + byMs >= toMs)
}
