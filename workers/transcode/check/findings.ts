import type { Stretch } from '../inventory/inventory.ts'

/** Every way in which a rendition can differ from its source that the check itself finds. */
export const checkedDifferences = [
  'damaged',
  'sound_missing',
  'sound_differs',
  'sound_displaced',
  'picture_differs',
  'picture_displaced',
  'length_differs',
  'not_upright',
] as const
export type CheckedDifference = (typeof checkedDifferences)[number]

/** One difference; times lie on the recording's clock, in milliseconds. */
export interface Difference {
  readonly what: CheckedDifference
  readonly fromMs?: number
  readonly toMs?: number
  /** What the source says, or where it has it. */
  readonly statedMs?: number
  /** What is there, or where the rendition has it. */
  readonly foundMs?: number
  /** The source's channel, from 1. */
  readonly channel?: number
}

/** A small picture of the rendition, 160 pixels wide. */
export interface Thumbnail {
  readonly startMs: number
  readonly jpeg: Buffer
}

/** A stretch in which the source itself has no picture or no sound: the rendition holds the last picture, or is silent. */
export interface Hole extends Stretch {
  readonly kind: 'picture' | 'sound'
}

/** What the check of one track of a rendition found. */
export interface TrackFindings {
  readonly differences: readonly Difference[]
  readonly thumbnails: readonly Thumbnail[]
  readonly holes: readonly Hole[]
}

/** Times this close are the same. */
export const toleranceMs = 40
