import { execFile } from 'node:child_process'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type FragmentedFilm, openFragmentedFilm } from '../../workers/transcode/fragments/fragment-stream.ts'
import { MediaSourceModel, type PlayedTrack } from '../../workers/transcode/fragments/media-source-model.ts'
import { makeSegments, type Segment, type SegmentOptions } from '../../workers/transcode/fragments/segmenter.ts'
import { writeInit } from '../../workers/transcode/fragments/write-init.ts'

const run = promisify(execFile)

/** How ffmpeg is to write a film for us. */
export function fragmentedOutput(fragmentSeconds?: number): string[] {
  const duration = fragmentSeconds ? ['-frag_duration', String(fragmentSeconds * 1_000_000)] : []
  return [
    '-f',
    'mp4',
    '-movflags',
    '+empty_moov+default_base_moof+frag_keyframe+negative_cts_offsets',
    ...duration,
    '-',
  ]
}

/** What ffmpeg writes to its standard output. */
export async function ffmpegOutput(flags: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer' as const, maxBuffer: 256 * 1024 * 1024 }
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', ...flags], options)
  return stdout
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
  /** Longest fragment in seconds; without it fragments end at key pictures only. */
  readonly fragmentSeconds?: number
}

/** A small test film, as ffmpeg writes it for us. */
export function makeFragmentedFilm(options: FilmOptions): Promise<Buffer> {
  const { seconds, rate, keyEvery = 25, bFrames = 0, sampleRate, soundSeconds = seconds, loudness = '1' } = options
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
  return ffmpegOutput([
    '-max_interleave_delta',
    '0',
    ...inputs,
    ...outputs,
    ...fragmentedOutput(options.fragmentSeconds),
  ])
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
