import type { Inventory, InventoryTrack } from '../inventory/inventory.ts'
import { type InventoryRun, intervalFlags, probeFlags } from '../inventory/look.ts'
import { takeInventory } from '../inventory/take-inventory.ts'
import { runSandboxed } from '../sandbox.ts'
import type { Ends } from './fetch-ends.ts'

/** What a preview shows at most: what one viewing grant shows. */
export const previewMsMax = 60_000
/** Less than one segment is not worth a preview. */
const previewMsMin = 4_000
/** Where a file breaks off, its last packets are not whole. */
const brokenOffMs = 1_000
/** ffmpeg hands out the packets of an MP4 so that no track is much further ahead than a second. */
const interleavedSeconds = 2
const timeoutMs = 30_000
const listBytesMax = 8 * 1024 * 1024

/** The first minute of a file, as far as it was fetched: its inventory ends there. */
export interface Beginning {
  readonly inventory: Inventory
  readonly lengthMs: number
}

/**
 * Looks at the first minute of what `fetchEnds` brought. It ends before the first packet that was not fetched.
 *
 * @returns null when it cannot be read, or too little of it was fetched
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function lookAtBeginning(
  run: Omit<InventoryRun, 'format' | 'skipBytes'>,
  ends: Ends,
): Promise<Beginning | null> {
  const { format, skipBytes, hasIndex } = ends
  const own: InventoryRun = { ...run, format, skipBytes, firstSeconds: previewMsMax / 1000 + interleavedSeconds }
  const [looked, firstMissing] = await Promise.all([
    takeInventory(own),
    hasIndex ? firstMissingSeconds(own, ends.headBytes) : Number.POSITIVE_INFINITY,
  ])
  if ('reason' in looked || firstMissing === null) return null
  const { inventory } = looked
  const reachedMs = hasIndex ? (firstMissing - inventory.startSeconds) * 1000 : inventory.foundMs - brokenOffMs
  const lengthMs = Math.floor(
    Math.min(previewMsMax, reachedMs, hasIndex ? inventory.foundMs : Number.POSITIVE_INFINITY),
  )
  if (lengthMs < previewMsMin) return null
  return { inventory: endingAt(inventory, lengthMs), lengthMs }
}

/** The inventory of the beginning of a file alone. Pure. */
export function endingAt(inventory: Inventory, lengthMs: number): Inventory {
  return {
    ...inventory,
    foundMs: lengthMs,
    tracks: inventory.tracks
      .filter(({ firstMs }) => firstMs !== null && firstMs < lengthMs)
      .map((track: InventoryTrack) => ({
        ...track,
        endMs: Math.min(track.endMs ?? lengthMs, lengthMs),
        gaps: track.gaps.filter(({ fromMs }) => fromMs < lengthMs),
        stands: track.stands.filter(({ fromMs }) => fromMs < lengthMs),
      })),
  }
}

/**
 * When, in seconds of the file's own time stamps, the first packet comes that does not lie in the first `headBytes`;
 * infinity when there is none in the first minute, null when the packets cannot be listed.
 */
async function firstMissingSeconds(run: InventoryRun, headBytes: number): Promise<number | null> {
  const result = await runSandboxed('ffprobe', {
    directory: run.directory,
    arguments: [
      ...[...probeFlags(run), ...intervalFlags(run), '-print_format', 'csv=p=0'],
      ...['-show_entries', 'packet=pts_time,dts_time,size,pos', `/in/${run.fileName}`],
    ],
    timeoutMs,
    stdoutBytesMax: listBytesMax,
    signal: run.signal,
  })
  if (result.outcome !== 'ended' || result.code !== 0) return null
  return firstBeyond(result.stdout, headBytes)
}

/** The earliest time of the packets (lines `pts,dts,size,position`) that end beyond `headBytes`, or are nowhere. Pure. */
export function firstBeyond(list: string, headBytes: number): number | null {
  let first = Number.POSITIVE_INFINITY
  for (const line of list.split('\n')) {
    if (line === '') continue
    const [pts, dts, size, position] = line.split(',').map(Number)
    if (position! + size! <= headBytes) continue
    const times = [pts!, dts!].filter(Number.isFinite)
    if (times.length === 0) return null
    first = Math.min(first, ...times)
  }
  return first
}
