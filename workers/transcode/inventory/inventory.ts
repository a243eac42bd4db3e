import type { inventoryTrackKinds } from '../../../services/custody/events/words.ts'

/** A stretch of a track's own time, in milliseconds on the recording's clock (0 = the first picture or sound of the file). */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

export type TrackKind = (typeof inventoryTrackKinds)[number]

/** What a picture track holds. */
export interface PictureFacts {
  readonly width: number
  readonly height: number
  /** Every size that its packets or headers announce, when it changes; otherwise just the one. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[]
  /** Clockwise degrees by which a player turns the coded picture: 0, 90, 180 or 270. */
  readonly rotation: number
  /** Mirrored left to right before it is turned. */
  readonly isMirrored: boolean
  /** Width ÷ height of one pixel; 1 when nothing is said. */
  readonly pixelAspect: number
  readonly isInterlaced: boolean
  readonly pixelFormat: string | null
  /** Pictures a second on average; null when unknown. */
  readonly rate: number | null
}

/** What a sound track holds. */
export interface SoundFacts {
  readonly channels: number
  /** ffmpeg's name of the channel layout; null when the file names none. */
  readonly layout: string | null
  readonly sampleRate: number
}

/** One track of the file, as one look at all of its packets found it. Times lie on the recording's clock. */
export interface InventoryTrack {
  /** The stream's number in ffmpeg's order. */
  readonly stream: number
  readonly kind: TrackKind
  readonly codec: string | null
  readonly profile: string | null
  /** The track's four-character code, when the container has one. */
  readonly tag: string | null
  /** The track's own name (`handler_name`, `title`): what a data track holds, or which microphone it was. */
  readonly name: string | null
  readonly isEncrypted: boolean
  /** Null when no packet of it was found. Packets that a player discards (an encoder's priming) do not count. */
  readonly firstMs: number | null
  /** The end of its last packet. */
  readonly endMs: number | null
  readonly packets: number
  /** Packets that are decoded at most, never shown: priming, and what leads to the start of an edit. */
  readonly discardedPackets: number
  readonly bytes: number
  readonly corruptPackets: number
  /** Stretches inside the track without a packet, longer than `gapMsMin`; the first `gapsMax` of them. */
  readonly gaps: readonly Stretch[]
  /** Where one picture stands for longer than `standMsMin` because its packet says so; at most `standsMax`, the longest. */
  readonly stands: readonly Stretch[]
  /** A picture that stands for less is not in `stands`: `standMsMin`, and more where there were too many. */
  readonly standMsMin: number
  /** Half of the steps from one picture to the next are no longer (pictures only); null when there are fewer than two. */
  readonly usualStepMs: number | null
  /** How far its packets, laid end to end from the first, ever stray from their own times (sound only). */
  readonly driftMs: number
  /** Times that step back by more than a second: the device's clock was set, or recordings were joined. */
  readonly jumpsBack: number
  readonly keyFrames: number
  /** Null when it has no key frame. Packets before it cannot be decoded. */
  readonly firstKeyMs: number | null
  /** The longest stretch between two key frames, or after the last one. */
  readonly keyFrameDistanceMsMax: number
  /** Some key frames' times, spread over the track: at most 64, of pictures only. */
  readonly keyFrameSamplesMs: readonly number[]
  /** What an edit list hides: the length of picture or sound that a player does not show; 0 without one. */
  readonly trimmedMs: number
  readonly language: string | null
  /** Everything else the file says of the track, by the file's own names. */
  readonly tags: Readonly<Record<string, string>>
  readonly picture: PictureFacts | null
  readonly sound: SoundFacts | null
}

/** What one sandboxed look at the whole file found. */
export interface Inventory {
  readonly version: 1
  /** The demuxer that read it. */
  readonly format: string
  readonly skipBytes: number
  readonly tracks: readonly InventoryTrack[]
  /** The recording's clock starts at this second of the file's own time stamps. */
  readonly startSeconds: number
  /** What the file's header says of its length; null when it says nothing. */
  readonly statedMs: number | null
  /** From the first to the last packet of picture and sound. */
  readonly foundMs: number
  /** `creation_time` and the like, as the file says them, by their names. */
  readonly clocks: Readonly<Record<string, string>>
  /** Everything else the file says of itself (place, maker, model, comment), by the file's own names. */
  readonly tags: Readonly<Record<string, string>>
  readonly chapters: number
  /** What was left out because a limit was reached, in words; empty when nothing was. */
  readonly leftOut: readonly string[]
}
/** Shorter pauses between packets are none: recorders' time stamps are rounded. */
export const gapMsMin = 40
export const gapsMax = 10_000
/** Pictures that stand for less are ordinary. */
export const standMsMin = 500
export const standsMax = 1000
