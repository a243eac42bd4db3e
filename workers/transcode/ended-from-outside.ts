import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

/** How a program ended that no limit of ours ended: with its exit code, or null when a signal ended the sandbox itself. */
export interface ProgramEnd {
  readonly code: number | null
  /** The last of what it complained about. */
  readonly stderr: string
  readonly elapsedMs: number
}

/** bubblewrap's exit code for a program that SIGKILL ended. */
const killed = 128 + 9
const ffmpegWasAsked = 255

/**
 * Whether somebody else ended a sandboxed program: a worker that is stopped, an administrator, a machine that is out of
 * memory. That says nothing about the footage. SIGKILL is also how the kernel ends a program that goes on after its
 * processor time (`sandbox.sh`), which it cannot have used up in less time than all processors together.
 *
 * @param directory of the run, made by `makeRunDirectory`
 */
export async function isEndedFromOutside(directory: string, { code, stderr, elapsedMs }: ProgramEnd): Promise<boolean> {
  if (code === null) return true
  // ffmpeg ends by itself when it is asked to, and says so last.
  if (code === ffmpegWasAsked) return /(^|\n)Exiting normally, received signal (1|2|15)\.\s*$/.test(stderr)
  if (code !== killed) return false
  const [cpuSeconds] = (await readFile(join(directory, 'limits'), 'utf8')).split(' ').map(Number)
  return (elapsedMs / 1000) * availableParallelism() < cpuSeconds!
}
