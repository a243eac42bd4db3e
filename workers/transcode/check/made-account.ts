import { isFault } from '../../../services/foundation/errors.ts'
import { boxesIn, onlyBox } from '../fragments/boxes.ts'
import { MediaSourceModel, type PlayedTrack } from '../fragments/media-source-model.ts'
import { type Init, readInit } from '../fragments/read-init.ts'
import { readFragment, type TrackSamples } from '../fragments/read-moof.ts'
import type { Stretch } from '../inventory/inventory.ts'
import type { Difference } from './findings.ts'

/** Where a segment stands on the recording's clock, as it is published. */
export interface Place {
  readonly startMs: number
  readonly durationMs: number
}

/** Keeps account of the pieces of one track: what they say they hold, against which is set what can be decoded of them. */
export interface MadeAccount {
  add(kind: 'init' | 'segment', bytes: Buffer, place: Place): void
  /** From each time on, how much longer the sound lasts by its time stamps than its packets sound: pauses between them. */
  readonly pauses: readonly { readonly atMs: number; readonly totalMs: number }[]
  /** Times of all key frames, in order. */
  readonly keyFramesMs: readonly number[]
  /** From the first to the end of the last sound that the fragments hold; null without. */
  readonly sound: Stretch | null
  /** Width ÷ height of the picture as a player shows it; null without a picture. */
  readonly aspect: number | null
  /** How a browser's Media Source plays it. */
  played(kind: PlayedTrack['kind']): PlayedTrack | null
  /** The lengths of all segments together. */
  readonly lengthMs: number
  /** Pieces that are no fragments at all. */
  readonly damaged: readonly Stretch[]
}

/** Fragments laid end to end differ by rounding only. */
const roundingMs = 2

/** Decoders round times to their own time base; key frames are never so close. */
const sameKeyFrameMs = 15

export function madeAccount(): MadeAccount {
  let init: Init = { tracks: [] }
  let model: MediaSourceModel | null = null
  const keyFramesMs: number[] = []
  const pauses: { atMs: number; totalMs: number }[] = []
  let pausesMs = 0
  const damaged: Stretch[] = []
  let sound: { fromMs: number; toMs: number } | null = null
  let lengthMs = 0

  const addPictures = ({ track, decodeTicks, samples }: TrackSamples): void => {
    let ticks = decodeTicks
    for (const { durationTicks, compositionTicks, isKey } of samples) {
      if (isKey) keyFramesMs.push(((ticks + compositionTicks) * 1000) / track.timescale)
      ticks += durationTicks
    }
  }

  const addSound = ({ track, decodeTicks, samples }: TrackSamples): void => {
    let ticks = decodeTicks
    for (const { durationTicks } of samples) {
      const fromMs = (ticks * 1000) / track.timescale
      pausesMs += sound === null ? 0 : fromMs - sound.toMs
      if (Math.abs(pausesMs - (pauses.at(-1)?.totalMs ?? 0)) > roundingMs) {
        pauses.push({ atMs: fromMs, totalMs: pausesMs })
      }
      const toMs = fromMs + (track.sound!.packetTicks * 1000) / track.timescale
      sound = { fromMs: sound?.fromMs ?? fromMs, toMs }
      ticks += durationTicks
    }
  }

  const addSegment = (segment: Buffer): void => {
    const boxes = boxesIn(segment, { from: 0, to: segment.length })
    const mdat = onlyBox(boxes, 'mdat')
    const moof = segment.subarray(0, onlyBox(boxes, 'moof').to)
    const { tracks } = readFragment(init, { moof, mdatBody: segment.subarray(mdat.from, mdat.to), mdatHeaderBytes: 8 })
    for (const track of tracks) (track.track.kind === 'video' ? addPictures : addSound)(track)
    model?.append(segment)
  }

  return {
    add(kind, bytes, { startMs, durationMs }) {
      lengthMs += durationMs
      try {
        if (kind === 'segment') addSegment(bytes)
        else {
          init = readInit(bytes)
          model = new MediaSourceModel(bytes)
        }
      } catch (error) {
        if (!isFault(error, 'bad_request')) throw error
        damaged.push({ fromMs: startMs, toMs: startMs + durationMs })
      }
    },
    pauses,
    keyFramesMs,
    damaged,
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

/** The stretches from each key frame that was not decoded to the next one: both lists are in order. Pure. */
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

/** Says of each stretch that it is damaged. Pure. */
export function damagedAt(stretches: readonly Stretch[]): Difference[] {
  return stretches.map(({ fromMs, toMs }) => ({ what: 'damaged', fromMs: Math.round(fromMs), toMs: Math.round(toMs) }))
}
