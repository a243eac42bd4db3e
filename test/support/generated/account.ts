// What a film shows and when its tones sound: found by plain decoding, known by construction, or watched in a rendition.

import type { Span } from './clip.ts'

export interface ShownPicture {
  readonly atMs: number
  /** Null when the picture cannot be read. */
  readonly number: number | null
  readonly corners: string | null
}

export interface PictureAccount {
  /** By time. Each is shown until the next. */
  readonly shown: readonly ShownPicture[]
  readonly endMs: number
  /** Width ÷ height as it is shown. */
  readonly aspect: number
  readonly frameMs: number
  /** The stream of the file that was read. */
  readonly stream?: number
  /** Whether some of its pictures are only what the decoder made of damaged data. */
  readonly isConcealed?: boolean
}

export interface Account {
  readonly pictures: readonly PictureAccount[]
  /** For each tone (its frequency), where it sounds in each channel that has it. */
  readonly tones: ReadonlyMap<number, readonly (readonly Span[])[]>
  /** For each tone, the stream of the file that was read. */
  readonly streamOfTone?: ReadonlyMap<number, number>
}
