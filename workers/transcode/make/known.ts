import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { usualStepMsOf } from '../inventory/step-tally.ts'
import type { Chosen } from '../plan/choose.ts'
import { trimmedMsOf } from '../plan/untrimmed.ts'
import { decodableFromMs } from '../plan/ways.ts'
import type { TrackPlan } from '../track-plan.ts'
import type { Damage } from './decoded.ts'

export type FoundDifference = NonNullable<DetailsOf<'rendition.ready'>['differences']>[number]
export type FoundHole = NonNullable<DetailsOf<'rendition.ready'>['holes']>[number]

const unnoticedMs = 40
/** The track that shows what the camera's edit list hides, as a person chooses it. */
const untrimmedName = '未剪切的全部内容'

/**
 * What is known of the rendition's differences before it is made: what the camera trimmed, pictures before the first key
 * frame, changes of size, clocks that step back, and what is damaged. Pure.
 */
export function knownDifferences(
  inventory: Inventory,
  plans: readonly TrackPlan[],
  damage: readonly Damage[],
): { differences: FoundDifference[]; holes: FoundHole[] } {
  const differences: FoundDifference[] = []
  const holes: FoundHole[] = []
  for (const { track, picture, sound, ignoresEditList } of plans) {
    const own = inventory.tracks.filter(({ stream }) => stream === picture?.stream || stream === sound?.stream)
    const trimmedMs = trimmedMsOf(own)
    if (trimmedMs > 0 && !ignoresEditList) {
      differences.push({ what: 'trimmed_by_camera', track, foundMs: trimmedMs })
    }
    if (own.some(({ jumpsBack }) => jumpsBack > 0)) differences.push({ what: 'clock_jumps', track })
    const pictures = own.find(({ stream }) => stream === picture?.stream)
    const fromMs = pictures?.firstMs ?? 0
    const toMs =
      pictures && pictures.firstMs !== null ? decodableFromMs({ ...pictures, firstMs: pictures.firstMs }) : fromMs
    if (toMs - fromMs > unnoticedMs) differences.push({ what: 'begins_between_key_frames', track, fromMs, toMs })
    if (picture?.changesSize) differences.push({ what: 'size_changes', track })
    const lost = damage.filter(({ stream }) => own.some((one) => one.stream === stream))
    if (lost.length > 0 || hasCorrupt(inventory, own)) {
      differences.push({ what: 'damaged', track })
    }
    for (const { fromMs, toMs } of lost) holes.push({ track, fromMs, toMs, why: 'damaged' })
  }
  return { differences, holes }
}

/** Bare samples end anywhere: a last packet that is short of some has lost nothing. */
const endsAnywhere = new Set(['wav', 'w64', 'aiff', 'caf', 'au'])

function hasCorrupt({ format }: Inventory, tracks: Inventory['tracks']): boolean {
  return !endsAnywhere.has(format) && tracks.some(({ corruptPackets }) => corruptPackets > 0)
}

/** What is always said of a rendition that was made of a supplied film. Pure. */
export function suppliedDifferences(supplied: object | null): FoundDifference[] {
  return supplied ? [{ what: 'supplied_by_vendor_player' }] : []
}

/** A header rounds, and what is made of a film ends with a whole picture or packet of sound. */
const roundedMs = 250
/** In these the length is a remark that a program wrote by its own clock, not a sum of what is in the file. */
const remarkedMs = 1000
const withRemarkedLength = new Set(['flv', 'asf', 'matroska'])

/**
 * The difference when a file's header promises more than there is. However long the film is, its header is as exact: a share of
 * the length would let minutes pass. It may count a picture that came while the file was closed: one of those that `main` shows,
 * since a cover stands for as long as it likes. What the camera trimmed is in neither length; what was made of such a film is
 * not compared, but what was found in it. Pure.
 */
export function shorterThanStated(
  inventory: Inventory,
  main: Pick<TrackPlan, 'picture'> | undefined,
  lengthMs: number,
): FoundDifference[] {
  const { statedMs, foundMs, tracks, format } = inventory
  const isMs = trimmedMsOf(tracks) > 0 ? foundMs : lengthMs
  const shown = tracks.find(({ stream, packets }) => stream === main?.picture?.stream && packets > 1)
  const toleranceMs = (withRemarkedLength.has(format) ? remarkedMs : roundedMs) + (shown ? usualStepMsOf(shown) : 0)
  if (statedMs === null || statedMs - isMs <= toleranceMs) return []
  return [{ what: 'shorter_than_stated', statedMs, foundMs: isMs }]
}

/** The tracks as `rendition.ready` names them. Pure. */
export function tracksForEvent(plans: readonly TrackPlan[], lengthsMs: ReadonlyMap<number, number>) {
  return plans.map(({ track, kind, picture, sound, ignoresEditList }) => ({
    ...{ track, kind, streams: streamsOf({ picture, sound }), durationMs: lengthsMs.get(track) ?? null },
    ...(sound && sound.channels.length < sound.of ? { channels: [...sound.channels] } : {}),
    ...(ignoresEditList ? { name: untrimmedName } : {}),
  }))
}

/** The streams of the original that a track shows. Pure. */
export function streamsOf({ picture, sound }: Pick<TrackPlan, 'picture' | 'sound'>): number[] {
  return [picture?.stream, sound?.stream].filter((stream) => stream !== undefined)
}

/** Streams that no track shows, as `rendition.ready` names them. Pure. */
export function notShownForEvent({ notShown }: Chosen) {
  return notShown.map(({ stream, why, detail }) => (detail ? { stream, why, detail } : { stream, why }))
}
