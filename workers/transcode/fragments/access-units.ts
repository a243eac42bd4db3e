import { entryOf, idrSlice } from './nal-units.ts'
import { startMsOf } from './place-track.ts'
import type { InitTrack } from './read-init.ts'
import type { Sample, TrackSamples } from './read-moof.ts'

/** A sample whose bytes cannot be what its track says. */
export interface BrokenSample {
  /** When it is seen or heard, in milliseconds on the fragment's own clock. */
  readonly atMs: number
  readonly reason: string
}

/** NAL unit types (ITU-T H.264 table 7-1) that no encoder writes: unspecified 0 and reserved ones. */
const impossibleTypes: ReadonlySet<number> = new Set([0, 17, 18, 22, 23])
const isSlice = (type: number) => type >= 1 && type <= idrSlice
/** Three zero bytes never stand inside a NAL unit (§7.4.1.1); some recorders fill up its end with a few. */
const zerosAtEndMax = 64
/** A sector that was never written. */
const zeroSector = Buffer.alloc(512)
/** ISO/IEC 14496-3: at most 6144 bits a channel and packet; written with room for what other than channels it holds. */
const packetBytesMax = 8191
/** What a packet of AAC begins with (ISO/IEC 14496-3 table 4.85), when nothing else comes before its channels. */
const singleChannel = 0
const channelPair = 1

/** The samples of a fragment whose structure is damaged: cut, never written, or not what the track says. Pure. */
export function brokenSamples({ track, decodeTicks, samples }: TrackSamples): BrokenSample[] {
  const broken: BrokenSample[] = []
  let at = decodeTicks
  for (const sample of samples) {
    const reason = reasonOf(track, sample)
    if (reason !== null) broken.push({ atMs: startMsOf(track, { ...sample, decodeTicks: at }), reason })
    at += sample.durationTicks
  }
  return broken
}

function reasonOf({ picture, sound }: InitTrack, sample: Sample): string | null {
  if (picture) return brokenPicture(sample, picture.nalLengthBytes)
  return brokenPacket(sample.bytes, sound!.channels)
}

function brokenPacket(bytes: Buffer, channels: number): string | null {
  if (bytes.length === 0) return 'it is empty'
  if (bytes.length > packetBytesMax * Math.ceil(channels / 2)) return 'it is larger than a packet of AAC can be'
  if (bytes.every((byte) => byte === 0)) return 'it is nothing but zeros'
  const element = bytes[0]! >> 5
  const isOther = (channels === 1 && element === channelPair) || (channels === 2 && element === singleChannel)
  return isOther ? 'it has another number of channels than its track' : null
}

function brokenPicture({ bytes, isKey }: Sample, nalLengthBytes: number): string | null {
  let hasSlice = false
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < nalLengthBytes) return 'it breaks off'
    const length = bytes.readUIntBE(at, nalLengthBytes)
    at += nalLengthBytes
    if (length === 0) return 'it holds an empty part'
    if (length > bytes.length - at) return 'it breaks off'
    const unit = bytes.subarray(at, at + length)
    const type = unit[0]! & 0x1f
    if ((unit[0]! & 0x80) !== 0 || impossibleTypes.has(type)) return 'it holds a part that is no H.264'
    if (isSlice(type)) {
      if (hasUnwrittenBytes(unit)) return 'a part of it was never written'
      hasSlice = true
    }
    at += length
  }
  if (!hasSlice) return 'it holds no picture'
  return isKey && entryOf(bytes, nalLengthBytes) === null
    ? 'decoding cannot begin at it, although it is marked so'
    : null
}

function hasUnwrittenBytes(unit: Buffer): boolean {
  if (unit.indexOf(zeroSector) >= 0) return true
  let zeros = 0
  while (zeros < unit.length && unit[unit.length - 1 - zeros] === 0) zeros++
  return zeros >= zerosAtEndMax
}
