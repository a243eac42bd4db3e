import { headerBytesMax, type Sniffed, stream } from './sniffed.ts'

const syncByte = 0x47
/** Plain packets; with 4 bytes of time before each (cameras), with 16 bytes of error correction behind each (broadcast). */
const packetSizes = [188, 192, 204] as const
/** So many packets in a row are looked at; a short file has fewer. */
const packetsWanted = 32
/** Where a file begins with a packet, two are enough; elsewhere a few sync bytes in a row are chance. */
const packetsAtStart = 2
const packetsElsewhere = 6

/** MPEG-TS from any byte on: a file cut in the middle of a packet, or one behind a device's own header. Pure. */
export function transportStreamOf(bytes: Buffer): Sniffed | null {
  for (let at = bytes.indexOf(syncByte); at !== -1 && at <= headerBytesMax; at = bytes.indexOf(syncByte, at + 1)) {
    const wanted = at === 0 || at === 4 ? packetsAtStart : packetsElsewhere
    const size = packetSizes.find((size) => packetsFrom(bytes, at, size) >= wanted)
    if (size === undefined) continue
    // A packet of 192 bytes begins with its time, 4 bytes before the sync byte.
    if (size !== 192) return stream('mpegts', at)
    return stream('mpegts', at >= 4 ? at - 4 : at + 188)
  }
  return null
}

/** How many packets follow one another from `first` on; 0 when something else comes among the first `packetsWanted`. */
function packetsFrom(bytes: Buffer, first: number, size: number): number {
  let seen = 0
  for (let at = first; at + 4 <= bytes.length && seen < packetsWanted; at += size) {
    // "Reserved" as what the packet holds is a value that no writer uses (ISO/IEC 13818-1 table 2-5).
    if (bytes[at] !== syncByte || (bytes[at + 3]! & 0x30) === 0) return 0
    seen++
  }
  return seen
}

const packStart = Buffer.from([0, 0, 1, 0xba])

/**
 * MPEG-PS whose first pack may stand behind a recorder's own header. A pack header alone may be chance; its fixed bits and
 * the start codes that its lengths lead to are not. Pure.
 */
export function programStreamOf(bytes: Buffer): Sniffed | null {
  for (let at = bytes.indexOf(packStart); at !== -1 && at <= headerBytesMax; at = bytes.indexOf(packStart, at + 1)) {
    // At the very start of the file it is the format's signature, however damaged what follows may be.
    if (at === 0 || leadsToPackets(bytes, at)) return stream('mpeg', at)
  }
  return null
}

function leadsToPackets(bytes: Buffer, pack: number): boolean {
  let at = endOfPackHeader(bytes, pack)
  if (at === null) return false
  for (let seen = 0; seen < 2; seen++) {
    if (at >= bytes.length) return seen > 0
    const id = bytes[at + 3] ?? 0
    if (bytes.readUIntBE(Math.min(at, bytes.length - 3), 3) !== 1 || id < 0xb9) return false
    if (id === 0xb9 || id === 0xba) return true
    if (at + 6 > bytes.length) return seen > 0
    at += 6 + bytes.readUInt16BE(at + 4)
  }
  return true
}

/** Where the header of a pack ends, or null when its fixed bits are not set (ISO/IEC 13818-1 table 2-33; 11172-1 §2.4.3.2). */
function endOfPackHeader(bytes: Buffer, pack: number): number | null {
  const bit = (at: number, mask: number, value: number): boolean => ((bytes[pack + at] ?? 0) & mask) === value
  if (bit(4, 0xc4, 0x44) && bit(6, 4, 4) && bit(8, 4, 4) && bit(9, 1, 1) && bit(12, 3, 3)) {
    return pack + 14 + ((bytes[pack + 13] ?? 0) & 7)
  }
  if (bit(4, 0xf1, 0x21) && bit(6, 1, 1) && bit(8, 1, 1) && bit(9, 0x80, 0x80) && bit(11, 1, 1)) return pack + 12
  return null
}
