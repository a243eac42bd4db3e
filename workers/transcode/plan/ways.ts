import { usualStepMsOf } from '../inventory/step-tally.ts'
import type { PictureFill, PicturePlan, SoundPlan, TrackPlan, Way } from '../track-plan.ts'
import type { Chosen, PictureTrack, SoundUnit } from './choose.ts'

/** So much nobody notices. */
const unnoticedMs = 40
/** A player begins with the track that is there, and the other joins in at its time, when it is no later than this. */
const startToleranceMs = 500
/** At the very end one track may stop this much before the other: a player then plays on to the longer one's end. */
const endToleranceMs = 1000
/** Pictures further apart are made in between: a player must find one in each segment. */
const heldMsMax = 20_000
/** A segment holds whole stretches between key frames, and no more than one viewing grant shows. */
const keyFrameDistanceMsMax = 50_000
/** The shorter side of a made picture. */
const sideMax = 720
const rateMax = 30

/**
 * The ways to make a rendition, the one that changes least first: everything repacked; the sound made anew; everything made
 * anew. Which ones there are follows from the inventory of what was chosen alone. Empty when there is neither picture nor sound. Pure.
 */
export function planWays({ pictures, sounds }: Pick<Chosen, 'pictures' | 'sounds'>): Way[] {
  const lengthMs = Math.max(0, ...pictures.map(({ endMs }) => endMs), ...sounds.map(({ track }) => track.endMs))
  if (pictures.length + sounds.length === 0) return []
  const planned = (method: Way['method']): Way => {
    const picture = (track: PictureTrack) => planPicture(track, lengthMs, method !== 'transcode')
    const sound = (unit: SoundUnit) => planSound(unit, lengthMs, method === 'remux')
    return { method, tracks: tracksOf({ pictures, sounds }, lengthMs, picture, sound) }
  }
  const ways = (['remux', 'transcode_sound', 'transcode'] as const).map(planned)
  return ways.filter(isWhatItSays).filter((way, at, all) => at === 0 || !isSame(way, all[at - 1]!))
}

function tracksOf(
  { pictures, sounds }: Pick<Chosen, 'pictures' | 'sounds'>,
  lengthMs: number,
  planOfPicture: (track: PictureTrack) => PicturePlan,
  planOfSound: (unit: SoundUnit) => SoundPlan,
): TrackPlan[] {
  const [mainPicture, ...otherPictures] = pictures
  const [mainSound, ...otherSounds] = sounds
  const common = { lengthMs, ignoresEditList: false }
  const main = {
    ...common,
    kind: mainPicture ? ('video' as const) : ('audio' as const),
    picture: mainPicture ? planOfPicture(mainPicture) : null,
    sound: mainSound ? planOfSound(mainSound) : null,
  }
  const others = [
    ...otherSounds.map((unit) => ({ ...common, kind: 'audio' as const, picture: null, sound: planOfSound(unit) })),
    ...otherPictures.map((track) => ({
      ...common,
      kind: 'video' as const,
      picture: planOfPicture(track),
      sound: null,
    })),
  ]
  return [main, ...others].map((plan, track) => ({ track, ...plan }))
}

/** A remux copies everything of the main track; a way that only makes the sound copies the main picture. */
function isWhatItSays({ method, tracks: [main] }: Way): boolean {
  const ways = [main?.picture?.way, main?.sound?.way].filter((way) => way !== undefined)
  if (method === 'remux') return ways.every((way) => way === 'copy')
  if (method === 'transcode_sound') return main?.picture?.way === 'copy' && main.sound?.way === 'encode'
  return true
}

function isSame(one: Way, other: Way): boolean {
  return JSON.stringify(one.tracks) === JSON.stringify(other.tracks)
}

function planPicture(track: PictureTrack, lengthMs: number, mayCopy: boolean): PicturePlan {
  const { picture, stream } = track
  const fill = fillOf(track, lengthMs)
  const common = {
    stream,
    ...uprightSize(track),
    isInterlaced: picture.isInterlaced,
    changesSize: picture.sizes.length > 1,
    endMs: lengthMs,
  }
  if (mayCopy && fill === null && playsAsItIs(track)) return { ...common, way: 'copy', fill: null }
  return { ...common, way: 'encode', fill }
}

function fillOf(track: PictureTrack, lengthMs: number): PictureFill | null {
  const { endMs, gaps, stands, picture } = track
  const firstMs = decodableFromMs(track)
  const startMs = firstMs > startToleranceMs ? firstMs : 0
  const missingMs = lengthMs - endMs > endToleranceMs ? lengthMs - endMs : 0
  const standsLong =
    (picture.rate ?? 1) < 1000 / keyFrameDistanceMsMax ||
    [...gaps, ...stands].some(({ fromMs, toMs }) => toMs - fromMs > heldMsMax)
  if (startMs === 0 && missingMs === 0 && !standsLong) return null
  return { rate: filledRateOf(track), startMs, endMs: missingMs }
}

/** Pictures a second of a film whose pauses are filled: none of those between the pauses is left out. */
function filledRateOf(track: PictureTrack): number {
  const stepMs = usualStepMsOf(track)
  const rate = stepMs > 0 ? Math.max(track.picture.rate ?? 0, 1000 / stepMs) : rateMax
  return Math.min(rateMax, Math.max(1, Math.round(rate)))
}

/**
 * Where its first picture can be decoded: what comes before the first key frame cannot, unless that key frame lies in what an
 * edit list hides. Pure.
 */
export function decodableFromMs(track: Pick<PictureTrack, 'firstMs' | 'firstKeyMs' | 'trimmedMs'>): number {
  return track.trimmedMs > 0 ? track.firstMs : Math.max(track.firstMs, track.firstKeyMs ?? track.firstMs)
}

/** The size that a player shows, at most 720 on its shorter side; even numbers, which the coding wants. Pure. */
export function uprightSize({ picture }: PictureTrack): { width: number; height: number } {
  const shownWidth = Math.max(1, picture.width * picture.pixelAspect)
  const isTurned = picture.rotation === 90 || picture.rotation === 270
  const [width, height] = isTurned ? [picture.height, shownWidth] : [shownWidth, picture.height]
  const scale = Math.min(1, sideMax / Math.min(width, height), 4096 / Math.max(width, height))
  const even = (side: number) => Math.max(2, Math.round((side * scale) / 2) * 2)
  return { width: even(width), height: even(height) }
}

function playsAsItIs(track: PictureTrack): boolean {
  const { picture, codec, profile } = track
  return (
    codec === 'h264' &&
    ['yuv420p', 'yuvj420p'].includes(picture.pixelFormat ?? '') &&
    ['Constrained Baseline', 'Baseline', 'Main', 'High'].includes(profile ?? '') &&
    !picture.isInterlaced &&
    picture.rotation === 0 &&
    !picture.isMirrored &&
    Math.abs(picture.pixelAspect - 1) < 0.01 &&
    picture.sizes.length <= 1 &&
    picture.width <= 4096 &&
    picture.height <= 2304 &&
    track.corruptPackets === 0 &&
    track.jumpsBack === 0 &&
    track.trimmedMs <= unnoticedMs &&
    track.firstKeyMs !== null &&
    track.firstKeyMs - track.firstMs <= unnoticedMs &&
    track.keyFrameDistanceMsMax <= keyFrameDistanceMsMax
  )
}

function planSound(unit: SoundUnit, lengthMs: number, mayCopy: boolean): SoundPlan {
  const { track, channels } = unit
  const common = { stream: track.stream, channels, of: track.sound.channels }
  return { ...common, way: mayCopy && playsAsAac(unit, lengthMs) ? 'copy' : 'encode' }
}

function playsAsAac({ track, channels }: SoundUnit, lengthMs: number): boolean {
  return (
    track.codec === 'aac' &&
    ['LC', 'HE-AAC', 'HE-AACv2'].includes(track.profile ?? '') &&
    channels.length === track.sound.channels &&
    // Packets are placed whole: at a lower rate half of one is more than anybody may notice.
    track.sound.sampleRate >= 16_000 &&
    track.firstMs <= startToleranceMs &&
    lengthMs - track.endMs <= endToleranceMs &&
    track.gaps.length === 0 &&
    track.driftMs <= unnoticedMs &&
    track.jumpsBack === 0 &&
    track.corruptPackets === 0
  )
}
