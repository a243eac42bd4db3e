// Changes to MPEG streams and sound files, by their bytes.

/** A WAV of 16-bit samples; `sampleAt` gives -1…1 for a time in seconds and a channel. */
export function wavOf(
  { channels, rate, seconds }: { channels: number; rate: number; seconds: number },
  sampleAt: (time: number, channel: number) => number,
): Buffer {
  const data = Buffer.alloc(rate * seconds * channels * 2)
  for (let frame = 0, at = 0; frame < rate * seconds; frame++) {
    for (let channel = 0; channel < channels; channel++, at += 2) {
      data.writeInt16LE(Math.trunc(32_767 * sampleAt(frame / rate, channel)), at)
    }
  }
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

export const tone600 = (time: number, hertz = 600): number => 0.275 * Math.sin(2 * Math.PI * hertz * time)

const soundStream = 0xc0
const packetBytes = 188

/**
 * A programme stream without those packets of sound whose time does not satisfy `keep` (in seconds), and without the
 * system header, which would announce the sound before it comes.
 */
export function keepSound(film: Buffer, keep: (seconds: number) => boolean): Buffer {
  const kept: Buffer[] = []
  let seconds = 0
  for (let at = 0; at + 4 <= film.length; ) {
    const id = film[at + 3]!
    const length = id === 0xba ? 14 + (film[at + 13]! & 7) : id === 0xb9 ? 4 : 6 + film.readUInt16BE(at + 4)
    const packet = film.subarray(at, at + length)
    if (id === soundStream && packet[7]! & 0x80) seconds = stampOf(packet)
    if (id !== 0xbb && (id !== soundStream || keep(seconds))) kept.push(packet)
    at += length
  }
  return Buffer.concat(kept)
}

/** The presentation time of a packet, in seconds (ISO/IEC 13818-1 §2.4.3.6). */
function stampOf(packet: Buffer): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = packet.subarray(9, 14)
  return (((a >> 1) & 7) * 2 ** 30 + (b << 22) + ((c >> 1) << 15) + (d << 7) + (e >> 1)) / 90_000
}

/** The packets of a transport stream from so many seconds of its clock (PCR) on: a stream that was joined late. */
export function joinedLate(stream: Buffer, seconds: number): Buffer {
  return stream.subarray(placeAt(stream, seconds))
}

/** A transport stream without its packets between two times of its clock. */
export function withLostPackets(stream: Buffer, fromSeconds: number, toSeconds: number): Buffer {
  return Buffer.concat([stream.subarray(0, placeAt(stream, fromSeconds)), joinedLate(stream, toSeconds)])
}

function placeAt(stream: Buffer, seconds: number): number {
  let first: number | null = null
  for (let at = 0; at + packetBytes <= stream.length; at += packetBytes) {
    const hasClock = (stream[at + 3]! & 0x20) !== 0 && stream[at + 4]! > 0 && (stream[at + 5]! & 0x10) !== 0
    if (!hasClock) continue
    const clock = (stream.readUInt32BE(at + 6) * 2) / 90_000
    first ??= clock
    if (clock >= first + seconds) return at
  }
  throw new Error(`the stream's clock does not reach ${seconds} s`)
}

/** Sixteen bytes of error correction behind each packet, as broadcast equipment writes them. */
export function withErrorCorrection(stream: Buffer): Buffer {
  const cells: Buffer[] = []
  for (let at = 0; at + packetBytes <= stream.length; at += packetBytes)
    cells.push(stream.subarray(at, at + packetBytes), Buffer.alloc(16, 0xa5))
  return Buffer.concat(cells)
}

/** A JPEG with an EXIF block that holds nothing but its orientation. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.concat([Buffer.from('Exif\0\0II*\0', 'latin1'), Buffer.alloc(22)])
  exif.writeUInt32LE(8, 10)
  exif.writeUInt16LE(1, 14)
  exif.writeUInt16LE(0x0112, 16)
  exif.writeUInt16LE(3, 18)
  exif.writeUInt32LE(1, 20)
  exif.writeUInt16LE(orientation, 24)
  const marker = Buffer.from([0xff, 0xe1, 0, 0])
  marker.writeUInt16BE(exif.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)])
}

/** Transport streams one after the other, as one device writes them: the packets of each stream are counted on. */
export function oneAfterTheOther(...streams: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(streams)
  const counters = new Map<number, number>()
  for (let at = 0; at < bytes.length; at += packetBytes) {
    const stream = bytes.readUInt16BE(at + 1) & 0x1fff
    const hasPayload = (bytes[at + 3]! & 0x10) !== 0
    const last = counters.get(stream) ?? -1
    const counter = hasPayload ? (last + 1) & 15 : Math.max(0, last)
    counters.set(stream, counter)
    bytes[at + 3] = (bytes[at + 3]! & 0xf0) | counter
  }
  return bytes
}
