import { Fault } from '../../../services/foundation/errors.ts'

/** A picture or a packet of sound in a media segment, on the rendition's clock. */
export interface MadeSample {
  /** When it is shown or heard. */
  readonly timeMs: number
  readonly durationMs: number
  readonly isKey: boolean
}

/** What an init section says of its tracks. */
export interface MadeTracks {
  readonly picture: MadeTrack | null
  readonly sound: MadeTrack | null
}

interface MadeTrack {
  readonly id: number
  readonly timescale: number
  /** Width ÷ height as a player shows it; 0 for sound. */
  readonly aspect: number
  readonly defaults: SampleDefaults
}

interface SampleDefaults {
  readonly duration: number
  readonly flags: number
}

/** sample_is_non_sync_sample of ISO/IEC 14496-12, 8.8.3.1. */
const nonSync = 0x10000

/** @throws bad_request when it is no init section of a picture and a sound track at most. Pure. */
export function readInit(init: Buffer): MadeTracks {
  const moov = only(init, 'moov')
  const defaults = new Map<number, SampleDefaults>()
  for (const trex of children(only(moov, 'mvex'), 'trex')) {
    defaults.set(trex.readUInt32BE(4), { duration: trex.readUInt32BE(12), flags: trex.readUInt32BE(20) })
  }
  const tracks: Partial<Record<string, MadeTrack>> = {}
  for (const trak of children(moov, 'trak')) {
    const media = only(trak, 'mdia')
    const [mediaHeader, header] = [only(media, 'mdhd'), only(trak, 'tkhd')]
    const id = header.readUInt32BE(header[0] === 1 ? 20 : 12)
    const [width, height] = [header.readUInt32BE(header.length - 8), header.readUInt32BE(header.length - 4)]
    const timescale = mediaHeader.readUInt32BE(mediaHeader[0] === 1 ? 20 : 12)
    const track = {
      ...{ id, timescale, aspect: height > 0 ? width / height : 0 },
      defaults: defaults.get(id) ?? { duration: 0, flags: 0 },
    }
    tracks[only(media, 'hdlr').toString('latin1', 8, 12)] = track
  }
  return { picture: tracks.vide ?? null, sound: tracks.soun ?? null }
}

/** The samples of one track in a media segment, in the order of decoding. Empty when the segment cannot be read. Pure. */
export function samplesOf(segment: Buffer, track: MadeTrack): MadeSample[] {
  const samples: MadeSample[] = []
  for (const moof of children(segment, 'moof')) {
    for (const traf of children(moof, 'traf')) {
      const header = only(traf, 'tfhd')
      if (header.readUInt32BE(4) !== track.id) continue
      const times = only(traf, 'tfdt')
      let time = times[0] === 1 ? Number(times.readBigUInt64BE(4)) : times.readUInt32BE(4)
      const defaults = defaultsOf(header, track.defaults)
      for (const run of children(traf, 'trun')) time = readRun(run, time, { track, defaults, samples })
    }
  }
  return samples
}

function defaultsOf(header: Buffer, defaults: SampleDefaults): SampleDefaults {
  const flags = header.readUIntBE(1, 3)
  let at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0)
  const duration = flags & 8 ? header.readUInt32BE(at) : defaults.duration
  at += (flags & 8 ? 4 : 0) + (flags & 16 ? 4 : 0)
  return { duration, flags: flags & 32 ? header.readUInt32BE(at) : defaults.flags }
}

function readRun(
  run: Buffer,
  startTime: number,
  into: { track: MadeTrack; defaults: SampleDefaults; samples: MadeSample[] },
): number {
  const { track, defaults, samples } = into
  const flags = run.readUIntBE(1, 3)
  let time = startTime
  let at = 8 + (flags & 1 ? 4 : 0)
  const first = flags & 4 ? run.readUInt32BE(at) : null
  at += flags & 4 ? 4 : 0
  const next = (): number => {
    at += 4
    return run.readUInt32BE(at - 4)
  }
  for (let place = 0; place < run.readUInt32BE(4); place++) {
    const duration = flags & 0x100 ? next() : defaults.duration
    if (flags & 0x200) next()
    const own = flags & 0x400 ? next() : defaults.flags
    const offset = flags & 0x800 ? next() | 0 : 0
    const sampleFlags = place === 0 && first !== null ? first : own
    samples.push({
      timeMs: ((time + offset) * 1000) / track.timescale,
      durationMs: (duration * 1000) / track.timescale,
      isKey: (sampleFlags & nonSync) === 0,
    })
    time += duration
  }
  return time
}

function only(bytes: Buffer, type: string): Buffer {
  const [first] = children(bytes, type)
  if (!first) throw new Fault('bad_request', `what was made has no ${type} box where one belongs`)
  return first
}

/** The contents of the boxes of one type, one level down. */
function children(bytes: Buffer, type: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > bytes.length) {
      throw new Fault('bad_request', `what was made has a box of ${size} bytes, which does not fit`)
    }
    if (bytes.toString('latin1', at + 4, at + 8) === type) found.push(bytes.subarray(at + 8, at + size))
    at += size
  }
  return found
}
