import { join } from 'node:path'
import { undecodable } from '../../services/custody/events/not-playable-words.ts'
import { tooMuchIn } from './footage-limits.ts'
import { convertHeif } from './heif.ts'
import type { Inventory } from './inventory/inventory.ts'
import { takeInventory } from './inventory/take-inventory.ts'
import { sniffMedia } from './media-sniff.ts'
import { missingIndexOf } from './missing-index.ts'
import type { NotRead } from './not-playable.ts'
import type { SandboxLimits } from './sandbox.ts'

/** The file in the run directory's `in/` that ffmpeg is to read, and as what. */
export interface Input {
  readonly fileName: string
  readonly format: string
  readonly media: 'stream' | 'still'
  readonly skipBytes: number
}

const minuteMs = 60_000
const stillTimeoutMs = minuteMs
/** All programs that work on one recording together. The job has six hours, some of them for fetching. */
const recordingTimeoutMs = 5 * 60 * minuteMs

/** Film leaves the sandbox as a stream. Files are the sounds made for it, at 128 kbit/s and two days at most, and lists. */
export const footageLimits: SandboxLimits = {
  cpuSeconds: 4 * 3600,
  memoryBytes: 4 * 1024 ** 3,
  fileBytes: 3 * 1024 ** 3,
  outBytes: 4 * 1024 ** 3,
  outFiles: 64,
}

/** What making may use. Generous for the slowest transcode seen (0.5 × real time), and an end for what never ends. */
export function allowanceOf({ foundMs }: Inventory): { limits: SandboxLimits; timeoutMs: number; endsAtMs: number } {
  const timeoutMs = Math.min(10 * minuteMs + 6 * foundMs, recordingTimeoutMs)
  return { limits: footageLimits, timeoutMs, endsAtMs: performance.now() + recordingTimeoutMs }
}

/**
 * Says what lies in `in/source` of a run directory, by its first bytes (`head`) and one look at the whole of it.
 *
 * @returns why nothing can be made of it, in words, when nothing can
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function lookInto(file: {
  readonly directory: string
  readonly head: Buffer
  readonly signal: AbortSignal
}): Promise<{ input: Input; inventory: Inventory } | NotRead> {
  const { directory, head, signal } = file
  const sniffed = sniffMedia(head)
  if (sniffed.format === null) return { why: sniffed.kind, reason: sniffed.reason }
  const input = sniffed.media === 'heif' ? await readableStill(directory, signal) : { fileName: 'source', ...sniffed }
  if ('reason' in input) return input
  const looked = await takeInventory({ directory, ...input, signal })
  if ('reason' in looked) return { ...looked, ...(await whatIsMissing(directory, input, looked)) }
  const tooMuch = tooMuchIn(looked.inventory)
  return tooMuch === null ? { input, inventory: looked.inventory } : { why: 'beyond_limit', reason: tooMuch }
}

/** A film without its index is named as that. */
async function whatIsMissing(directory: string, { format }: Input, { why }: NotRead): Promise<{ reason?: string }> {
  if (format !== 'mov' || why !== 'undecodable') return {}
  const missing = await missingIndexOf(join(directory, 'in', 'source'))
  return missing === null ? {} : { reason: undecodable[missing].en }
}

/** A JPEG of a HEIC or AVIF still, which ffmpeg does not read. */
async function readableStill(directory: string, signal: AbortSignal): Promise<Input | NotRead> {
  const converted = await convertHeif({ directory, signal, timeoutMs: stillTimeoutMs })
  if ('reason' in converted) return converted
  return { fileName: converted.fileName, format: 'jpeg_pipe', media: 'still', skipBytes: 0 }
}
