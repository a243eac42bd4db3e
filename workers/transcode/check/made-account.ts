import { crc32 } from 'node:zlib'
import { isFault } from '../../../services/foundation/errors.ts'
import { brokenSamples } from '../fragments/access-units.ts'
import { MediaSourceModel, type PlayedTrack } from '../fragments/media-source-model.ts'
import { type Init, readInit } from '../fragments/read-init.ts'
import type { TrackSamples } from '../fragments/read-moof.ts'
import type { Stretch } from '../inventory/inventory.ts'
import { type PicturesToDecode, partToDecode } from './part-to-decode.ts'
import type { SoundPackets } from './same-packets.ts'

/** Where a segment lies on the recording's clock, as it is published. */
export interface Place {
  readonly startMs: number
  readonly durationMs: number
}

/** Keeps account of the pieces of one track: what they say they hold, with which what can be decoded of them is compared. */
export interface MadeAccount {
  /** Returns what is to be decoded of the piece; null when it is no fragment at all. */
  add(kind: 'init' | 'segment', bytes: Buffer, place: Place): Buffer | null
  /** From each time on, how much longer the sound lasts by its time stamps than its packets sound: pauses between them. */
  readonly pauses: readonly { readonly atMs: number; readonly totalMs: number }[]
  /** Times of the key frames that are to be decoded. */
  readonly keyFramesMs: readonly number[]
  /** Times of all pictures that are to be decoded. */
  readonly picturesMs: readonly number[]
  /** All packets of sound, in order. */
  readonly packets: SoundPackets
  /** From the first to the end of the last sound that the fragments hold; null without. */
  readonly sound: Stretch | null
  /** Width ÷ height of the picture as a player shows it; null without a picture. */
  readonly aspect: number | null
  /** How a browser's Media Source plays it. */
  played(kind: PlayedTrack['kind']): PlayedTrack | null
  /** The lengths of all segments together. */
  readonly lengthMs: number
  /** Pieces that are no fragments at all, and samples whose structure is broken, each up to the end of its piece. */
  readonly damaged: readonly Stretch[]
}

/** Fragments laid end to end differ by rounding only. */
const roundingMs = 2

/** Decoders round times to their own time base; key frames are never so close. */
const sameKeyFrameMs = 15

/** `pictures` are those that are to be decoded. */
export function madeAccount(pictures: PicturesToDecode): MadeAccount {
  let init: Init = { tracks: [] }
  let model: MediaSourceModel | null = null
  const keyFramesMs: number[] = []
  const picturesMs: number[] = []
  const pauses: { atMs: number; totalMs: number }[] = []
  let pausesMs = 0
  const packets = { crcs: [] as number[], timesMs: [] as number[] }
  const damaged: Stretch[] = []
  let sound: { fromMs: number; toMs: number } | null = null
  let segments = 0
  let lengthMs = 0

  const addSound = ({ track, decodeTicks, samples }: TrackSamples): void => {
    let ticks = decodeTicks
    for (const { durationTicks, bytes } of samples) {
      const fromMs = (ticks * 1000) / track.timescale
      pausesMs += sound === null ? 0 : fromMs - sound.toMs
      if (Math.abs(pausesMs - (pauses.at(-1)?.totalMs ?? 0)) > roundingMs) {
        pauses.push({ atMs: fromMs, totalMs: pausesMs })
      }
      const toMs = fromMs + (track.sound!.packetTicks * 1000) / track.timescale
      sound = { fromMs: sound?.fromMs ?? fromMs, toMs }
      packets.crcs.push(crc32(bytes))
      packets.timesMs.push(fromMs)
      ticks += durationTicks
    }
  }

  const addSegment = (segment: Buffer, { startMs, durationMs }: Place): Buffer | null => {
    if (model === null) return null
    const tracks = model.append(segment)
    for (const track of tracks) {
      if (track.track.kind === 'audio') addSound(track)
      const [broken] = brokenSamples(track)
      if (broken) damaged.push({ fromMs: broken.atMs, toMs: Math.max(broken.atMs, startMs + durationMs) })
    }
    const part = partToDecode(++segments, tracks, pictures)
    keyFramesMs.push(...part.keyFramesMs)
    picturesMs.push(...part.picturesMs)
    return part.bytes
  }

  return {
    add(kind, bytes, place) {
      lengthMs += place.durationMs
      try {
        if (kind === 'segment') return addSegment(bytes, place)
        init = readInit(bytes)
        model = new MediaSourceModel(bytes)
        return bytes
      } catch (error) {
        if (!isFault(error, 'bad_request')) throw error
        damaged.push({ fromMs: place.startMs, toMs: place.startMs + place.durationMs })
        return null
      }
    },
    ...{ pauses, keyFramesMs, picturesMs, packets, damaged },
    get sound() {
      return sound
    },
    get aspect() {
      const picture = init.tracks.find(({ kind }) => kind === 'video')?.picture
      return picture && picture.shownHeight > 0 ? picture.shownWidth / picture.shownHeight : null
    },
    played: (kind) => model?.played().find((track) => track.kind === kind) ?? null,
    get lengthMs() {
      return lengthMs
    },
  }
}

/** Those of the decoded pictures that stand at one of the times. Pure. */
export function picturesAt<Picture extends { readonly timeMs: number }>(
  timesMs: readonly number[],
  pictures: readonly Picture[],
): Picture[] {
  const inOrder = [...pictures].sort((a, b) => a.timeMs - b.timeMs)
  let at = 0
  return [...timesMs]
    .sort((a, b) => a - b)
    .flatMap((timeMs) => {
      while (at < inOrder.length && inOrder[at]!.timeMs < timeMs - sameKeyFrameMs) at++
      return at < inOrder.length && inOrder[at]!.timeMs <= timeMs + sameKeyFrameMs ? [inOrder[at++]!] : []
    })
}

/** The stretches from each picture that was not decoded to the next one that is to be. Pure. */
export function undecoded(expectedMs: readonly number[], decodedMs: readonly number[], endMs: number): Stretch[] {
  const found: { fromMs: number; toMs: number }[] = []
  const inOrder = [...expectedMs].sort((a, b) => a - b)
  const decoded = [...decodedMs].sort((a, b) => a - b)
  let at = 0
  for (const [place, fromMs] of inOrder.entries()) {
    while (at < decoded.length && decoded[at]! < fromMs - sameKeyFrameMs) at++
    if (at < decoded.length && decoded[at]! <= fromMs + sameKeyFrameMs) {
      at++
      continue
    }
    const toMs = inOrder[place + 1] ?? Math.max(fromMs, endMs)
    const last = found.at(-1)
    if (last?.toMs === fromMs) last.toMs = toMs
    else found.push({ fromMs, toMs })
  }
  return found
}
