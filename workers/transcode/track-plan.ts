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
}

/** `copy`: the AAC packets as they are. `encode`: decoded, silence where the source has none, AAC of 48 kHz. */
export interface SoundPlan {
  readonly stream: number
  readonly way: 'copy' | 'encode'
  /** Numbers of the source's channels, from 1, that become this track's left and right (or its only one). */
  readonly channels: readonly number[]
}
