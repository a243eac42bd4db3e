import type { NotShownReason } from '../../../services/custody/events/words.ts'
import type { Inventory, InventoryTrack, PictureFacts, SoundFacts } from '../inventory/inventory.ts'

export type PictureTrack = InventoryTrack & {
  readonly picture: PictureFacts
  readonly firstMs: number
  readonly endMs: number
}
export type SoundTrack = InventoryTrack & {
  readonly sound: SoundFacts
  readonly firstMs: number
  readonly endMs: number
}

/** One sound that can be listened to by itself: all channels of a track, or a pair of many. Channels count from 1. */
export interface SoundUnit {
  readonly track: SoundTrack
  readonly channels: readonly number[]
}

/** A stream of the original that no track shows, and why. */
export interface NotShown {
  readonly stream: number
  readonly why: NotShownReason
  readonly detail?: string
}

export interface Chosen {
  /** The main one first. */
  readonly pictures: readonly PictureTrack[]
  /** The main one first. */
  readonly sounds: readonly SoundUnit[]
  readonly notShown: readonly NotShown[]
}

/** Peak level of a channel in dB, by `levelKey`. Channels that were not measured are absent. */
export type Levels = ReadonlyMap<string, number>

export const levelKey = (stream: number, channel: number): string => `${stream}/${channel}`

/** No more tracks are made of one recording: each costs a pass over the file. The inventory names the rest. */
export const tracksMax = 16
/** What never rises above this is silent. */
const silentDb = -70

/**
 * Chooses what of a file is shown. The main picture is the one with the most pictures × area, never the first by order; the
 * main sound is the first that is not silent throughout. A sound of more than two channels becomes pairs by number, so that
 * nothing is mixed. Pure.
 *
 * @param levels of the channels, when there is more than one sound to choose from
 */
export function chooseTracks(inventory: Inventory, levels: Levels): Chosen {
  const notShown: NotShown[] = []
  const isShown = (track: InventoryTrack): boolean => {
    const why = whyNotShown(track)
    if (why) notShown.push({ stream: track.stream, ...why })
    return why === null
  }
  const pictures = inventory.tracks.filter(isPicture).filter(isShown).sort(byWeight)
  const units = inventory.tracks.filter(isSound).filter(isShown).flatMap(unitsOf)
  const main = units.findIndex((unit) => isSounding(unit, levels))
  const sounds = main > 0 ? [units[main]!, ...units.filter((_, at) => at !== main)] : units
  const picturesMax = Math.max(1, tracksMax - Math.max(0, sounds.length - 1))
  const soundsMax = tracksMax - Math.max(0, Math.min(pictures.length, picturesMax) - 1)
  const left = [...pictures.slice(picturesMax), ...sounds.slice(soundsMax).map(({ track }) => track)]
  for (const stream of new Set(left.map((track) => track.stream))) {
    notShown.push({ stream, why: 'beyond_limit', detail: `a rendition has at most ${tracksMax} tracks` })
  }
  notShown.push(...inventory.tracks.flatMap(neverShown))
  return { pictures: pictures.slice(0, picturesMax), sounds: sounds.slice(0, soundsMax), notShown }
}

/** Whether it takes a measurement to know which sound is the main one. Pure. */
export function hasSoundsToChoose(inventory: Inventory): boolean {
  return chooseTracks(inventory, new Map()).sounds.length > 1
}

function whyNotShown(track: InventoryTrack): Pick<NotShown, 'why' | 'detail'> | null {
  if (track.isEncrypted) return { why: 'encrypted' }
  if (track.packets === 0 || track.firstMs === null || track.endMs === null) {
    return { why: 'undecodable', detail: 'the file announces it and holds nothing of it' }
  }
  if (track.codec === null) return { why: 'undecodable', detail: 'its coding is not known' }
  if (track.kind === 'picture' && (!track.picture || track.picture.width === 0 || track.picture.height === 0)) {
    return { why: 'undecodable', detail: 'the size of its pictures cannot be found' }
  }
  return null
}

/**
 * Tracks that are neither picture nor sound, where they hold something. A QuickTime timecode is left out: it is one number, the
 * name of the first picture, which editing programs add to ordinary films and which the inventory keeps among the tags.
 */
function neverShown({ stream, kind, tag, packets }: InventoryTrack): NotShown[] {
  if (packets === 0 || tag === 'tmcd') return []
  if (kind === 'subtitle') return [{ stream, why: 'text_track' }]
  if (kind === 'data') return [{ stream, why: 'data_track' }]
  return kind === 'attached_picture' ? [{ stream, why: 'attached_picture' }] : []
}

function isPicture(track: InventoryTrack): track is PictureTrack {
  return track.kind === 'picture'
}

function isSound(track: InventoryTrack): track is SoundTrack {
  return track.kind === 'sound' && track.sound !== null
}

function byWeight(one: PictureTrack, other: PictureTrack): number {
  return weight(other) - weight(one) || one.stream - other.stream
}

function weight({ packets, picture }: PictureTrack): number {
  return packets * picture.width * picture.height
}

function unitsOf(track: SoundTrack): SoundUnit[] {
  const channels = Math.max(1, track.sound.channels)
  const units: SoundUnit[] = []
  for (let first = 1; first <= channels; first += 2) {
    units.push({ track, channels: first < channels ? [first, first + 1] : [first] })
  }
  return units
}

function isSounding({ track, channels }: SoundUnit, levels: Levels): boolean {
  return channels.some((channel) => (levels.get(levelKey(track.stream, channel)) ?? 0) > silentDb)
}
