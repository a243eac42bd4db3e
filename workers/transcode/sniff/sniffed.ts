import type { NotFootageKind } from '../../../services/foundation/db/words.ts'

/**
 * What a file's first bytes say it is: the demuxer to force (ffmpeg is never left to guess) and how many bytes of a
 * device's own header or of padding come before what it reads; or why it is refused, as a word and as a sentence. HEIC and
 * AVIF stills are converted before ffmpeg sees them (heif.ts): no demuxer of ffmpeg 5 reads them.
 */
export type Sniffed =
  | { readonly format: string; readonly media: 'stream' | 'still'; readonly skipBytes: number }
  | { readonly format: 'heif'; readonly media: 'heif'; readonly skipBytes: 0 }
  | { readonly format: null; readonly kind: NotFootageKind; readonly reason: string }

/** How many of a file's first bytes `sniffMedia` wants. */
export const sniffBytes = 128 * 1024

/** How far into a file the stream behind a device's own header may begin. */
export const headerBytesMax = 64 * 1024

export const stream = (format: string, skipBytes = 0): Sniffed => ({ format, media: 'stream', skipBytes })
export const still = (format: string): Sniffed => ({ format, media: 'still', skipBytes: 0 })
export const refuse = (kind: NotFootageKind, reason: string): Sniffed => ({ format: null, kind, reason })
