// The grammar of generated recordings: what a clip of up to 2 s may hold, and how it may be damaged.

import { createHash } from 'node:crypto'
import { seededRandom } from '../seeded-random.ts'

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export interface ClipPicture {
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly rate: number
  /** Pictures are numbered from 0; those of the gap are left out. */
  readonly frames: number
  readonly gap: { readonly from: number; readonly to: number } | null
  readonly startMs: number
  readonly keyEvery: number
  readonly bFrames: number
  readonly pixelAspect: readonly [number, number]
  /** a b c d of the display matrix: x' = ax + cy, y' = bx + dy, y pointing down. */
  readonly matrix: readonly [number, number, number, number]
}

export interface ClipSound {
  readonly codec: string
  readonly sampleRate: number
  /** A tone of its own for each channel, and when it sounds on the clip's clock. */
  readonly channels: readonly { readonly hertz: number; readonly bursts: readonly Span[] }[]
  readonly startMs: number
  readonly endMs: number
  /** In the coder's frames, counted from the track's start; those of the gap are left out. */
  readonly frameSamples: number
  readonly gap: { readonly from: number; readonly to: number } | null
  /** What the coder puts before the first sample. */
  readonly primingSamples: number
}

/** Places are shares of the file, from 0 to 1. */
export type Damage =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'zeros'; readonly at: number; readonly share: number }
  | { readonly kind: 'flips'; readonly at: readonly number[] }
  | { readonly kind: 'before' | 'after'; readonly bytes: number; readonly seed: number }

export interface Clip {
  readonly seed: number
  readonly container: Container
  readonly pictures: readonly ClipPicture[]
  readonly sounds: readonly ClipSound[]
  readonly damage: Damage | null
}

interface Kind {
  readonly format: string
  readonly flags?: readonly string[]
  readonly pictures: readonly string[]
  readonly sounds: readonly string[]
  readonly soundsMax: number
  readonly picturesMax: number
  /** Whether tracks have times of their own. */
  readonly isTimed: boolean
  readonly isTurned: boolean
  readonly hasGaps: { readonly pictures: boolean; readonly sounds: readonly string[] }
  /** Whether what a coder puts before the first sample is part of the sound. */
  readonly keepsPriming: boolean
}

const anyTimed = {
  ...{ isTimed: true, isTurned: false, keepsPriming: false, soundsMax: 3, picturesMax: 2 },
  hasGaps: { pictures: true, sounds: ['aac', 'mp2', 'ac3', 'flac', 'pcm'] },
} as const
const fragmented = ['-movflags', '+frag_keyframe+delay_moov+default_base_moof']

/** By ending; `flags` are ffmpeg's. */
export const containers = {
  mp4: {
    ...anyTimed,
    format: 'mp4',
    isTurned: true,
    pictures: ['h264', 'h264', 'mpeg4', 'hevc'],
    sounds: ['aac', 'ac3'],
  },
  'fragments.mp4': {
    ...{ ...anyTimed, format: 'mp4', flags: fragmented, isTurned: true },
    ...{ pictures: ['h264', 'mpeg4'], sounds: ['aac'] },
  },
  mov: {
    ...{ ...anyTimed, format: 'mov', isTurned: true, hasGaps: { pictures: true, sounds: ['aac'] } },
    ...{ pictures: ['h264', 'mjpeg'], sounds: ['pcm', 'pcm', 'aac'] },
  },
  mkv: {
    ...anyTimed,
    format: 'matroska',
    keepsPriming: true,
    pictures: ['h264', 'mpeg4', 'mjpeg', 'mpeg2'],
    sounds: ['pcm', 'aac', 'mp2', 'flac'],
  },
  ts: {
    ...anyTimed,
    format: 'mpegts',
    keepsPriming: true,
    pictures: ['h264', 'mpeg2', 'hevc'],
    sounds: ['aac', 'mp2'],
  },
  mpg: {
    ...{
      ...anyTimed,
      format: 'vob',
      keepsPriming: true,
      picturesMax: 1,
      hasGaps: { pictures: false, sounds: ['mp2'] },
    },
    ...{ pictures: ['mpeg2'], sounds: ['mp2'] },
  },
  flv: {
    ...{ ...anyTimed, format: 'flv', keepsPriming: true, picturesMax: 1, soundsMax: 1 },
    ...{ pictures: ['h264', 'flv1'], sounds: ['aac'] },
  },
  avi: { ...anyTimed, format: 'avi', isTimed: false, pictures: ['mpeg4', 'mjpeg'], sounds: ['pcm', 'mp2'] },
  wav: { ...anyTimed, format: 'wav', isTimed: false, soundsMax: 1, picturesMax: 0, pictures: [], sounds: ['pcm'] },
} as const satisfies Record<string, Kind>
export type Container = keyof typeof containers

/** The demuxers that open the containers. */
export const demuxers: Readonly<Record<Container, string>> = {
  ...{ mp4: 'mov', 'fragments.mp4': 'mov', mov: 'mov', mkv: 'matroska', ts: 'mpegts', mpg: 'mpeg', flv: 'flv' },
  ...{ avi: 'avi', wav: 'wav' },
}

interface Dice {
  readonly chance: (share: number) => boolean
  /** A whole number from `least` to `most`. */
  readonly whole: (least: number, most: number) => number
  readonly one: <T>(of: readonly T[]) => T
  readonly share: () => number
}

function diceOf(seed: number): Dice {
  // Seeds that are close would begin alike.
  const random = seededRandom(createHash('sha256').update(String(seed)).digest().readUInt32BE(0))
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  return { chance: (share) => random() < share, whole, one: (of) => of[whole(0, of.length - 1)]!, share: random }
}

const turns: readonly ClipPicture['matrix'][] = [
  ...([
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
  ] as const),
  ...([
    [-1, 0, 0, 1],
    [1, 0, 0, -1],
    [0, 1, 1, 0],
    [0, -1, -1, 0],
  ] as const),
]
const startsMs = [0, 0, 0, 120, 400, 1000]

/** The clip of a seed. Pure. */
export function clipOf(seed: number): Clip {
  const dice = diceOf(seed)
  const container = dice.one(Object.keys(containers) as Container[])
  const kind: Kind = containers[container]
  const hasPicture = kind.picturesMax > 0 && dice.chance(0.85)
  const pictureCount = !hasPicture ? 0 : kind.picturesMax > 1 && dice.chance(0.2) ? 2 : 1
  const soundCount = Math.min(kind.soundsMax, hasPicture ? dice.one([0, 1, 1, 1, 2, 3]) : dice.one([1, 1, 2]))
  const isEven = !kind.isTimed || dice.chance(0.4)
  const starts = Array.from({ length: pictureCount + soundCount }, () => (isEven ? 0 : dice.one(startsMs)))
  const first = Math.min(...starts)
  const pictures = starts.slice(0, pictureCount).map((at) => pictureOf(dice, kind, at - first))
  const sounds: ClipSound[] = []
  for (const at of starts.slice(pictureCount)) {
    sounds.push(soundOf(dice, kind, { startMs: at - first, tones: sounds.flatMap(({ channels }) => channels).length }))
  }
  return { seed, container, pictures, sounds, damage: dice.chance(0.45) ? damageOf(dice) : null }
}

function pictureOf(dice: Dice, kind: Kind, startMs: number): ClipPicture {
  const codec = dice.one(kind.pictures)
  const isOdd = ['mpeg4', 'mjpeg'].includes(codec) && dice.chance(0.3)
  const rate = codec === 'mpeg2' ? dice.one([25, 30]) : dice.one([10, 15, 25, 25, 30])
  const frames = Math.max(
    3,
    Math.round((dice.whole(500, 1000 - startMs / 4) * 2 * rate) / 1000) - Math.ceil((startMs * rate) / 1000),
  )
  const from = dice.whole(1, frames - 2)
  const [width, height] = dice.one([
    [160, 120],
    [192, 108],
    [128, 160],
  ] as const)
  return {
    ...{ codec, rate, frames, startMs },
    ...{ width: width + (isOdd ? 1 : 0), height: height - (isOdd ? 1 : 0) },
    gap:
      kind.isTimed && kind.hasGaps.pictures && frames > 8 && dice.chance(0.25)
        ? { from, to: dice.whole(from + 1, frames - 1) }
        : null,
    ...{ keyEvery: dice.one([1, 5, 12, 250]), bFrames: codec === 'h264' ? dice.one([0, 0, 2]) : 0 },
    pixelAspect:
      !['flv1', 'mpeg2'].includes(codec) && dice.chance(0.2)
        ? dice.one([
            [4, 3],
            [3, 4],
          ] as const)
        : [1, 1],
    matrix: kind.isTurned && dice.chance(0.35) ? dice.one(turns) : [1, 0, 0, 1],
  }
}

const coderOf: Readonly<
  Record<string, { samples: number; priming: number; rates: readonly number[]; channelsMax: number }>
> = {
  aac: { samples: 1024, priming: 1024, rates: [44_100, 48_000], channelsMax: 5 },
  mp2: { samples: 1152, priming: 481, rates: [44_100, 48_000], channelsMax: 2 },
  ac3: { samples: 1536, priming: 256, rates: [48_000], channelsMax: 2 },
  flac: { samples: 1152, priming: 0, rates: [44_100, 48_000], channelsMax: 8 },
  pcm: { samples: 0, priming: 0, rates: [8000, 16_000, 44_100, 48_000], channelsMax: 8 },
}
/** Where the coder blurs what it sees: no tone begins or ends so close to an edge of a coded track. */
const marginMs = 70

function soundOf(dice: Dice, kind: Kind, { startMs, tones }: { startMs: number; tones: number }): ClipSound {
  const codec = dice.one(kind.sounds)
  const coder = coderOf[codec]!
  const count = Math.min(coder.channelsMax, kind.format === 'flv' ? 2 : 8, dice.one([1, 1, 1, 2, 2, 2, 3, 4, 5, 6, 8]))
  const isLow = tones + count <= 12
  const sampleRate = kind.format === 'flv' ? 44_100 : dice.one(coder.rates.filter((rate) => isLow || rate > 16_000))
  const frameSamples = coder.samples || sampleRate / 100
  const frameMs = (frameSamples * 1000) / sampleRate
  const endMs = startMs + dice.whole(800, Math.max(900, 2000 - startMs))
  const frames = Math.floor((endMs - startMs) / frameMs)
  const from = dice.whole(4, Math.floor(frames / 2))
  const gap =
    kind.isTimed && kind.hasGaps.sounds.includes(codec) && dice.chance(0.25)
      ? { from, to: Math.min(frames - 4, from + dice.whole(4, 20)) }
      : null
  const margin = codec === 'pcm' ? 0 : marginMs
  const cuts = gap === null ? [] : [startMs + gap.from * frameMs, startMs + gap.to * frameMs]
  const edges = [startMs, ...cuts, endMs]
  const covered = edges.flatMap((fromMs, at) =>
    at % 2 === 0 ? [{ fromMs: fromMs + margin, toMs: edges[at + 1]! - margin }] : [],
  )
  const channels = Array.from({ length: count }, (_, at) => ({
    hertz: 500 + 200 * (tones + at),
    bursts: burstsIn(dice, covered),
  }))
  return { codec, sampleRate, channels, startMs, endMs, frameSamples, gap, primingSamples: coder.priming }
}

function burstsIn(dice: Dice, covered: readonly Span[]): Span[] {
  const bursts: Span[] = []
  for (const { fromMs, toMs } of covered) {
    let at = fromMs + (dice.chance(0.4) ? 0 : dice.whole(0, 200))
    while (at + 160 <= toMs) {
      const end = Math.min(toMs, at + dice.whole(160, 500))
      bursts.push({ fromMs: at, toMs: end })
      at = end + dice.whole(160, 400)
    }
  }
  return bursts
}

function damageOf(dice: Dice): Damage {
  const kind = dice.one(['cut', 'cut', 'cut', 'zeros', 'zeros', 'flips', 'flips', 'before', 'after'] as const)
  const at = 0.1 + 0.88 * dice.share()
  if (kind === 'cut') return { kind, at }
  if (kind === 'zeros') return { kind, at, share: 0.01 + 0.2 * dice.share() }
  if (kind === 'flips') return { kind, at: Array.from({ length: dice.whole(1, 12) }, () => dice.share()) }
  return { kind, bytes: dice.whole(1, 600), seed: dice.whole(1, 1_000_000) }
}
