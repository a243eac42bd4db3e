import { type Box, BoxReader, boxesIn, malformed, onlyBox } from './boxes.ts'
import type { Init, InitTrack, SampleDefaults } from './read-init.ts'

/** One access unit or packet of a fragment. */
export interface Sample {
  readonly durationTicks: number
  /** Presentation time − decode time. */
  readonly compositionTicks: number
  readonly isKey: boolean
  readonly bytes: Buffer
}

/** The samples of one track in one fragment, in decode order. */
export interface TrackSamples {
  readonly track: InitTrack
  /** The decode time of the first of them (`tfdt`). */
  readonly decodeTicks: number
  readonly samples: readonly Sample[]
}

/** One fragment: each track at most once. */
export interface Fragment {
  readonly tracks: readonly TrackSamples[]
}

/** About 90 minutes of sound: more are never gathered in one fragment. */
const samplesMax = 250_000
/** The last time that is taken. No film is so long in any time scale, and arithmetic stays exact below it. */
const ticksMax = Number.MAX_SAFE_INTEGER / 4

/** A fragment as it lies in a file: the `moof` with its header of 8 bytes, and the `mdat` directly behind it. */
export interface FragmentBytes {
  readonly moof: Buffer
  readonly mdatBody: Buffer
  /** 8, or 16 for a 64-bit size. */
  readonly mdatHeaderBytes: number
}

/**
 * Reads a `moof` and cuts the samples that it names out of the `mdat`. Offsets are counted from the moof's first byte, as
 * `default-base-is-moof` says.
 *
 * @throws bad_request when a count, size or offset leaves the mdat, or samples lie over one another
 */
export function readFragment(init: Init, { moof, mdatBody, mdatHeaderBytes }: FragmentBytes): Fragment {
  const data = { bytes: mdatBody, from: moof.length + mdatHeaderBytes, samples: 0, ranges: [] }
  const tracks = boxesIn(moof, { from: 8, to: moof.length })
    .filter(({ type }) => type === 'traf')
    .map((traf) => readTrackFragment(init, moof, traf, data))
  if (new Set(tracks.map(({ track }) => track.id)).size < tracks.length) {
    throw malformed('a fragment of the film names one track twice')
  }
  requireApart(data.ranges)
  return { tracks }
}

/** The mdat that the runs of a fragment point into, and what they have taken of it so far. */
interface Data {
  readonly bytes: Buffer
  /** Where its first byte lies, counted from the moof. */
  readonly from: number
  samples: number
  readonly ranges: Range[]
}

type Range = Pick<Box, 'from' | 'to'>

function readTrackFragment(init: Init, moof: Buffer, traf: Box, data: Data): TrackSamples {
  const parts = boxesIn(moof, traf)
  const { track, defaults } = readHeader(init, moof, onlyBox(parts, 'tfhd'))
  const time = new BoxReader(moof, onlyBox(parts, 'tfdt'))
  const decodeTicks = time.versionAndFlags().version === 1 ? time.u64() : time.u32()
  const samples = parts.filter(({ type }) => type === 'trun').flatMap((trun) => readRun(moof, trun, defaults, data))
  const endTicks = samples.reduce((sum, { durationTicks }) => sum + durationTicks, decodeTicks)
  if (endTicks > ticksMax) throw malformed('a time in the film is too large')
  return { track, decodeTicks, samples }
}

function readHeader(init: Init, moof: Buffer, tfhd: Box): { track: InitTrack; defaults: SampleDefaults } {
  const reader = new BoxReader(moof, tfhd)
  const { flags } = reader.versionAndFlags()
  const id = reader.u32()
  const track = init.tracks.find((known) => known.id === id)
  if (!track) throw malformed(`a fragment of the film names track ${id}, which its header does not know`)
  if (flags & 0x1 || !(flags & 0x020000)) throw malformed('a fragment of the film is not addressed from its own start')
  if (flags & 0x2) reader.skip(4)
  const durationTicks = flags & 0x8 ? reader.u32() : track.defaults.durationTicks
  const bytes = flags & 0x10 ? reader.u32() : track.defaults.bytes
  return { track, defaults: { durationTicks, bytes, flags: flags & 0x20 ? reader.u32() : track.defaults.flags } }
}

/** One `trun` (ISO/IEC 14496-12 §8.8.8). */
function readRun(moof: Buffer, trun: Box, defaults: SampleDefaults, data: Data): Sample[] {
  const reader = new BoxReader(moof, trun)
  const { version, flags } = reader.versionAndFlags()
  const count = reader.u32()
  data.samples += count
  if (data.samples > samplesMax) throw malformed(`more than ${samplesMax} samples lie in one fragment of the film`)
  if (!(flags & 0x1)) throw malformed('a fragment of the film does not say where its samples lie')
  const from = reader.i32()
  const firstFlags = flags & 0x4 ? reader.u32() : null
  const samples: Sample[] = []
  let at = from
  for (let index = 0; index < count; index++) {
    const durationTicks = flags & 0x100 ? reader.u32() : defaults.durationTicks
    const length = flags & 0x200 ? reader.u32() : defaults.bytes
    const ownFlags = flags & 0x400 ? reader.u32() : defaults.flags
    const compositionTicks = flags & 0x800 ? (version === 0 ? reader.u32() : reader.i32()) : 0
    const within = at - data.from
    if (within < 0 || length > data.bytes.length - within)
      throw malformed('a sample of the film lies outside its fragment')
    const sampleFlags = index === 0 && firstFlags !== null ? firstFlags : ownFlags
    const isKey = (sampleFlags & 0x10000) === 0
    samples.push({ durationTicks, compositionTicks, isKey, bytes: data.bytes.subarray(within, within + length) })
    at += length
  }
  data.ranges.push({ from, to: at })
  return samples
}

/** Samples that share bytes would let a small fragment become a large film. */
function requireApart(ranges: readonly Range[]): void {
  const sorted = ranges.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)
  const overlap = sorted.find(({ from }, index) => index > 0 && from < sorted[index - 1]!.to)
  if (overlap) throw malformed('samples of the film share the same bytes')
}
