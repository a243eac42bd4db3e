// Recordings as plain ffmpeg makes them, and plain renditions of them, for the tests of the check.

import { execFile } from 'node:child_process'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { TrackFindings } from '../../../../workers/transcode/check/findings.ts'
import { startCheck } from '../../../../workers/transcode/check/track-check.ts'
import { openFragmentedFilm } from '../../../../workers/transcode/fragments/fragment-stream.ts'
import { makeSegments } from '../../../../workers/transcode/fragments/segmenter.ts'
import { inputFlags } from '../../../../workers/transcode/input-flags.ts'
import type { Inventory, InventoryTrack } from '../../../../workers/transcode/inventory/inventory.ts'
import { makeRunDirectory } from '../../../../workers/transcode/sandbox.ts'
import type { TrackPlan } from '../../../../workers/transcode/track-plan.ts'
import { never } from '../handlers.ts'

const run = promisify(execFile)
const bytesMax = 256 * 1024 * 1024
const primingMs = (1024 * 1000) / 48_000

export async function ffmpeg(args: readonly string[]): Promise<Buffer> {
  const flags = ['-nostdin', '-loglevel', 'error', '-threads', '1', '-y']
  const { stdout } = await run('ffmpeg', [...flags, ...args], { encoding: 'buffer', maxBuffer: bytesMax })
  return stdout
}

export interface Piece {
  readonly kind: 'init' | 'segment'
  readonly bytes: Buffer
  readonly startMs: number
  readonly durationMs: number
}

interface Packet {
  readonly stream_index: number
  readonly pts_time?: string
  readonly dts_time?: string
  readonly duration_time?: string
  readonly flags: string
}

interface Stream {
  readonly index: number
  readonly codec_type: string
  readonly width?: number
  readonly height?: number
  readonly channels?: number
  readonly sample_rate?: string
  readonly r_frame_rate?: string
  readonly sample_aspect_ratio?: string
  readonly side_data_list?: readonly { readonly rotation?: number }[]
}

/** What the check needs to know of a small file, taken from ffprobe. */
export async function inventoryOf(path: string, format: string): Promise<Inventory> {
  const { stdout } = await run(
    'ffprobe',
    [...['-v', 'error', '-f', format, '-show_streams', '-show_packets', '-show_format', '-of', 'json', path]],
    { maxBuffer: bytesMax },
  )
  const { streams, packets } = JSON.parse(stdout) as { streams: Stream[]; packets: Packet[] }
  const timeOf = (packet: Packet): number => Number(packet.pts_time ?? packet.dts_time) * 1000
  const isPlayed = ({ codec_type }: Stream): boolean => codec_type === 'video' || codec_type === 'audio'
  const shown = packets.filter((packet) => isPlayed(streams[packet.stream_index]!) && !packet.flags.includes('D'))
  const startMs = Math.min(...shown.map(timeOf))
  const tracks = streams.filter(isPlayed).map((stream) =>
    trackOf(
      stream,
      shown
        .filter((packet) => packet.stream_index === stream.index)
        .map((packet) => {
          const fromMs = timeOf(packet) - startMs
          return {
            fromMs,
            toMs: fromMs + Number(packet.duration_time ?? 0.04) * 1000,
            isKey: packet.flags.startsWith('K'),
          }
        })
        .sort((a, b) => a.fromMs - b.fromMs),
    ),
  )
  return {
    ...{
      version: 1,
      format,
      skipBytes: 0,
      tracks,
      startSeconds: startMs / 1000,
      statedMs: null,
      clocks: {},
      tags: {},
      chapters: 0,
      leftOut: [],
    },
    foundMs: Math.max(...tracks.map(({ endMs }) => endMs ?? 0)),
  }
}

function trackOf(stream: Stream, packets: { fromMs: number; toMs: number; isKey: boolean }[]): InventoryTrack {
  const keys = packets.filter(({ isKey }) => isKey).map(({ fromMs }) => fromMs)
  const [numerator = 0, denominator = 1] = (stream.r_frame_rate ?? '').split('/').map(Number)
  const [wide = 1, high = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const size = { width: stream.width ?? 0, height: stream.height ?? 0 }
  const rotation = (360 - (stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0)) % 360
  const isPicture = stream.codec_type === 'video'
  return {
    ...{ stream: stream.index, kind: isPicture ? 'picture' : 'sound', codec: null, profile: null, tag: null },
    ...{
      name: null,
      tags: {},
      discardedPackets: 0,
      isEncrypted: false,
      packets: packets.length,
      bytes: 0,
      corruptPackets: 0,
      driftMs: 0,
      jumpsBack: 0,
    },
    firstMs: packets[0]?.fromMs ?? null,
    endMs: packets.at(-1)?.toMs ?? null,
    gaps: packets.flatMap(({ fromMs }, place) => {
      const before = packets[place - 1]?.toMs ?? fromMs
      return fromMs - before > 40 ? [{ fromMs: before, toMs: fromMs }] : []
    }),
    stands: [],
    standMsMin: 500,
    usualStepMs: isPicture && numerator > 0 ? (1000 * denominator) / numerator : null,
    ...{
      keyFrames: keys.length,
      firstKeyMs: keys[0] ?? null,
      keyFrameDistanceMsMax: 0,
      keyFrameSamplesMs: keys.slice(0, 64),
    },
    ...{ trimmedMs: 0, language: null },
    picture: isPicture
      ? {
          ...{ ...size, sizes: [size], rotation, isMirrored: false, isInterlaced: false, pixelFormat: null },
          ...{ pixelAspect: wide > 0 && high > 0 ? wide / high : 1, rate: numerator / denominator || null },
        }
      : null,
    sound: isPicture
      ? null
      : { channels: stream.channels ?? 1, layout: null, sampleRate: Number(stream.sample_rate ?? 48_000) },
  }
}

/** A plan for the first picture and the first sound of a file. */
export function planOf(inventory: Inventory, way: 'copy' | 'encode'): TrackPlan {
  const picture = inventory.tracks.find(({ kind }) => kind === 'picture')
  const sound = inventory.tracks.find(({ kind }) => kind === 'sound')
  const channels = Array.from({ length: sound?.sound?.channels ?? 0 }, (_, place) => place + 1)
  return {
    ...{ track: 0, kind: picture ? 'video' : 'audio', lengthMs: inventory.foundMs, ignoresEditList: false },
    picture: picture?.picture
      ? {
          ...{ stream: picture.stream, way, width: picture.picture.width, height: picture.picture.height },
          ...{ isInterlaced: false, changesSize: false, endMs: picture.endMs ?? 0, fill: null },
        }
      : null,
    sound: sound ? { stream: sound.stream, way: 'encode', channels, of: channels.length } : null,
  }
}

/** What a rendition is made to differ by. */
export interface Mistakes {
  readonly picture?: string
  readonly sound?: string
  readonly lengthMs?: number
}

/** Makes the pieces of a rendition by one plain run of ffmpeg; `mistakes` are filters for its picture and sound. */
export async function makePieces(
  source: { readonly path: string; readonly format: string; readonly inventory: Inventory },
  plan: TrackPlan,
  mistakes: Mistakes = {},
): Promise<Piece[]> {
  const picture = source.inventory.tracks.find(({ stream }) => stream === plan.picture?.stream)
  const encoded = ['libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p', '-g', '25']
  const film = await ffmpeg([
    // Otherwise ffmpeg begins MP3 with its first sound behind what the coder warmed up with.
    ...(source.format === 'mp3' ? ['-copyts'] : []),
    ...['-f', source.format, '-i', source.path],
    ...(plan.picture ? ['-map', `0:${plan.picture.stream}`] : []),
    ...(plan.picture ? ['-c:v', ...(plan.picture.way === 'copy' ? ['copy'] : encoded)] : []),
    ...(plan.sound ? ['-map', `0:${plan.sound.stream}`, '-c:a', 'aac', '-b:a', '128k', '-ar', '48000'] : []),
    ...(mistakes.picture ? ['-filter:v', mistakes.picture] : []),
    ...(plan.sound
      ? [
          '-filter:a',
          ['aresample=48000:async=1:first_pts=0,aformat=sample_fmts=s16', mistakes.sound ?? []].flat().join(','),
        ]
      : []),
    ...['-t', String((mistakes.lengthMs ?? plan.lengthMs) / 1000)],
    ...['-f', 'mp4', '-movflags', '+frag_keyframe+empty_moov+default_base_moof+delay_moov', 'pipe:1'],
  ])
  return await piecesOf(film, {
    video: picture ? { firstMs: picture.firstMs ?? 0, isCopied: plan.picture?.way === 'copy' } : null,
    audio: plan.sound ? { firstMs: -primingMs } : null,
  })
}

/** Cuts a fragmented film into pieces as they are stored. */
export async function piecesOf(
  film: Buffer,
  placing: Pick<Parameters<typeof makeSegments>[2], 'video' | 'audio'>,
): Promise<Piece[]> {
  const { init, initBytes, fragments } = await openFragmentedFilm(Readable.from([film]))
  const pieces: Piece[] = [{ kind: 'init', bytes: initBytes, startMs: 0, durationMs: 0 }]
  for await (const segment of makeSegments(fragments, init, { ...placing, segmentMs: 1000, segmentMsMax: 60_000 })) {
    pieces.push({ kind: 'segment', ...segment })
  }
  return pieces
}

/** Runs the whole check of one track on the given pieces. */
export async function checked(
  scratch: string,
  source: { readonly path: string; readonly format: string; readonly inventory: Inventory },
  plan: TrackPlan,
  pieces: readonly Piece[],
): Promise<TrackFindings> {
  const directory = await mkdtemp(join(scratch, 'check-'))
  await makeRunDirectory(directory, { cpuSeconds: 60, fileBytes: 1_000_000, memoryBytes: 2 ** 32 })
  await copyFile(source.path, join(directory, 'in/source'))
  const check = startCheck({
    ...{ directory, timeoutMs: 60_000, signal: never, inventory: source.inventory, plan },
    inputFlags: inputFlags(source.format),
  })
  for (const { kind, bytes, startMs, durationMs } of pieces) await check.piece(kind, bytes, { startMs, durationMs })
  return await check.end()
}
