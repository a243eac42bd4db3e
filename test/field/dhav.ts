// A .dav film, as many network recorders write it: each picture and each piece of sound in a chunk of its own.

const kinds = { keyPicture: 0xfd, picture: 0xfc, sound: 0xf0 } as const

interface Chunk {
  readonly kind: keyof typeof kinds
  readonly atMs: number
  readonly extension: Buffer
  readonly bytes: Buffer
}

const startMs = Date.UTC(2026, 10, 20, 8, 30)

function chunkOf({ kind, atMs, extension, bytes }: Chunk, number: number): Buffer {
  const length = 24 + extension.length + bytes.length + 8
  const head = Buffer.alloc(24)
  head.write('DHAV')
  head[4] = kinds[kind]
  head.writeUInt32LE(number, 8)
  head.writeUInt32LE(length, 12)
  head.writeUInt32LE(packedDate(startMs + atMs), 16)
  head.writeUInt16LE(atMs % 65_536, 20)
  head[22] = extension.length
  head[23] = head.subarray(0, 23).reduce((sum, byte) => sum + byte, 0) & 0xff
  const tail = Buffer.from('dhav\0\0\0\0')
  tail.writeUInt32LE(length, 4)
  return Buffer.concat([head, extension, bytes, tail])
}

function packedDate(ms: number): number {
  const date = new Date(ms)
  const day = ((date.getUTCFullYear() - 2000) * 16 + date.getUTCMonth() + 1) * 32 + date.getUTCDate()
  return ((day * 32 + date.getUTCHours()) * 64 + date.getUTCMinutes()) * 64 + date.getUTCSeconds()
}

/** The pictures of a bare H.264 stream, each of which begins with a delimiter (NAL unit type 9). */
function picturesOf(stream: Buffer): Buffer[] {
  const delimiter = Buffer.from([0, 0, 0, 1, 9])
  const starts: number[] = []
  for (let at = stream.indexOf(delimiter); at !== -1; at = stream.indexOf(delimiter, at + 5)) starts.push(at)
  return starts.map((start, place) => stream.subarray(start, starts[place + 1]))
}

/** A film of 25 pictures a second with sound of 16 kHz (signed 16 bits, one channel), a piece for every picture. */
export function dhavOf(pictures: Buffer, sound: Buffer): Buffer {
  const soundBytes = (2 * 16_000) / 25
  const chunks = picturesOf(pictures).flatMap((bytes, number): Chunk[] => {
    const isKey = bytes.includes(Buffer.from([0, 0, 1, 0x65]))
    const size = Buffer.from([0x80, 0, 640 / 8, 360 / 8, 0x81, 0, 2, 25])
    const atMs = 40 * number
    const piece = sound.subarray(soundBytes * number, soundBytes * (number + 1))
    return [
      { kind: isKey ? 'keyPicture' : 'picture', atMs, extension: isKey ? size : Buffer.alloc(0), bytes },
      { kind: 'sound', atMs, extension: Buffer.from([0x83, 1, 0x0c, 4]), bytes: piece },
    ]
  })
  return Buffer.concat(chunks.map(chunkOf))
}
