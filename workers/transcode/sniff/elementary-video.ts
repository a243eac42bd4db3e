import { headerBytesMax, type Sniffed, stream } from './sniffed.ts'

const startCode = Buffer.from([0, 0, 1])
/** A picture of high quality is longer than what is read; so few units tell nothing more than these. */
const unitsMax = 64

/** profile_idc of H.264 (ITU-T H.264 annex A, G, H). */
const h264Profiles = new Set([44, 66, 77, 83, 86, 88, 100, 110, 118, 122, 128, 144, 244])

/** A device's own header may hold what looks like a start code. */
const startsTried = 16

/**
 * A bare picture stream: H.264 or H.265 with start codes (annex B), MPEG-1/2 or MPEG-4 part 2. It may stand behind a
 * device's own header. Pure.
 */
export function elementaryVideoOf(bytes: Buffer): Sniffed | null {
  const starts: number[] = []
  for (let at = bytes.indexOf(startCode); at !== -1 && starts.length < unitsMax + startsTried; ) {
    starts.push(at)
    at = bytes.indexOf(startCode, at + 3)
  }
  for (const [number, at] of starts.slice(0, startsTried).entries()) {
    if (at > headerBytesMax) return null
    const format = formatOf(
      starts.slice(number, number + unitsMax).map((start) => bytes.subarray(start + 3, start + 19)),
    )
    // The zero byte before a first start code belongs to it.
    if (format) return stream(format, at > 0 && bytes[at - 1] === 0 ? at - 1 : at)
  }
  return null
}

/** By the bytes that follow each start code. */
function formatOf(units: readonly Buffer[]): string | null {
  if (isH264(units)) return 'h264'
  if (isHevc(units)) return 'hevc'
  if (isMpegVideo(units)) return 'mpegvideo'
  return isMpeg4Video(units) ? 'm4v' : null
}

function isH264(units: readonly Buffer[]): boolean {
  const types = units.map(([byte = 0x80]) => ((byte & 0x80) === 0 ? byte & 0x1f : -1))
  if (!types.every((type) => type >= 1 && type <= 21)) return false
  const sequence = units[types.indexOf(7)]
  const isSequence = sequence !== undefined && h264Profiles.has(sequence[1] ?? 0) && ((sequence[0] ?? 0) & 0x60) !== 0
  return isSequence && types.includes(8) && types.some((type) => type === 1 || type === 5)
}

function isHevc(units: readonly Buffer[]): boolean {
  // Two bytes: forbidden zero, six bits of type, six of layer, three of temporal id plus one (ITU-T H.265 §7.3.1.2).
  const types = units.map(([first = 0x80, second = 0]) => (first & 0x80 || !(second & 7) ? -1 : (first >> 1) & 0x3f))
  return [32, 33, 34].every((type) => types.includes(type)) && types.some((type) => type >= 0 && type <= 21)
}

/** A sequence header of a size and a rate, then what the standard has follow it (ISO/IEC 13818-2 §6.2.2). */
function isMpegVideo(units: readonly Buffer[]): boolean {
  const [sequence, next] = units
  if (sequence?.[0] !== 0xb3 || sequence.length < 8) return false
  const width = sequence.readUInt16BE(1) >> 4
  const height = sequence.readUInt16BE(2) & 0xfff
  const rate = (sequence[4] ?? 0) & 0x0f
  return width > 0 && height > 0 && rate >= 1 && rate <= 8 && [0x00, 0xb2, 0xb5, 0xb8].includes(next?.[0] ?? -1)
}

/** Visual object sequence, or a video object and its layer (ISO/IEC 14496-2 §6.2). */
function isMpeg4Video(units: readonly Buffer[]): boolean {
  const codes = units.map(([code = 0xff]) => code)
  const layer = codes.findIndex((code) => code >= 0x20 && code <= 0x2f)
  const beginsAsOne = codes[0] === 0xb0 || (codes[0] ?? 0xff) <= 0x1f
  return beginsAsOne && layer !== -1 && codes.slice(layer).includes(0xb6)
}
