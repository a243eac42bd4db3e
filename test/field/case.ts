import type { RenditionDifference } from '../../services/custody/events/words.ts'
import type { NotFootageKind } from '../../services/foundation/db/words.ts'
import type { Recipe } from './workshop.ts'

/** Where a channel of a sound track is heard. Tracks and channels are counted from 0 in the order of the file. */
export interface Sounding {
  readonly track: number
  readonly channel: number
  readonly fromMs: number
  readonly toMs: number
}

/** The size at which a picture is seen: turned upright and with square pixels. */
export interface Seen {
  readonly width: number
  readonly height: number
}

interface FilmRight {
  readonly kind: 'video'
  readonly lengthMs: number
  readonly picture: Seen
  /** Other pictures in the file, each of which can be chosen. */
  readonly furtherPictures?: readonly Seen[]
  /** What the main track shows, from where in the test picture on; absent where that is all of the film. */
  readonly shown?: { readonly fromMs: number; readonly lengthMs: number; readonly sound: readonly Sounding[] }
  /** What ffmpeg has to do with the test picture to turn it upright; absent where nothing is turned. */
  readonly upright?: string
  readonly sound: readonly Sounding[]
  readonly differences: readonly RenditionDifference[]
}

/** What a person must be shown, and told, when this file was docked. Times hold within 40 ms or one picture. */
export type Right =
  | FilmRight
  | {
      readonly kind: 'audio'
      readonly lengthMs: number
      readonly sound: readonly Sounding[]
      readonly differences: readonly RenditionDifference[]
    }
  | { readonly kind: 'still'; readonly picture: Seen; readonly differences: readonly RenditionDifference[] }
  | { readonly kind: 'not_playable'; readonly reason: NotFootageKind | 'no_index' }

/** One kind of file that devices really produce. */
export interface FieldCase {
  /** Of the list of field cases; `more-…` is not in it. */
  readonly id: string
  readonly file: string
  /** What happened to the device or to its file, in one sentence. */
  readonly situation: string
  readonly make: Recipe
  readonly right: Right
}

/** Channels that are all heard from one time to another. */
export function heard(fromMs: number, toMs: number, channels = 1, track = 0): Sounding[] {
  return Array.from({ length: channels }, (_, channel) => ({ track, channel, fromMs, toMs }))
}

export function film(
  lengthMs: number,
  [width, height]: readonly [width: number, height: number],
  sound: readonly Sounding[],
  ...differences: RenditionDifference[]
): FilmRight {
  return { kind: 'video', lengthMs, picture: { width, height }, sound, differences }
}

export function soundOnly(lengthMs: number, sound: readonly Sounding[], ...differences: RenditionDifference[]): Right {
  return { kind: 'audio', lengthMs, sound, differences }
}

export function stillOf(width: number, height: number, ...differences: RenditionDifference[]): Right {
  return { kind: 'still', picture: { width, height }, differences }
}
