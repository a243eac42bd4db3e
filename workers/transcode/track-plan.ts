/** How one track of a rendition is made from the file's own streams. Track 0 is the main one. */
export interface TrackPlan {
  readonly track: number
  readonly kind: 'video' | 'audio'
  readonly picture: PicturePlan | null
  readonly sound: SoundPlan | null
  /** The length of the track on the recording's clock: what ends earlier is filled to here. */
  readonly lengthMs: number
  /** Shows what the camera's edit list hides. */
  readonly ignoresEditList: boolean
}

/** `copy`: the coded pictures as they are. `encode`: decoded, made upright, held where the source has none, H.264. */
export interface PicturePlan {
  readonly stream: number
  readonly way: 'copy' | 'encode'
  /** The size of the made picture, upright and of square pixels. A copied one keeps its own. */
  readonly width: number
  readonly height: number
  readonly isInterlaced: boolean
  readonly changesSize: boolean
  /** The last picture stands at least until here on the recording's clock: what is shorter by little is not filled. */
  readonly endMs: number
  /** Where the source has no picture one is made; null when nothing has to be filled. */
  readonly fill: PictureFill | null
}

/** Black before the first picture, the last one held in gaps and after the end. */
export interface PictureFill {
  readonly rate: number
  readonly startMs: number
  readonly endMs: number
}

/** `copy`: the AAC packets as they are. `encode`: decoded, silence where the source has none, AAC of 48 kHz. */
export interface SoundPlan {
  readonly stream: number
  readonly way: 'copy' | 'encode'
  /** Numbers of the source's channels, from 1, that become this track's left and right (or its only one). */
  readonly channels: readonly number[]
  /** How many channels the source has. */
  readonly of: number
}

/** One way to make a rendition; the next one is tried when this one differs from the original. */
export interface Way {
  readonly method: 'remux' | 'transcode_sound' | 'transcode'
  readonly tracks: readonly TrackPlan[]
}
