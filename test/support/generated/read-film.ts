import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Account, PictureAccount, ShownPicture } from './account.ts'
import type { Span } from './clip.ts'
import { codeSide, readPicture } from './picture-code.ts'
import { type Piece, tonesIn } from './tones.ts'

const run = promisify(execFile)
const outputBytesMax = 64 * 1024 * 1024

/** A film to decode: the flags with which ffmpeg opens it. */
export interface Film {
  readonly path: string
  readonly flags: readonly string[]
  /** For what is decoded. */
  readonly folder: string
}

interface DescribedStream {
  readonly index: number
  readonly codec_type?: string
}

/** The frequencies that are looked for. */
export const allTones = Array.from({ length: 24 }, (_, at) => 500 + 200 * at)

/** What ffmpeg by itself shows of a file, with its own time stamps; the clock starts at the first packet that counts. */
export async function readSource(film: Film): Promise<Account | null> {
  const described = await describe(film)
  if (described === null) return null
  const { streams, zeroMs } = described
  const pictures: PictureAccount[] = []
  const tones = new Map<number, Span[][]>()
  const streamOfTone = new Map<number, number>()
  for (const { index, codec_type: kind } of streams) {
    if (kind === 'video') {
      const account = await readPictures(film, index, zeroMs)
      if (account) pictures.push(account)
    } else if (kind === 'audio') {
      for (const channel of await readSound(film, index, zeroMs)) {
        addTones(tones, channel)
        for (const hertz of channel.keys()) if (!streamOfTone.has(hertz)) streamOfTone.set(hertz, index)
      }
    }
  }
  return { pictures, tones, streamOfTone }
}

/** How long a film claims to last by the time stamps of its packets; 0 when it cannot be read. */
export async function claimedLengthMs(film: Film): Promise<number> {
  const described = await describe(film)
  return described === null ? 0 : described.lastMs - described.zeroMs
}

/** Adds where the tones sound in one more channel. */
export function addTones(tones: Map<number, Span[][]>, channel: ReadonlyMap<number, Span[]>): void {
  for (const [tone, spans] of channel) tones.set(tone, [...(tones.get(tone) ?? []), spans])
}

async function describe({
  path,
  flags,
}: Film): Promise<{ streams: DescribedStream[]; zeroMs: number; lastMs: number } | null> {
  const entries = ['packet=stream_index,pts_time,dts_time,flags', 'stream=index,codec_type'].join(':')
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'quiet', ...flags, '-show_entries', entries, '-of', 'json=c=1', path],
    { maxBuffer: outputBytesMax },
  ).catch((error: { stdout: string }) => error)
  const report = readJson(stdout) as {
    streams?: DescribedStream[]
    packets?: { stream_index: number; pts_time?: string; dts_time?: string; flags: string }[]
  } | null
  if (!report?.streams || !report.packets) return null
  const counted = new Set(
    report.streams.filter(({ codec_type: kind }) => kind === 'video' || kind === 'audio').map(({ index }) => index),
  )
  const times = report.packets
    .filter(({ stream_index: stream, flags: own }) => counted.has(stream) && !own.includes('D'))
    .map(({ pts_time: pts, dts_time: dts }) => Number(pts ?? dts))
    .filter((time) => Number.isFinite(time))
  const first = times.reduce((least, time) => Math.min(least, time), times[0] ?? 0)
  const last = times.reduce((most, time) => Math.max(most, time), first)
  return { streams: report.streams, zeroMs: first * 1000, lastMs: last * 1000 }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The lines of a filter that shows each frame, and what it passed on; what was decoded before an error counts. */
async function decode(
  film: Film,
  stream: number,
  filter: string,
  form: readonly string[],
): Promise<{ lines: string[]; bytes: Buffer; isConcealed: boolean }> {
  const out = join(film.folder, 'decoded.raw')
  const { stderr } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-hide_banner', '-nostats', '-y', '-threads', '1', '-copyts', ...film.flags, '-i', film.path],
      ...['-map', `0:${stream}`, filter.startsWith('a') ? '-af' : '-vf', filter, '-vsync', 'passthrough', ...form, out],
    ],
    { maxBuffer: outputBytesMax },
  ).catch((error: { stderr: string }) => error)
  const lines = stderr.split('\n').filter((line) => /showinfo@ours.* pts_time:/.test(line))
  const isConcealed = stderr.includes(`: corrupt decoded frame in stream ${stream}\n`)
  return { lines, bytes: lines.length === 0 ? Buffer.alloc(0) : await readFile(out), isConcealed }
}

/** The pictures of one stream, on a clock that starts at `zeroMs` of the file's own. */
export async function readPictures(film: Film, stream: number, zeroMs: number): Promise<PictureAccount | null> {
  const filter = `showinfo@ours=checksum=0,scale=${codeSide}:${codeSide}:flags=area,format=gray`
  const { lines, bytes, isConcealed } = await decode(film, stream, filter, ['-f', 'rawvideo'])
  const pictureBytes = codeSide * codeSide
  const shown: ShownPicture[] = []
  let aspect = 0
  for (const [at, line] of lines.entries()) {
    const facts = / pts_time:(\S+).* sar:(\d+)\/(\d+) s:(\d+)x(\d+) /.exec(line)
    const picture = bytes.subarray(at * pictureBytes, (at + 1) * pictureBytes)
    if (!facts || picture.length < pictureBytes) continue
    const [seconds, above, below, width, height] = facts.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ]
    if (!Number.isFinite(seconds)) continue
    if (aspect === 0) aspect = ((above > 0 ? above / below : 1) * width) / height
    const read = readPicture(picture)
    shown.push({ atMs: seconds * 1000 - zeroMs, number: read?.number ?? null, corners: read?.corners ?? null })
  }
  if (shown.length === 0) return null
  shown.sort((one, other) => one.atMs - other.atMs)
  const steps = shown
    .slice(1)
    .map(({ atMs }, at) => atMs - shown[at]!.atMs)
    .sort((one, other) => one - other)
  const frameMs = steps[Math.floor(steps.length / 2)] ?? 40
  return { shown, endMs: shown.at(-1)!.atMs + frameMs, aspect, frameMs, stream, isConcealed }
}

/** Where each tone sounds in each channel of one stream. */
async function readSound(film: Film, stream: number, zeroMs: number): Promise<Map<number, Span[]>[]> {
  const { lines, bytes } = await decode(film, stream, 'ashowinfo@ours,aformat=sample_fmts=flt', ['-f', 'f32le'])
  const pieces: Piece[][] = []
  let sampleRate = 0
  let offset = 0
  for (const line of lines) {
    const facts = / pts_time:(\S+).* channels:(\d+) .*rate:(\d+) nb_samples:(\d+) /.exec(line)
    if (!facts) continue
    const [seconds, channels, rate, count] = facts.slice(1).map(Number) as [number, number, number, number]
    sampleRate ||= rate
    const frame = bytes.subarray(offset, offset + count * channels * 4)
    offset += count * channels * 4
    if (!Number.isFinite(seconds) || rate !== sampleRate || frame.length < count * channels * 4) continue
    for (let channel = 0; channel < channels; channel++) {
      pieces[channel] ??= []
      pieces[channel]!.push({ atMs: seconds * 1000 - zeroMs, samples: samplesOf(frame, channel, channels) })
    }
  }
  return pieces.map((channel) => tonesIn(channel ?? [], sampleRate, allTones))
}

/** One channel of interleaved 32-bit floats. */
function samplesOf(bytes: Buffer, channel: number, channels: number): Float32Array {
  const samples = new Float32Array(bytes.length / 4 / channels)
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readFloatLE((at * channels + channel) * 4)
  return samples
}

/** Where each tone sounds when all samples of a sound stream follow one another from `fromMs` on. */
export async function readSoundBackToBack(film: Film, stream: number, fromMs: number): Promise<Map<number, Span[]>[]> {
  const { lines, bytes } = await decode(film, stream, 'ashowinfo@ours,aformat=sample_fmts=flt', ['-f', 'f32le'])
  const facts = / channels:(\d+) .*rate:(\d+) /.exec(lines[0] ?? '')
  if (!facts) return []
  const [channels, sampleRate] = facts.slice(1).map(Number) as [number, number]
  return Array.from({ length: channels }, (_, channel) =>
    tonesIn([{ atMs: fromMs, samples: samplesOf(bytes, channel, channels) }], sampleRate, allTones),
  )
}
