import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'

/** What one run of one test file came to. */
export interface FileResult {
  /** As it was given, from the top of the repository. */
  readonly file: string
  readonly isGreen: boolean
  /** Assertions. A file that ended without saying its figures counts as one failure. */
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  /** All it wrote to its standard output and error. */
  readonly output: string
}

export interface FileRun {
  /** The folder that the files' names are relative to. */
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** A file that has not ended by then is killed and has failed. */
  readonly timeoutMs: number
}

/** For the last lines of a test file that was told to end, and for those of what it started. */
const graceMs = 5_000

/** Runs one test file in a process of its own; whatever happens to that process is the file's result. */
export async function runFile(file: string, { directory, environment, timeoutMs }: FileRun): Promise<FileResult> {
  const startMs = performance.now()
  const child = spawn(process.execPath, [file], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  }
  let isLate = false
  let killTimer: NodeJS.Timeout | undefined
  const lateTimer = setTimeout(() => {
    isLate = true
    child.kill('SIGTERM')
    killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  }, timeoutMs)
  let closeTimer: NodeJS.Timeout | undefined
  child.once('exit', () => {
    // A process that the test left behind may hold these pipes open for ever.
    closeTimer = setTimeout(() => [child.stdout, child.stderr].map((stream) => stream.destroy()), graceMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  for (const timer of [lateTimer, killTimer, closeTimer]) clearTimeout(timer)
  if (isLate) chunks.push(`\nnot ok - ${file} did not end within ${timeoutMs / 1000} s and was killed\n`)
  else if (signal) chunks.push(`\nnot ok - ${file} was ended by ${signal}\n`)
  const output = chunks.join('')
  const seconds = (performance.now() - startMs) / 1000
  return { file, seconds, output, ...figuresOf(output, code === 0 && !isLate) }
}

/** tap ends with its figures, unless the process dies; they stand at the beginning of a line, those of subtests do not. */
function figuresOf(output: string, endedWell: boolean): Pick<FileResult, 'isGreen' | 'passed' | 'failed'> {
  const last = [...output.matchAll(/^# \{ total: \d+(?:, pass: (\d+))?(?:, fail: (\d+))?/gm)].at(-1)
  const passed = Number(last?.[1] ?? 0)
  const failed = Number(last?.[2] ?? 0)
  const isGreen = endedWell && last !== undefined && failed === 0
  return { isGreen, passed, failed: isGreen ? 0 : Math.max(1, failed) }
}
