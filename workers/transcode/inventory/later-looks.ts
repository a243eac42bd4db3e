import { bareVideoFormats } from '../input-flags.ts'
import { runSandboxed } from '../sandbox.ts'
import { type DescribedStream, kindOf } from './described.ts'
import { describe, type InventoryRun, type Looked, probeFlags } from './look.ts'

// Questions that the one look at all packets leaves open, asked only of files that raise them.

interface Size {
  readonly width: number
  readonly height: number
}

const timeoutMs = 120_000
const outputBytesMax = 256 * 1024
const placesMax = 16
const decodedPixelsMax = 120_000_000
/** An encoder's priming, and pictures that wait for their order: no camera trimmed these. */
const trimmedMsMin = 250
/** No header tells a size per stretch, and these cannot be searched: all of their key frames are decoded. */
const elementary = new Set([...bareVideoFormats, 'dv'])
const withoutHeader = new Set(['mpegts', 'mpeg', ...elementary])

/**
 * How much of each picture and sound an edit list hides, in ms by stream: from a second description that ignores edit lists. Only a
 * `mov` whose header counts more samples than a player is shown has one.
 */
export async function trimmedByStream(run: InventoryRun, looked: Looked): Promise<ReadonlyMap<number, number>> {
  const trimmed = new Map<number, number>()
  const hidesSome = looked.description.streams.some((stream) => {
    const shown = looked.tallies.get(stream.index)?.packets ?? 0
    return shown > 0 && Number(stream.nb_frames ?? 0) > shown
  })
  if (run.format !== 'mov' || !hidesSome) return trimmed
  const whole = await describe({ ...run, ignoresEditList: true })
  if (whole === null || 'reason' in whole) return trimmed
  for (const stream of whole.streams) {
    // The edit list of a subtitle or a data track only says when its lines are due.
    if (!/^(picture|sound)$/.test(kindOf(stream))) continue
    const shown = looked.description.streams.find(({ index }) => index === stream.index)
    const ms = Math.round((Number(stream.duration) - Number(shown?.duration)) * 1000)
    if (ms >= trimmedMsMin) trimmed.set(stream.index, ms)
  }
  return trimmed
}

/**
 * Every size that a picture stream is seen to have, in the order seen. A container with a header states it once, so only
 * where parameters were announced anew are key frames decoded; where nothing states it, a few spread over the file.
 */
export async function sizesOf(run: InventoryRun, looked: Looked, stream: DescribedStream): Promise<readonly Size[]> {
  const tally = looked.tallies.get(stream.index)
  const changes = looked.changes.get(stream.index) ?? []
  if (kindOf(stream) !== 'picture' || !tally || looked.encryptedStreams.has(stream.index)) return []
  const asked = withoutHeader.has(run.format) ? spread(tally.keyFrameSamples) : changes
  if (asked.length === 0 && !elementary.has(run.format)) return []
  const places = elementary.has(run.format) ? [] : ['-read_intervals', asked.map((at) => `${at}%+2`).join(',')]
  const result = await runSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [
      ...[...probeFlags(run), '-threads', '1', '-max_pixels', String(decodedPixelsMax), '-skip_frame', 'nokey'],
      ...['-select_streams', String(stream.index), ...places, '-print_format', 'json=c=1'],
      ...['-show_entries', 'frame=width,height', `/in/${run.fileName}`],
    ],
    timeoutMs,
    stdoutBytesMax: outputBytesMax,
    signal: run.signal,
  })
  const sizes = new Map<string, Size>()
  for (const [, width, height] of result.stdout.matchAll(/^ +\{ "width": (\d+), "height": (\d+)/gm)) {
    sizes.set(`${width}x${height}`, { width: Number(width), height: Number(height) })
  }
  return [...sizes.values()]
}

/** What a still says of itself beside its picture (EXIF), by its own names. */
export async function stillTags(run: InventoryRun): Promise<Readonly<Record<string, string>>> {
  const result = await runSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [
      ...[...probeFlags(run), '-read_intervals', '%+#1', '-print_format', 'json'],
      ...['-show_entries', 'frame_tags', `/in/${run.fileName}`],
    ],
    timeoutMs,
    stdoutBytesMax: outputBytesMax,
    signal: run.signal,
  })
  if (result.outcome !== 'ended' || result.code !== 0) return {}
  const report = JSON.parse(result.stdout.toWellFormed()) as { frames?: { tags?: Record<string, string> }[] }
  const tags = Object.entries(report.frames?.[0]?.tags ?? {})
  return Object.fromEntries(tags.map(([name, value]) => [name.trim(), value.replaceAll('\0', '').trim()]))
}

function spread(times: readonly number[]): readonly number[] {
  const every = Math.max(1, Math.ceil(times.length / placesMax))
  return times.filter((_time, index) => index % every === 0)
}
