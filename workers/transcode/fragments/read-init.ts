import { readEsds } from './aac-config.ts'
import { type Box, BoxReader, boxesIn, malformed, onlyBox } from './boxes.ts'

/** The init section of a fragmented MP4. */
export interface Init {
  readonly tracks: readonly InitTrack[]
}

export interface InitTrack {
  readonly id: number
  readonly kind: 'video' | 'audio'
  /** Ticks a second of all times of this track. */
  readonly timescale: number
  /** RFC 6381: `avc1.64001f`, `mp4a.40.2`. */
  readonly codec: string
  readonly hasEditList: boolean
  readonly defaults: SampleDefaults
  readonly picture: InitPicture | null
  readonly sound: InitSound | null
}

/** `trex`: what a fragment's samples have when it says nothing else. */
export interface SampleDefaults {
  readonly durationTicks: number
  readonly bytes: number
  readonly flags: number
}

export interface InitPicture {
  /** The coded size in pixels. */
  readonly width: number
  readonly height: number
  /** The size at which the track header asks to be shown. */
  readonly shownWidth: number
  readonly shownHeight: number
  /** a b u c d v x y w of the track header, as integers (16.16, or 2.30 for u, v and w). */
  readonly matrix: readonly number[]
  /** Bytes before each NAL unit that say its length: 1, 2 or 4. */
  readonly nalLengthBytes: number
}

export interface InitSound {
  readonly channels: number
  readonly sampleRate: number
  /** How long one packet sounds, in ticks of the track. */
  readonly packetTicks: number
}

const tracksMax = 16

/**
 * Reads an init section: whole top-level boxes, `ftyp` and `moov`.
 *
 * @throws bad_request when it is malformed, encrypted, or holds something else than H.264 (avc1, avc3) and AAC
 */
export function readInit(bytes: Buffer): Init {
  const top = boxesIn(bytes, { from: 0, to: bytes.length })
  const moov = boxesIn(bytes, onlyBox(top, 'moov'))
  const defaults = readDefaults(bytes, onlyBox(moov, 'mvex'))
  const tracks = moov.filter(({ type }) => type === 'trak').map((trak) => readTrack(bytes, trak, defaults))
  if (tracks.length === 0 || tracks.length > tracksMax) throw malformed(`the film has ${tracks.length} tracks`)
  if (new Set(tracks.map(({ id }) => id)).size < tracks.length)
    throw malformed('two tracks of the film have one number')
  return { tracks }
}

function readDefaults(bytes: Buffer, mvex: Box): Map<number, SampleDefaults> {
  const all = boxesIn(bytes, mvex).filter(({ type }) => type === 'trex')
  return new Map(
    all.map((trex) => {
      const reader = new BoxReader(bytes, trex)
      reader.versionAndFlags()
      const id = reader.u32()
      reader.skip(4)
      return [id, { durationTicks: reader.u32(), bytes: reader.u32(), flags: reader.u32() }]
    }),
  )
}

function readTrack(bytes: Buffer, trak: Box, allDefaults: ReadonlyMap<number, SampleDefaults>): InitTrack {
  const parts = boxesIn(bytes, trak)
  const { id, matrix, shownWidth, shownHeight } = readTrackHeader(bytes, onlyBox(parts, 'tkhd'))
  const media = boxesIn(bytes, onlyBox(parts, 'mdia'))
  const timescale = readTimescale(bytes, onlyBox(media, 'mdhd'))
  const tables = boxesIn(bytes, onlyBox(boxesIn(bytes, onlyBox(media, 'minf')), 'stbl'))
  const entry = readOnlyEntry(bytes, onlyBox(tables, 'stsd'))
  const defaults = allDefaults.get(id)
  if (!defaults) throw malformed(`track ${id} of the film has no "trex"`)
  const hasEditList = parts.some(({ type }) => type === 'edts')
  const common = { id, timescale, defaults, hasEditList }
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const { codec, width, height, nalLengthBytes } = readPictureEntry(bytes, entry)
    const picture = { width, height, shownWidth, shownHeight, matrix, nalLengthBytes }
    return { ...common, kind: 'video', codec, picture, sound: null }
  }
  if (entry.type === 'mp4a') {
    return { ...common, kind: 'audio', ...readSoundEntry(bytes, entry, timescale), picture: null }
  }
  if (entry.type === 'encv' || entry.type === 'enca') throw malformed('the film is encrypted')
  throw malformed(`track ${id} of the film holds "${printable(entry.type)}", which is neither H.264 nor AAC`)
}

function readTrackHeader(bytes: Buffer, tkhd: Box) {
  const reader = new BoxReader(bytes, tkhd)
  const { version } = reader.versionAndFlags()
  reader.skip(version === 1 ? 16 : 8)
  const id = reader.u32()
  reader.skip(version === 1 ? 12 : 8)
  reader.skip(16)
  const matrix = Array.from({ length: 9 }, () => reader.i32())
  const shownWidth = reader.u32() / 65536
  const shownHeight = reader.u32() / 65536
  if (id === 0) throw malformed('a track of the film has the number 0')
  return { id, matrix, shownWidth, shownHeight }
}

function readTimescale(bytes: Buffer, mdhd: Box): number {
  const reader = new BoxReader(bytes, mdhd)
  const { version } = reader.versionAndFlags()
  reader.skip(version === 1 ? 16 : 8)
  const timescale = reader.u32()
  if (timescale === 0) throw malformed('a track of the film has no time scale')
  return timescale
}

function readOnlyEntry(bytes: Buffer, stsd: Box): Box {
  const reader = new BoxReader(bytes, stsd)
  reader.versionAndFlags()
  const count = reader.u32()
  const entries = boxesIn(bytes, { from: reader.at, to: stsd.to })
  if (count !== 1 || entries.length !== 1) throw malformed('a track of the film has more than one description')
  return entries[0]!
}

function readPictureEntry(bytes: Buffer, entry: Box) {
  const reader = new BoxReader(bytes, entry)
  reader.skip(24)
  const width = reader.u16()
  const height = reader.u16()
  reader.skip(50)
  const avcC = new BoxReader(bytes, onlyBox(boxesIn(bytes, { from: reader.at, to: entry.to }), 'avcC'))
  if (avcC.u8() !== 1) throw malformed('the H.264 configuration of the film has an unknown version')
  const at = avcC.skip(3)
  const codec = `${entry.type}.${bytes.toString('hex', at, at + 3)}`
  const nalLengthBytes = (avcC.u8() & 3) + 1
  if (nalLengthBytes === 3) throw malformed('the H.264 configuration of the film names lengths of 3 bytes')
  if (width === 0 || height === 0) throw malformed('the picture of the film has no size')
  return { codec, width, height, nalLengthBytes }
}

function readSoundEntry(bytes: Buffer, entry: Box, timescale: number): Pick<InitTrack, 'codec' | 'sound'> {
  const reader = new BoxReader(bytes, entry)
  reader.skip(8)
  const entryVersion = reader.u16()
  if (entryVersion !== 0) throw malformed(`the sound of the film is described in an old way (version ${entryVersion})`)
  reader.skip(6)
  const entryChannels = reader.u16()
  reader.skip(10)
  const config = readEsds(bytes, onlyBox(boxesIn(bytes, { from: reader.at, to: entry.to }), 'esds'))
  const packetTicks = Math.round((config.coreSamples * timescale) / config.coreRate)
  if (packetTicks === 0) throw malformed('the time scale of its sound is too coarse')
  const channels = config.channels || entryChannels
  return {
    codec: `mp4a.40.${config.objectType}`,
    sound: { channels, sampleRate: config.sampleRate, packetTicks },
  }
}

function printable(type: string): string {
  return type.replaceAll(/[^\x20-\x7e]/g, '?')
}
