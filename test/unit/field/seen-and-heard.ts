import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { sniffMedia } from '../../../workers/transcode/media-sniff.ts'
import { type Sniffed, sniffBytes } from '../../../workers/transcode/sniff/sniffed.ts'
import type { Sounding } from '../../field/case.ts'

// What an input holds, by the system's own ffmpeg: the inputs are our own, so no sandbox is needed.

const run = promisify(execFile)
const outputBytesMax = 64 * 1024 * 1024

export async function sniffFile(path: string): Promise<Sniffed> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffBytes), 0, sniffBytes, 0)
    return sniffMedia(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** An input, and whether its edit list hides a part of it. */
export interface Input {
  readonly path: string
  readonly isTrimmed: boolean
}

/** How to open it: streams that begin late count, packets that were cut do not. */
async function openedAs({ path, isTrimmed }: Input): Promise<string[]> {
  const sniffed = await sniffFile(path)
  if (sniffed.format === null) throw new Error(sniffed.reason)
  const edits = isTrimmed ? ['-ignore_editlist', '1'] : []
  const whole = ['-probesize', '200M', '-analyzeduration', '300M', '-skip_initial_bytes', String(sniffed.skipBytes)]
  return ['-v', 'quiet', '-fflags', '+discardcorrupt', ...edits, ...whole, '-f', sniffed.format, '-i', path]
}

export interface Stream {
  readonly codec_type: string
  readonly channels?: number
}

export interface Packets {
  readonly streams: readonly Stream[]
  /** The first packet's time, in seconds of the file's own clock. */
  readonly startSeconds: number
  /** From there to the end of the last packet, over all streams. */
  readonly lengthMs: number
}

interface Packet {
  readonly stream_index: number
  readonly pts_time?: string
  readonly duration_time?: string
}

export async function packetsOf(input: Input): Promise<Packets> {
  const entries = ['-show_entries', 'stream=codec_type,channels:packet=stream_index,pts_time,duration_time']
  const flags = [...(await openedAs(input)), ...entries, '-of', 'json']
  const { stdout } = await run('ffprobe', flags, { maxBuffer: outputBytesMax })
  const { streams, packets } = JSON.parse(stdout) as { streams: Stream[]; packets: Packet[] }
  const timed = packets.filter(({ pts_time }) => pts_time !== undefined)
  const durations = packets.map(({ duration_time }) => Number(duration_time ?? 0))
  // A bare stream says no times: one packet comes after the other.
  const allSeconds = durations.reduce((sum, seconds) => sum + seconds, 0)
  if (timed.length === 0) return { streams, startSeconds: 0, lengthMs: 1000 * allSeconds }
  const startSeconds = Math.min(...timed.map(({ pts_time }) => Number(pts_time)))
  const ends = timed.map(({ pts_time, duration_time }) => Number(pts_time) + Number(duration_time ?? 0))
  return { streams, startSeconds, lengthMs: 1000 * (Math.max(...ends) - startSeconds) }
}

/** The size of a picture as it is seen: upright, with square pixels. `number` counts the picture tracks. */
export async function sizeSeen(input: Input, number: number): Promise<{ width: number; height: number }> {
  const square = ['-map', `0:v:${number}`, '-frames:v', '1', '-vf', 'scale=iw*sar:ih,setsar=1']
  const png = ['-f', 'image2pipe', '-c:v', 'png', '-']
  const flags = [...(await openedAs(input)), ...square, ...png]
  const { stdout } = await run('ffmpeg', flags, { encoding: 'buffer', maxBuffer: outputBytesMax })
  return { width: stdout.readUInt32BE(16), height: stdout.readUInt32BE(20) }
}

const rate = 16_000
const windowMs = 20
const windowFrames = (rate * windowMs) / 1000
/** Of full scale; the tones of the inputs are far above, and what a coder leaves of silence far below. */
const loudnessMin = 0.01
/** Shorter silences are those of a coder that begins. */
const silenceMsMin = 200

/** Where each channel of each sound track is heard, measured from the file's first time. */
export async function heardIn(input: Input, { streams, startSeconds }: Packets): Promise<Sounding[]> {
  const tracks = streams.filter(({ codec_type }) => codec_type === 'audio')
  const hasPicture = tracks.length < streams.length
  const found: Sounding[] = []
  for (const [track, { channels = 0 }] of tracks.entries()) {
    // Sound alone has no holes; channels without a layout of loudspeakers cannot be resampled by name.
    const filter = `asetpts=PTS-${startSeconds}/TB,aresample=async=1:first_pts=0:min_hard_comp=0.05`
    const inStep = hasPicture ? ['-af', filter] : []
    const flags = ['-map', `0:a:${track}`, ...inStep, '-f', 'f32le', '-c:a', 'pcm_f32le', '-ar', String(rate), '-']
    // By its own clock: of a stream of packets, ffmpeg else counts from the first packet of the track that it is asked for.
    const opened = ['-copyts', ...(await openedAs(input))]
    const { stdout } = await run('ffmpeg', [...opened, ...flags], { encoding: 'buffer', maxBuffer: outputBytesMax })
    const samples = new Float32Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 4))
    for (let channel = 0; channel < channels; channel++) found.push(...spansOf(samples, { track, channel, channels }))
  }
  return found
}

function spansOf(
  samples: Float32Array,
  { track, channel, channels }: { track: number; channel: number; channels: number },
): Sounding[] {
  const spans: { track: number; channel: number; fromMs: number; toMs: number }[] = []
  const frames = Math.floor(samples.length / channels)
  for (let first = 0; first < frames; first += windowFrames) {
    let loudest = 0
    for (let frame = first; frame < Math.min(first + windowFrames, frames); frame++) {
      loudest = Math.max(loudest, Math.abs(samples[frame * channels + channel]!))
    }
    if (loudest < loudnessMin) continue
    const fromMs = (first * 1000) / rate
    const last = spans.at(-1)
    if (last && fromMs - last.toMs < silenceMsMin) last.toMs = fromMs + windowMs
    else spans.push({ track, channel, fromMs, toMs: fromMs + windowMs })
  }
  return spans
}
