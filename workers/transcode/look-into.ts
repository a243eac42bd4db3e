import { join } from 'node:path'
import { undecodable } from '../../services/custody/events/not-playable-words.ts'
import { tooMuchIn } from './footage-limits.ts'
import { convertHeif } from './heif.ts'
import { heifInventory } from './inventory/heif-inventory.ts'
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
  if (sniffed.media === 'heif') return await lookIntoHeif(directory, signal)
  const input = { fileName: 'source', ...sniffed }
  const looked = await takeInventory({ directory, ...input, signal })
  if ('reason' in looked) return { ...looked, ...(await whatIsMissing(directory, input, looked)) }
  return withinLimits(input, looked.inventory)
}

function withinLimits(input: Input, inventory: Inventory): { input: Input; inventory: Inventory } | NotRead {
  const tooMuch = tooMuchIn(inventory)
  return tooMuch === null ? { input, inventory } : { why: 'beyond_limit', reason: tooMuch }
}

/** A film without its index is named as that. */
async function whatIsMissing(directory: string, { format }: Input, { why }: NotRead): Promise<{ reason?: string }> {
  if (format !== 'mov' || why !== 'undecodable') return {}
  const missing = await missingIndexOf(join(directory, 'in', 'source'))
  return missing === null ? {} : { reason: undecodable[missing].en }
}

/** What is made of it is made of a JPEG, since ffmpeg does not read it; the inventory is that of the file itself. */
async function lookIntoHeif(
  directory: string,
  signal: AbortSignal,
): Promise<{ input: Input; inventory: Inventory } | NotRead> {
  const converted = await convertHeif({ directory, signal, timeoutMs: stillTimeoutMs })
  if ('reason' in converted) return converted
  const { fileName, withExif } = converted
  const inventory = await heifInventory({ directory, withExif, signal })
  return withinLimits({ fileName, format: 'jpeg_pipe', media: 'still', skipBytes: 0 }, inventory)
}
