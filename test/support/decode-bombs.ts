// Small files that ask a decoder for more than a machine has. Each is made of an ordinary clip or of nothing.

const ftyp = Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex')

/** An MP4 of `count` tracks, each an empty box: 8 MB for a million. */
export function mp4OfTracks(count: number): Buffer {
  const track = Buffer.from('000000087472616b', 'hex')
  const moov = Buffer.alloc(8)
  moov.writeUInt32BE(8 + track.length * count, 0)
  moov.write('moov', 4, 'latin1')
  return Buffer.concat([ftyp, moov, Buffer.alloc(track.length * count, track)])
}

/** A Matroska file of `count` sound tracks: 29 MB for a million. */
export function matroskaOfTracks(count: number): Buffer {
  const header = Buffer.from('1a45dfa3974282886d6174726f736b61428781024285810242f28104', 'hex')
  // TrackNumber, TrackUID, TrackType (sound) and CodecID A_PCM/INT/LIT, whose sizes are one byte each.
  const track = Buffer.concat([Buffer.from('ae9bd7810173c5810183810286', 'hex'), Buffer.from('8f', 'hex')])
  const codec = Buffer.from('A_PCM/INT/LIT\0\0', 'latin1')
  const entry = Buffer.concat([track, codec])
  const tracks = element('1654ae6b', Buffer.alloc(entry.length * count, entry))
  // Streams are made when the first cluster comes.
  const cluster = element('1f43b675', Buffer.from('e78100', 'hex'))
  return Buffer.concat([header, element('18538067', Buffer.concat([tracks, cluster]))])
}

/** An EBML element whose size takes eight bytes. */
function element(id: string, content: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(0x0100_0000_0000_0000n | BigInt(content.length))
  return Buffer.concat([Buffer.from(id, 'hex'), size, content])
}

/** A JPEG, or a film of JPEGs, each of whose pictures claims to be of this size. */
export function jpegsOfSize(jpegs: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(jpegs)
  const frameHeader = Buffer.from('ffc00011', 'hex')
  for (let at = bytes.indexOf(frameHeader); at >= 0; at = bytes.indexOf(frameHeader, at + 1)) {
    bytes.writeUInt16BE(height, at + 5)
    bytes.writeUInt16BE(width, at + 7)
  }
  return bytes
}

/** A PNG that claims to be of this size. */
export function pngOfSize(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

/** An AVI whose header claims pictures of this size, whatever they are. */
export function aviOfSize(avi: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(avi)
  const pictureFormat = bytes.indexOf('strf') + 8
  bytes.writeInt32LE(width, pictureFormat + 4)
  bytes.writeInt32LE(height, pictureFormat + 8)
  return bytes
}

/** An MP4 of `frames` frames, made at one frame an hour in whole seconds, that shows one a year. */
export function mp4OfYears(mp4: Buffer, frames: number): Buffer {
  const year = 31_536_000
  const bytes = Buffer.from(mp4)
  const set = (box: string, offset: number, value: number): void => {
    const at = bytes.indexOf(box)
    if (at < 0) throw new Error(`the clip has no box ${box}`)
    bytes.writeUInt32BE(value, at + 4 + offset)
  }
  // Time scales become one a second, so that decades fit into 32 bits.
  set('mvhd', 12, 1)
  set('mvhd', 16, frames * year)
  set('tkhd', 20, frames * year)
  set('elst', 8, frames * year)
  set('mdhd', 12, 1)
  set('mdhd', 16, frames * year)
  set('stts', 12, year)
  return bytes
}

/** A Matroska file made with 27 h between its frames, whose unit of time becomes 16.8 times as long. */
export function matroskaOfWeeks(mkv: Buffer): Buffer {
  const bytes = Buffer.from(mkv)
  const timestampScale = bytes.indexOf(Buffer.from('2ad7b1830f4240', 'hex'))
  if (timestampScale < 0) throw new Error('the clip has no TimestampScale of a millisecond')
  bytes.writeUIntBE(0xffffff, timestampScale + 4, 3)
  return bytes
}
