import { type Sniffed, stream } from './sniffed.ts'

/** The length in bytes of the frame that begins at `at`, and what must be alike in all frames of a file; null: no frame. */
type FrameAt = (bytes: Buffer, at: number) => { readonly length: number; readonly traits: number } | null

/** So many in a row are not chance; at the start of a file three are enough. */
const framesWanted = 8
const framesAtStart = 3
/** Frames that begin closer together may lie in one packet of an MPEG transport stream: those of silence are a few bytes. */
const runBytesMin = 208
/** Behind more than this, no sound without a header of its own is looked for. */
const paddingBytesMax = 8 * 1024

const kinds: readonly { readonly format: (bytes: Buffer, at: number) => string; readonly frameAt: FrameAt }[] = [
  { format: () => 'aac', frameAt: adtsFrameAt },
  { format: () => 'mp3', frameAt: mpegAudioFrameAt },
  { format: (bytes, at) => ((bytes[at + 5] ?? 0) >> 3 > 10 ? 'eac3' : 'ac3'), frameAt: ac3FrameAt },
]

/**
 * MP3, AAC (ADTS), AC-3 or E-AC-3, which have no header but that of each frame: from the first byte on, or behind padding
 * or a device's own header. Pure.
 */
export function soundFramesOf(bytes: Buffer): Sniffed | null {
  const lastStart = Math.min(bytes.length, paddingBytesMax)
  for (let at = 0; at < lastStart; at++) {
    if (bytes[at] !== 0xff && bytes[at] !== 0x0b) continue
    for (const { format, frameAt } of kinds) {
      if (hasFrames(bytes, at, frameAt)) return stream(format(bytes, at), at)
    }
  }
  return null
}

function hasFrames(bytes: Buffer, first: number, frameAt: FrameAt): boolean {
  const wanted = first === 0 ? framesAtStart : framesWanted
  const traits = frameAt(bytes, first)?.traits
  let at = first
  for (let seen = 1; ; seen++) {
    const frame = frameAt(bytes, at)
    if (frame === null || frame.traits !== traits) return false
    if (seen >= wanted && at - first >= runBytesMin) return true
    at += frame.length
    // A file of one frame, or of which only the first is there, is what its first bytes say.
    if (at >= bytes.length && (first === 0 || seen >= wanted)) return true
  }
}

/** Tags of MP3 players (ID3v2) also stand before other sound. Returns what follows them, and how long they are. Pure. */
export function tagsBefore(bytes: Buffer): number {
  let at = 0
  while (bytes.toString('latin1', at, at + 3) === 'ID3') {
    const size = [6, 7, 8, 9].reduce((sum, offset) => sum * 128 + ((bytes[at + offset] ?? 0) & 0x7f), 0)
    const hasFooter = ((bytes[at + 5] ?? 0) & 0x10) !== 0
    at += 10 + size + (hasFooter ? 10 : 0)
  }
  return at
}

/** kbit/s by bitrate index: MPEG-1 layer I, II, III; MPEG-2 layer I; MPEG-2 layers II and III (ISO/IEC 11172-3, 13818-3). */
const bitrates: Readonly<Record<string, readonly number[]>> = {
  '1/1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2/3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}

function mpegAudioFrameAt(bytes: Buffer, at: number): { length: number; traits: number } | null {
  if (at + 4 > bytes.length) return null
  const header = bytes.readUInt32BE(at)
  const version = (header >>> 19) & 3
  const layer = 4 - ((header >>> 17) & 3)
  const rateIndex = (header >>> 10) & 3
  if (header >>> 21 !== 0x7ff || version === 1 || layer === 4 || rateIndex === 3) return null
  const kilobits = bitrates[`${version === 3 ? 1 : 2}/${layer}`]?.[(header >>> 12) & 15]
  if (!kilobits) return null
  const sampleRate = [44_100, 48_000, 32_000][rateIndex]! / (version === 3 ? 1 : version === 2 ? 2 : 4)
  const padding = (header >>> 9) & 1
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152
  const slot = layer === 1 ? 4 : 1
  const length = (Math.floor((samples / 8 / slot) * ((kilobits * 1000) / sampleRate)) + padding) * slot
  // Sync, version and layer, and the sampling rate stay the same in a file.
  return { length, traits: header & 0xfffe0c00 }
}

function adtsFrameAt(bytes: Buffer, at: number): { length: number; traits: number } | null {
  if (at + 7 > bytes.length) return null
  const header = bytes.readUInt32BE(at)
  const rateIndex = (header >>> 10) & 15
  const length = ((header & 3) << 11) | (bytes.readUInt16BE(at + 4) >>> 5)
  if (header >>> 20 !== 0xfff || ((header >>> 17) & 3) !== 0 || rateIndex > 12 || length < 8) return null
  return { length, traits: header & 0xfff8fdc0 }
}

/** Words of 16 bits in a frame at 48 kHz by frmsizecod / 2; the rest follows from the bit rate (ATSC A/52 table 5.18). */
const ac3Kilobits = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640]

function ac3FrameAt(bytes: Buffer, at: number): { length: number; traits: number } | null {
  if (at + 6 > bytes.length || bytes.readUInt16BE(at) !== 0x0b77) return null
  const streamId = bytes[at + 5]! >> 3
  if (streamId > 16) return null
  if (streamId > 10) return { length: 2 * ((bytes.readUInt16BE(at + 2) & 0x7ff) + 1), traits: streamId }
  const rateIndex = bytes[at + 4]! >> 6
  const sizeCode = bytes[at + 4]! & 0x3f
  const kilobits = ac3Kilobits[sizeCode >> 1]
  const sampleRate = [48_000, 44_100, 32_000][rateIndex]
  if (!kilobits || !sampleRate) return null
  const words = Math.floor((kilobits * 96_000) / sampleRate) + (rateIndex === 1 ? sizeCode & 1 : 0)
  return { length: 2 * words, traits: (rateIndex << 8) | streamId }
}
