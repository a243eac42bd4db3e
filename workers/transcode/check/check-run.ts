import { pipeline } from 'node:stream/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import { type SandboxedProgram, spawnSandboxed } from '../sandbox.ts'
import { type GreyPicture, gridSize } from './compare-pictures.ts'
import { type Block, matroskaReader } from './matroska-reader.ts'

/** One sandboxed run of the check. */
export interface CheckRun {
  /** The run directory, made by `makeRunDirectory`, with the original as `in/source`. */
  readonly directory: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What is needed to open the original: the demuxer by its name, its flags, and where the recording's clock starts. */
export interface SourceRun extends CheckRun {
  /** ffmpeg's flags before `-i`, the forced demuxer among them. */
  readonly inputFlags: readonly string[]
  /** The demuxer's name, `Inventory.format`. */
  readonly format: string
  /** `Inventory.startSeconds`. */
  readonly startSeconds: number
}

/** A decoded picture at its time on the recording's clock. */
export interface TimedPicture {
  readonly timeMs: number
  readonly picture: GreyPicture
}

/** Everything that a voice needs, and that every codec keeps. */
const sampleRateMax = 16_000

/** The rate at which the sound of a source, and of what was made of it, is decoded. */
export function checkedSampleRate(sourceRate: number): number {
  return Math.min(sampleRateMax, sourceRate)
}

/** Time stamps are written with this added, since Matroska knows none below 0. */
const shiftSeconds = 10

/** Makes a picture a grey grid, after another filter. Every pixel counts, so that noise evens out. */
export function gridOf(filter: string): string {
  return `${filter}${filter === '' ? '' : ','}scale=${gridSize}:${gridSize}:flags=area,format=gray`
}

/**
 * Starts a sandboxed ffmpeg whose decoded pictures and sound are given to `onBlock` as they come, each with its time on the
 * recording's clock, which starts at `startSeconds` of the input's time stamps. Nothing is repeated, dropped or moved.
 */
export function startDecoding(
  run: CheckRun & {
    readonly startSeconds: number
    readonly stdin?: 'pipe'
    readonly onComplaint?: (text: string) => void
  },
  inputsAndMaps: readonly string[],
  onBlock: (found: Block) => void,
): { readonly stdin: SandboxedProgram['stdin']; readonly ended: Promise<void> } {
  const running = spawnSandboxed('ffmpeg', {
    ...{ directory: run.directory, timeoutMs: run.timeoutMs, signal: run.signal, stdin: run.stdin ?? 'none' },
    onComplaint: run.onComplaint,
    arguments: [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-copyts'],
      ...inputsAndMaps,
      // Otherwise times of pictures are rounded to multiples of a picture's length.
      ...['-vsync', 'passthrough', '-enc_time_base:v', '1/1000', '-max_muxing_queue_size', '65536'],
      ...['-output_ts_offset', String(shiftSeconds - run.startSeconds), '-f', 'matroska', 'pipe:1'],
    ],
  })
  const read = matroskaReader((found) => onBlock({ ...found, timeMs: found.timeMs - shiftSeconds * 1000 }))
  const ended = readToEnd(run, running, read)
  // Whoever awaits it comes later; until then its failure must not end the process.
  ended.catch(() => undefined)
  return { stdin: running.stdin, ended }
}

/**
 * Gives all that a program says to `onChunk`, and waits for its end.
 *
 * @throws bad_request when it was ended by a limit: what was not looked at is not said to be right
 */
export async function readToEnd(
  run: CheckRun,
  running: SandboxedProgram,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  await pipeline(running.stdout, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) onChunk(chunk)
  })
  const { outcome } = await running.ended
  if (outcome === 'ended') return
  throw new Fault('bad_request', `what was made could not be checked within ${Math.round(run.timeoutMs / 1000)} s`)
}
