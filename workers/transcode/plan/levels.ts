import { inputFlags } from '../input-flags.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { runSandboxed } from '../sandbox.ts'
import { type Levels, levelKey } from './choose.ts'

/**
 * Measures how loud each channel of each sound becomes, by decoding all of them. A sound that cannot be decoded is absent.
 *
 * @throws not_ready when the sandbox cannot be started; the signal's reason when aborted
 */
export async function measureLevels(run: {
  readonly directory: string
  readonly inventory: Inventory
  readonly timeoutMs: number
  readonly signal: AbortSignal
}): Promise<Levels> {
  const { directory, inventory, timeoutMs, signal } = run
  const levels = new Map<string, number>()
  for (const { stream, kind, sound, isEncrypted, packets } of inventory.tracks) {
    if (kind !== 'sound' || !sound || isEncrypted || packets === 0) continue
    const result = await runSandboxed('ffmpeg', {
      ...{ directory, timeoutMs, signal, stdoutBytesMax: 8 * 1024 * 1024 },
      arguments: [
        ...['-probesize', '300M', '-analyzeduration', '300M', ...inputFlags(inventory.format, inventory.skipBytes)],
        ...['-i', '/in/source', '-map', `0:${stream}`, '-vn', '-af', levelFilter, '-f', 'null', '-'],
      ],
    })
    for (const [channel, level] of readLevels(result.stdout)) levels.set(levelKey(stream, channel), level)
  }
  return levels
}

// The running peak is printed every twenty seconds of sound (at 48 kHz); the last line counts. Levels come on standard output, where
// no tag of the file is ever printed.
const levelFilter = [
  'asetnsamples=n=960000',
  'astats=metadata=1:reset=0:measure_perchannel=Peak_level:measure_overall=none',
  'ametadata=mode=print:file=-',
].join(',')

/** The last peak level in dB of each channel, from 1; silence is −Infinity. Pure. */
export function readLevels(printed: string): Map<number, number> {
  const levels = new Map<number, number>()
  for (const line of printed.split('\n')) {
    const found = /^lavfi\.astats\.(\d{1,3})\.Peak_level=(-?inf|-?[\d.]+)$/.exec(line)
    if (found) levels.set(Number(found[1]), found[2]!.endsWith('inf') ? Number.NEGATIVE_INFINITY : Number(found[2]))
  }
  return levels
}
