import { lstat, opendir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What may lie in `out/` of a run directory at one time. */
export interface OutputLimits {
  readonly outBytes: number
  readonly outFiles: number
}

const pollMs = 100
/** Looking may take this share of the time at most: a film can have ten thousands of segments. */
const shareMax = 0.1
const statsAtOnce = 32

/**
 * Watches `out/` of a run directory by the limits in its file `limits` (see `makeRunDirectory`) and calls `kill` once when
 * there is more than they permit. Limits per file are the kernel's (RLIMIT_FSIZE); a sum it does not know without quotas,
 * which take root. So a run can exceed the sum by what it writes between two looks, before it is killed. The filter of
 * system calls leaves it no way to write what a look would not see, but for a file that it replaces while it holds it
 * open: 64 such files at most, each of the limit per file.
 *
 * @returns a function that ends the watch, looks a last time and resolves to what was too much, in words, or to null
 */
export function watchOutput(directory: string, kill: () => void): () => Promise<string | null> {
  const stop = new AbortController()
  const watching = watch(directory, stop.signal).then((excess) => {
    if (excess !== null) kill()
    return excess
  })
  // Looking fails only with the disk itself: what then happens to the run is told by whoever ends the watch.
  watching.catch(kill)
  return async () => {
    stop.abort()
    return (await watching) ?? excessOf(directory, await readOutputLimits(directory))
  }
}

async function watch(directory: string, stopped: AbortSignal): Promise<string | null> {
  const limits = await readOutputLimits(directory)
  while (!stopped.aborted) {
    const begun = performance.now()
    const excess = await excessOf(directory, limits)
    if (excess !== null) return excess
    const waitMs = Math.max(pollMs, (performance.now() - begun) / shareMax)
    await delay(waitMs, undefined, { signal: stopped }).catch(() => undefined)
  }
  return null
}

async function readOutputLimits(directory: string): Promise<OutputLimits> {
  const [outBytes, outFiles] = (await readFile(join(directory, 'limits'), 'utf8'))
    .trim()
    .split(' ')
    .slice(3)
    .map(Number)
  return { outBytes: outBytes!, outFiles: outFiles! }
}

/** What is too much in `out/`, in words; null when nothing is. A file with holes counts as long as it says it is. */
async function excessOf(directory: string, { outBytes, outFiles }: OutputLimits): Promise<string | null> {
  let files = 0
  let bytes = 0
  let batch: string[] = []
  const addBatch = async (): Promise<void> => {
    for (const size of await Promise.all(batch.map(takenBytes))) bytes += size
    batch = []
  }
  try {
    for await (const { name } of await opendir(join(directory, 'out'), { bufferSize: 256 })) {
      files += 1
      if (files > outFiles) return `more than ${outFiles} files would be made of it`
      batch.push(join(directory, 'out', name))
      if (batch.length === statsAtOnce) await addBatch()
      if (bytes > outBytes) break
    }
    await addBatch()
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  return bytes > outBytes ? `more than ${outBytes} bytes would be made of it` : null
}

/** A file that was renamed or taken away in this moment takes nothing. */
async function takenBytes(path: string): Promise<number> {
  try {
    const { size, blocks } = await lstat(path)
    return Math.max(size, blocks * 512)
  } catch (error) {
    if (isAbsent(error)) return 0
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT'
}
