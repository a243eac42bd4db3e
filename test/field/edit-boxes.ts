// Changes to the boxes of an MP4 (ISO/IEC 14496-12), by their bytes.

/** Display matrices of `tkhd`: a, b, c, d of [a b 0; c d 0; 0 0 1]. */
export const matrices = {
  turned90: [0, 1, -1, 0],
  turned180: [-1, 0, 0, -1],
  turned270: [0, -1, 1, 0],
  mirrored: [-1, 0, 0, 1],
} as const

/** The film with another matrix on its first track. */
export function withMatrix(film: Buffer, name: keyof typeof matrices): Buffer {
  const bytes = Buffer.from(film)
  const at = requireAt(bytes, 'tkhd') + 44
  const [a, b, c, d] = matrices[name]
  const values = [a * 65_536, b * 65_536, 0, c * 65_536, d * 65_536, 0, 0, 0, 2 ** 30]
  for (const [place, value] of values.entries()) bytes.writeInt32BE(value, at + 4 * place)
  return bytes
}

/** A film whose index comes first, with `first` put before its first box; the index still leads to the samples. */
export function withBoxBefore(film: Buffer, first: Buffer): Buffer {
  const bytes = Buffer.from(film)
  for (const at of placesOf(bytes, 'stco')) {
    const count = bytes.readUInt32BE(at + 8)
    for (let chunk = 0; chunk < count; chunk++) {
      const place = at + 12 + 4 * chunk
      bytes.writeUInt32BE(bytes.readUInt32BE(place) + first.length, place)
    }
  }
  return Buffer.concat([first, bytes])
}

/** The film with edit lists that show no more than a stretch of it, as a camera's "trim" writes them. */
export function withEditsOf(
  film: Buffer,
  { fromSeconds = 0, seconds }: { fromSeconds?: number; seconds: number },
): Buffer {
  const bytes = Buffer.from(film)
  const timescale = bytes.readUInt32BE(requireAt(bytes, 'mvhd') + 16)
  for (const at of placesOf(bytes, 'elst')) {
    const trackTimescale = bytes.readUInt32BE(bytes.indexOf('mdhd', at) + 16)
    bytes.writeUInt32BE(seconds * timescale, at + 12)
    bytes.writeUInt32BE(bytes.readUInt32BE(at + 16) + fromSeconds * trackTimescale, at + 16)
  }
  return bytes
}

/** Where the type of each such box stands. */
export function placesOf(bytes: Buffer, type: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(type); at !== -1; at = bytes.indexOf(type, at + 4)) places.push(at)
  return places
}

export function requireAt(bytes: Buffer, type: string): number {
  const at = bytes.indexOf(type)
  if (at === -1) throw new Error(`there is no box ${type}`)
  return at
}
