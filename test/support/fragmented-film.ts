import { execFile } from 'node:child_process'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type FragmentedFilm, openFragmentedFilm } from '../../workers/transcode/fragments/fragment-stream.ts'
import { MediaSourceModel, type PlayedTrack } from '../../workers/transcode/fragments/media-source-model.ts'
import { makeSegments, type Segment, type SegmentOptions } from '../../workers/transcode/fragments/segmenter.ts'
import { writeInit } from '../../workers/transcode/fragments/write-init.ts'
import { fragmentFlags } from './fragment-flags.ts'

const run = promisify(execFile)

/** What a program writes to its standard output when it is given `input`. */
export async function outputOf(
  program: string,
  flags: readonly string[],
  input: Buffer = Buffer.alloc(0),
): Promise<Buffer> {
  const options = { encoding: 'buffer' as const, maxBuffer: 256 * 1024 * 1024 }
  const running = run(program, ['-v', 'error', ...flags], options)
  // A program that has seen enough closes its input.
  running.child.stdin!.on('error', () => undefined).end(input)
  return (await running).stdout
}

/** How many pictures and packets of sound ffmpeg decodes; what it complains of fails. */
export async function decodedFrames(film: Buffer): Promise<Record<string, number>> {
  const flags = ['-count_frames', '-show_entries', 'stream=codec_type,nb_read_frames', '-of', 'json', '-i', '-']
  const { streams } = JSON.parse((await outputOf('ffprobe', flags, film)).toString()) as Probed
  return Object.fromEntries(streams.map((stream) => [stream.codec_type, Number(stream.nb_read_frames ?? 0)]))
}

interface Probed {
  readonly streams: readonly { readonly codec_type: string; readonly nb_read_frames?: string }[]
}

export interface FilmOptions {
  readonly seconds: number
  /** Pictures a second; none: no picture. */
  readonly rate?: number
  readonly keyEvery?: number
  readonly bFrames?: number
  /** Samples of sound a second; none: no sound. */
  readonly sampleRate?: number
  readonly soundSeconds?: number
  /** Loudness over time `t` between 0 and 1, in ffmpeg's words; a steady tone without it. */
  readonly loudness?: string
  readonly videoFlags?: readonly string[]
  /** Longest fragment in seconds; 4 without it. */
  readonly fragmentSeconds?: number
}

/** A small test film, as ffmpeg writes it for us. */
export function makeFragmentedFilm(options: FilmOptions): Promise<Buffer> {
  const { seconds, rate, keyEvery = 25, bFrames = 0, sampleRate, soundSeconds = seconds, loudness = '1' } = options
  const fragmentSeconds = options.fragmentSeconds ? ['-frag_duration', String(options.fragmentSeconds * 1_000_000)] : []
  const inputs: string[] = []
  const outputs: string[] = []
  if (rate) {
    inputs.push('-f', 'lavfi', '-i', `testsrc2=s=128x72:r=${rate}:d=${seconds}`)
    const x264 = `scenecut=0:keyint=${keyEvery}:min-keyint=${keyEvery}:bframes=${bFrames}:b-adapt=0`
    outputs.push('-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x264-params', x264)
    outputs.push(...(options.videoFlags ?? []))
  }
  if (sampleRate) {
    inputs.push('-f', 'lavfi', '-i', `aevalsrc='(${loudness})*0.5*sin(1500*t)':s=${sampleRate}:d=${soundSeconds}`)
    outputs.push('-c:a', 'aac', '-b:a', '32k')
  }
  return outputOf('ffmpeg', ['-nostdin', ...inputs, ...outputs, ...fragmentFlags, ...fragmentSeconds, '-'])
}

/** Opens bytes as the film that they are, in chunks of a pipe's size. */
export function openBytes(bytes: Buffer): Promise<FragmentedFilm> {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 65_536) chunks.push(bytes.subarray(at, at + 65_536))
  return openFragmentedFilm(Readable.from(chunks, { objectMode: true }))
}

export interface Placed {
  readonly init: Buffer
  readonly film: FragmentedFilm
  readonly segments: readonly Segment[]
  readonly video: PlayedTrack | undefined
  readonly audio: PlayedTrack | undefined
}

export interface Placing {
  readonly videoMs?: number
  readonly audioMs?: number
  readonly isCopied?: boolean
  readonly segmentMs?: number
}

/** Cuts a film into segments and asks the model what is played of them. */
export async function placeFilm(bytes: Buffer, placing: Placing = {}): Promise<Placed> {
  const { videoMs = 0, audioMs = 0, isCopied = true, segmentMs = 4000 } = placing
  const film = await openBytes(bytes)
  const has = (kind: string) => film.init.tracks.some((track) => track.kind === kind)
  const options: SegmentOptions = {
    ...{ segmentMs, segmentMsMax: 60_000 },
    video: has('video') ? { firstMs: videoMs, isCopied } : null,
    audio: has('audio') ? { firstMs: audioMs } : null,
  }
  const init = writeInit(film.initBytes)
  const model = new MediaSourceModel(init)
  const segments: Segment[] = []
  for await (const segment of makeSegments(film.fragments, film.init, options)) {
    model.append(segment.bytes)
    segments.push(segment)
  }
  const played = model.played()
  const of = (kind: string) => played.find((track) => track.kind === kind)
  return { init, film, segments, video: of('video'), audio: of('audio') }
}
