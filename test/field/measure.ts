import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DetailsOf } from '../../services/custody/events/kinds.ts'
import type { RenditionDifference } from '../../services/custody/events/words.ts'
import { MediaSourceModel, type PlayedTrack } from '../../workers/transcode/fragments/media-source-model.ts'
import { readInit } from '../../workers/transcode/fragments/read-init.ts'
import type { Seen, Sounding } from './case.ts'
import type { Docked, ServedTrack } from './dock.ts'
import { spansOf } from './spans.ts'

/** What a person sees, hears and is told of a docked file. */
export type Found =
  | { readonly kind: 'not_playable'; readonly reason: string }
  | { readonly kind: 'still'; readonly picture: Seen; readonly differences: readonly RenditionDifference[] }
  | FoundFilm

export interface FoundFilm {
  readonly kind: 'video' | 'audio'
  /** Of the main track. */
  readonly lengthMs: number
  /** Of the longest track: a trimmed film has a further track that shows all of it. */
  readonly wholeMs: number
  /** One of each picture stream, the main one first. */
  readonly pictures: readonly Seen[]
  /** The main picture's beginning, as `picturePoints` samples it; null without one. */
  readonly firstPicture: Buffer | null
  readonly sound: readonly Sounding[]
  /** What the main track alone plays. */
  readonly mainSound: readonly Sounding[]
  readonly differences: readonly RenditionDifference[]
  /** Times nearer than this are the same: 40 ms, or one picture or packet of the original. */
  readonly toleranceMs: number
  /** What would make a player stop, or the ledger count wrongly; empty when there is none. */
  readonly faults: readonly string[]
}

const run = promisify(execFile)
const bytesMax = 256 * 1024 * 1024
/** A picture is compared by its brightness at so many points each way. */
const points = 24
const toleranceMs = 40
/** A time-lapse has its pictures far apart, and its times are as exact as any. */
const toleranceMsMax = 100

/** Grey values at 24 × 24 points of a picture that ffmpeg makes with these flags. */
export async function picturePoints(flags: readonly string[]): Promise<Buffer> {
  const grey = ['-frames:v', '1', '-vf', `scale=${points}:${points}:flags=area,format=gray`, '-f', 'rawvideo', '-']
  return decoded([...flags, ...grey])
}

/** Measures what a browser plays of what is served, by the model of Media Source. */
export async function measure(docked: Docked): Promise<Found> {
  if (docked.state === 'not_playable') return { kind: 'not_playable', reason: docked.reason }
  const folder = await mkdtemp(join(tmpdir(), 'custody-field-'))
  try {
    if (docked.state === 'film') return await measureFilm(docked, folder)
    const path = join(folder, 'still.jpg')
    await writeFile(path, docked.content)
    return { kind: 'still', picture: await sizeOf(path), differences: differencesIn(docked.told) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureFilm(
  { tracks, told, inventory }: Extract<Docked, { state: 'film' }>,
  folder: string,
): Promise<FoundFilm> {
  const soundStreams = inventory.tracks.filter(({ kind }) => kind === 'sound').map(({ stream }) => stream)
  const pictureStreams = inventory.tracks.filter(({ kind }) => kind === 'picture').map(({ stream }) => stream)
  const pictures = new Map<number, Seen>()
  const sound: Sounding[] = []
  let mainSound: readonly Sounding[] = []
  const faults: string[] = []
  const lengthsMs: number[] = []
  let firstPicture: Buffer | null = null
  for (const served of tracks) {
    const path = join(folder, `${served.track}.mp4`)
    await writeFile(path, Buffer.concat([served.init, ...served.segments.map(({ content }) => content)]))
    const played = playedOf(served)
    const lengthMs = Math.max(...played.map(({ endMs }) => endMs ?? 0))
    lengthsMs.push(lengthMs)
    faults.push(...faultsOf(served, played, lengthMs))
    const picture = served.streams.find((stream) => pictureStreams.includes(stream))
    if (picture !== undefined && !pictures.has(picture)) pictures.set(picture, await sizeOf(path))
    if (picture !== undefined && served.track === 0) firstPicture = await picturePoints(['-i', path])
    const heard = played.find(({ kind }) => kind === 'audio')
    const stream = served.streams.find((one) => soundStreams.includes(one))
    if (!heard || stream === undefined) continue
    const own = await heardIn({ served, path, fromMs: heard.firstMs ?? 0 }, soundStreams.indexOf(stream))
    if (served.track === 0) mainSound = own
    sound.push(...own)
  }
  return {
    kind: pictures.size > 0 ? 'video' : 'audio',
    ...{ lengthMs: lengthsMs[0] ?? 0, wholeMs: Math.max(...lengthsMs), pictures: [...pictures.values()], firstPicture },
    ...{
      sound: withoutParts(sound),
      mainSound,
      differences: differencesIn(told),
      faults,
      toleranceMs: toleranceOf(inventory),
    },
  }
}

/** @throws bad_request when a browser would refuse a segment */
function playedOf({ init, segments }: ServedTrack): PlayedTrack[] {
  const model = new MediaSourceModel(init)
  for (const { content } of segments) model.append(content)
  return model.played()
}

function faultsOf({ track, segments }: ServedTrack, played: readonly PlayedTrack[], lengthMs: number): string[] {
  const faults: string[] = []
  const add = (fault: string) => faults.push(`track ${track}: ${fault}`)
  for (const { kind, gaps, overlaps, driftMs, firstMs } of played) {
    for (const { fromMs, toMs } of gaps) add(`a player stands still in a gap of the ${kind}, ${fromMs} to ${toMs} ms`)
    for (const { fromMs, toMs } of overlaps) add(`${kind} overlaps itself from ${fromMs} to ${toMs} ms`)
    if (driftMs > toleranceMs) add(`the ${kind} strays by ${driftMs} ms`)
    if (firstMs === null || firstMs > toleranceMsMax) add(`the ${kind} begins at ${firstMs} ms only`)
  }
  const countedMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0)
  if (Math.abs(countedMs - lengthMs) > toleranceMs) add(`the ledger counts ${countedMs} ms of ${lengthMs} ms`)
  return faults
}

async function heardIn(
  { served, path, fromMs }: { served: ServedTrack; path: string; fromMs: number },
  track: number,
): Promise<Sounding[]> {
  const { channels, sampleRate: rate } = readInit(served.init).tracks.find(({ kind }) => kind === 'audio')!.sound!
  const bytes = await decoded([
    '-i',
    path,
    '-map',
    '0:a:0',
    '-f',
    'f32le',
    '-ac',
    String(channels),
    '-ar',
    String(rate),
    '-',
  ])
  const samples = new Float32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 4))
  return Array.from({ length: channels }, (_, channel) =>
    spansOf(samples, { channel, channels, rate }).map((span) => ({
      ...{ track, channel: served.channels ? served.channels[channel]! - 1 : channel },
      ...{ fromMs: fromMs + span.fromMs, toMs: fromMs + span.toMs },
    })),
  ).flat()
}

/** What two tracks show is there once: the shorter stretch of a channel lies within the longer one. */
function withoutParts(sound: readonly Sounding[]): Sounding[] {
  const holds = (whole: Sounding, part: Sounding): boolean =>
    whole !== part &&
    whole.track === part.track &&
    whole.channel === part.channel &&
    whole.fromMs <= part.fromMs + toleranceMs &&
    whole.toMs > part.toMs
  return sound.filter((part) => !sound.some((whole) => holds(whole, part)))
}

function differencesIn({ differences = [] }: DetailsOf<'rendition.ready'>): RenditionDifference[] {
  return [...new Set(differences.map(({ what }) => what))]
}

function toleranceOf({ tracks }: Extract<Docked, { state: 'film' }>['inventory']): number {
  const packetsMs = tracks.map(({ firstMs, endMs, packets }) =>
    packets > 1 && firstMs !== null && endMs !== null ? (endMs - firstMs) / packets : 0,
  )
  return Math.max(toleranceMs, Math.min(toleranceMsMax, ...[Math.max(0, ...packetsMs)]))
}

async function sizeOf(path: string): Promise<Seen> {
  const png = await decoded([
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    'scale=iw*sar:ih',
    '-f',
    'image2pipe',
    '-c:v',
    'png',
    '-',
  ])
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
}

async function decoded(flags: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', '-threads', '1', ...flags], {
    encoding: 'buffer',
    maxBuffer: bytesMax,
  })
  return stdout
}
