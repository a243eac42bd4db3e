// Ordinary recordings of six kinds with random contents, made by a few runs of ffmpeg.

import { join } from 'node:path'
import { ffmpeg } from './renditions.ts'

export interface Recording {
  readonly name: string
  readonly path: string
  readonly format: string
}

interface Kind {
  readonly ending: string
  readonly format: string
  readonly picture: readonly string[] | null
  readonly sound: readonly string[]
  readonly sampleRates: readonly number[]
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '20']
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1', '-x265-params']
const kinds: Readonly<Record<string, Kind>> = {
  mp4: { ending: 'mp4', format: 'mov', picture: x264, sound: ['-c:a', 'aac'], sampleRates: [8000, 16_000, 48_000] },
  ts: { ending: 'ts', format: 'mpegts', picture: x264, sound: ['-c:a', 'mp2'], sampleRates: [32_000, 48_000] },
  avi: { ending: 'avi', format: 'avi', picture: ['-c:v', 'mjpeg'], sound: ['-c:a', 'pcm_s16le'], sampleRates: [8000] },
  hevc: {
    ...{ ending: 'mp4', format: 'mov', picture: [...x265, 'log-level=none:pools=1:frame-threads=1'] },
    ...{ sound: ['-c:a', 'aac'], sampleRates: [48_000] },
  },
  mov: { ending: 'mov', format: 'mov', picture: x264, sound: ['-c:a', 'pcm_s16be'], sampleRates: [44_100, 48_000] },
  wav: { ending: 'wav', format: 'wav', picture: null, sound: ['-c:a', 'pcm_s16le'], sampleRates: [8000, 44_100] },
  g726: { ending: 'wav', format: 'wav', picture: null, sound: ['-c:a', 'g726', '-ac', '1'], sampleRates: [8000] },
  mp3: { ending: 'mp3', format: 'mp3', picture: null, sound: ['-c:a', 'libmp3lame'], sampleRates: [16_000, 44_100] },
}

export const recordingSeconds = 2
export const kindNames = Object.keys(kinds)

/** Makes `count` recordings of one kind in the folder. */
export async function makeRecordings(
  folder: string,
  kindName: string,
  count: number,
  seed: number,
): Promise<Recording[]> {
  const kind = kinds[kindName]!
  const random = randomOf(seed)
  const inputs: string[] = []
  const outputs: string[] = []
  const made: Recording[] = []
  for (let number = 0; number < count; number++) {
    const content = contents[number % contents.length]!
    const name = `${kindName}-${number}-${content.name}`
    const path = join(folder, `${name}.${kind.ending}`)
    const place = number * (kind.picture ? 2 : 1)
    const rate = kind.sampleRates[number % kind.sampleRates.length]!
    inputs.push('-f', 'lavfi', '-i', content.sound(random))
    if (kind.picture) inputs.push('-f', 'lavfi', '-i', pictureOf(random))
    outputs.push(
      ...['-map', `${place}:a`, ...(kind.picture ? ['-map', `${place + 1}:v`, ...kind.picture] : [])],
      ...[...kind.sound, '-ar', String(rate), '-t', String(recordingSeconds), path],
    )
    made.push({ name, path, format: kind.format })
  }
  await ffmpeg([...inputs, ...outputs])
  return made
}

type Random = () => number

function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const between = (random: Random, least: number, most: number): string => (least + random() * (most - least)).toFixed(3)

/** A voice: tones that come and go a few times a second. */
function voice(random: Random, loudness: number): string {
  const tone = (): string =>
    `${between(random, 0.3 * loudness, loudness)}*sin(2*PI*${between(random, 120, 900)}*t)` +
    `*gt(sin(2*PI*${between(random, 1, 4)}*t+${between(random, 0, 6)})\\,${between(random, -0.5, 0.5)})`
  return `${tone()}+${tone()}`
}

function music(random: Random): string {
  const tone = (): string =>
    `0.2*sin(2*PI*${between(random, 200, 3000)}*t)*(1+0.6*sin(2*PI*${between(random, 0.3, 6)}*t))`
  return `${tone()}+${tone()}+${tone()}`
}

const source = (...channels: string[]): string => `aevalsrc=exprs=${channels.join('|')}:s=48000:d=${recordingSeconds}`

const contents: readonly { readonly name: string; readonly sound: (random: Random) => string }[] = [
  { name: 'voice', sound: (random) => source(voice(random, 0.4)) },
  { name: 'two-voices', sound: (random) => source(voice(random, 0.4), voice(random, 0.4)) },
  { name: 'noise', sound: (random) => noise('white', random) },
  { name: 'street', sound: (random) => noise('pink', random) },
  { name: 'music', sound: (random) => source(music(random), music(random)) },
  { name: 'low', sound: (random) => source(voice(random, 0.006)) },
  { name: 'clipped', sound: (random) => source(voice(random, 8)) },
  { name: 'silent', sound: () => source('0') },
]

function noise(colour: string, random: Random): string {
  const [seed, loudness] = [Math.floor(random() * 1e6), between(random, 0.02, 0.5)]
  return `anoisesrc=c=${colour}:s=${seed}:a=${loudness}:r=48000:d=${recordingSeconds}`
}

function pictureOf(random: Random): string {
  const size = ['160x120', '176x144', '320x180'][Math.floor(random() * 3)]
  const rate = ['10', '15', '25', '30000/1001'][Math.floor(random() * 4)]
  const scene = [
    `testsrc2=s=${size}:r=${rate}`,
    `smptebars=s=${size}:r=${rate}`,
    `gradients=s=${size}:r=${rate}:seed=${Math.floor(random() * 1e6)}:speed=0.02`,
    `color=c=gray:s=${size}:r=${rate}`,
  ][Math.floor(random() * 4)]
  return `${scene}:d=${recordingSeconds},noise=alls=12:allf=t:all_seed=${Math.floor(random() * 1e6)}`
}
