import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { Fault } from '../../services/foundation/errors.ts'
import { isEndedFromOutside } from './ended-from-outside.ts'
import { watchOutput } from './watch-output.ts'

const sandboxDirectory = join(import.meta.dirname, 'sandbox')
const wrapper = join(sandboxDirectory, 'sandbox.sh')

/** The wrappers that stand where the programs would: a caller cannot name the real ones. */
export const sandboxedFfmpeg = join(sandboxDirectory, 'ffmpeg')
export const sandboxedFfprobe = join(sandboxDirectory, 'ffprobe')

/** What one sandboxed run may use. */
export interface SandboxLimits {
  readonly cpuSeconds: number
  /** Per file it writes. */
  readonly fileBytes: number
  readonly memoryBytes: number
  /** In all files of `out/` together. Default 256 MiB. */
  readonly outBytes?: number
  /** How many files `out/` may hold. Default 1000. */
  readonly outFiles?: number
}

/** Makes a run directory with `in/` (read-only to the program) and `out/` (its only place to write). */
export async function makeRunDirectory(directory: string, limits: SandboxLimits): Promise<void> {
  await mkdir(join(directory, 'in'), { recursive: true, mode: 0o700 })
  await mkdir(join(directory, 'out'), { recursive: true, mode: 0o700 })
  const { cpuSeconds, fileBytes, memoryBytes, outBytes = 256 * 1024 ** 2, outFiles = 1000 } = limits
  await writeFile(join(directory, 'limits'), `${cpuSeconds} ${fileBytes} ${memoryBytes} ${outBytes} ${outFiles}\n`)
}

/** How much of a program's first complaint is kept to tell whether it was the sandbox's. */
const headChars = 512
const stderrCharsMax = 8192

/** bubblewrap's exit code for a program that SIGXCPU ended. */
const outOfTime = 128 + 24

/** Encoding and everything else that takes long gives way to the rest of the machine. */
export const heavyNiceness = 15

/** How a run ended: by itself, after its time, or because it said or wrote more than it may. */
export interface SandboxEnd {
  readonly outcome: 'ended' | 'too_long' | 'too_much'
  /** The program's exit code; null when it was killed because of a limit. */
  readonly code: number | null
  /** Which limit ended it, in words ("more than 1000 files would be made of it"); null when it ended by itself. */
  readonly limit: string | null
  /** The last 8192 characters of what it complained about. */
  readonly stderr: string
}

/** A program that runs in the sandbox. */
export interface SandboxedProgram {
  /**
   * Null unless `stdin: 'pipe'` was asked for. A program may end without reading everything: what writes to it then fails
   * (EPIPE, ECANCELED or ERR_STREAM_PREMATURE_CLOSE, by chance), which says nothing; `ended` says how the program fared.
   */
  readonly stdin: Writable | null
  /**
   * What the program says, never buffered here: a program whose output is not read waits. Read it to its end or destroy
   * it. It ends early when the program is killed by a limit; after an abort it fails with the signal's reason.
   */
  readonly stdout: Readable
  /**
   * Resolves when the whole sandbox is gone.
   *
   * @throws not_ready when the sandbox itself could not be started, or when neither the program nor a limit of ours ended
   * it; the signal's reason when aborted
   */
  readonly ended: Promise<SandboxEnd>
}

export interface SandboxRun {
  /** A directory made by `makeRunDirectory`. */
  readonly directory: string
  readonly arguments: readonly string[]
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Starts a program of /usr/bin in the sandbox on one run directory, with its standard streams as pipes. The whole sandbox
 * is killed when `signal` aborts, when the time is over, and when there is more in `out/` than its limits permit.
 *
 * @throws the signal's reason when it has already aborted
 */
export function spawnSandboxed(
  program: string,
  options: SandboxRun & {
    readonly stdin?: 'none' | 'pipe'
    readonly niceness?: number
    /** Is handed everything the program complains about, piece by piece, of which `ended` only keeps the last. */
    readonly onComplaint?: (text: string) => void
  },
): SandboxedProgram {
  const { directory, signal, niceness = 0 } = options
  signal.throwIfAborted()
  const command = [...(niceness === 0 ? [] : ['nice', '-n', String(niceness)]), wrapper, program, ...options.arguments]
  const child = spawn(command[0]!, command.slice(1), {
    cwd: directory,
    stdio: [options.stdin === 'pipe' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  const { stdin } = child
  const stdout = child.stdout!
  // The reader and the writer see these errors too; without a listener of ours they would end the process.
  stdin?.on('error', () => undefined)
  stdout.on('error', () => undefined)
  const ended = follow(child, options)
  // A caller that fails on stdout first never looks at `ended`.
  ended.catch(() => undefined)
  return { stdin, stdout, ended }
}

/** Ends the program when it must end, and says how it ended. */
async function follow(
  child: ChildProcess,
  { directory, timeoutMs, signal, onComplaint }: SandboxRun & { onComplaint?: (text: string) => void },
): Promise<SandboxEnd> {
  const begunMs = performance.now()
  const complaints = collectComplaints(child.stderr!, onComplaint)
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const abort = (): void => {
    kill()
    child.stdout?.destroy(signal.reason)
  }
  let isTooLong = false
  const timer = setTimeout(() => {
    isTooLong = true
    kill()
  }, timeoutMs)
  signal.addEventListener('abort', abort, { once: true })
  const endOutput = watchOutput(directory, kill)
  const { code, failure } = await endOf(child)
  clearTimeout(timer)
  signal.removeEventListener('abort', abort)
  const excess = await endOutput()
  signal.throwIfAborted()
  const { head, tail } = complaints()
  if (failure || (code !== 0 && !sandboxDidRun(null, head))) {
    const why = failure ? '' : `: ${head.trim().slice(0, 300)}`
    throw new Fault('not_ready', `the sandbox for footage could not be started${why}`, { cause: failure })
  }
  if (isTooLong)
    return { outcome: 'too_long', code, limit: `it was not done after ${timeoutMs / 1000} s`, stderr: tail }
  const limit = excess ?? (code === outOfTime ? 'it used all the processor time that it may' : null)
  if (
    limit === null &&
    (await isEndedFromOutside(directory, { code, stderr: tail, elapsedMs: performance.now() - begunMs }))
  )
    throw endedFromOutside()
  return { outcome: limit === null ? 'ended' : 'too_much', code, limit, stderr: tail }
}

/** An attempt that failed, and no finding about the file. */
export function endedFromOutside(cause?: Error): Fault {
  return new Fault('not_ready', 'a program that worked on footage was ended from outside', { cause })
}

function endOf(child: ChildProcess): Promise<{ code: number | null; failure?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (failure) => resolve({ code: null, failure }))
    child.once('close', (code) => resolve({ code }))
  })
}

function collectComplaints(
  stderr: Readable,
  onComplaint: ((text: string) => void) | undefined,
): () => { head: string; tail: string } {
  let head = ''
  let tail = ''
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    onComplaint?.(chunk)
    if (head.length < headChars) head += chunk.slice(0, headChars)
    tail = (tail + chunk).slice(-stderrCharsMax)
  })
  return () => ({ head, tail })
}

export interface SandboxResult extends SandboxEnd {
  readonly stdout: string
}

/**
 * Runs a program of /usr/bin in the sandbox on one run directory and collects what it says, at most `stdoutBytesMax`: a
 * program that says more is killed (`too_much`).
 *
 * @throws not_ready when the sandbox itself cannot be started; the signal's reason when aborted
 */
export async function runSandboxed(
  program: string,
  options: SandboxRun & { readonly stdoutBytesMax: number },
): Promise<SandboxResult> {
  const enough = new AbortController()
  const running = spawnSandboxed(program, { ...options, signal: AbortSignal.any([options.signal, enough.signal]) })
  const stdout: Buffer[] = []
  let stdoutBytes = 0
  running.stdout.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length
    if (stdoutBytes > options.stdoutBytesMax) enough.abort()
    else stdout.push(chunk)
  })
  const text = (): string => Buffer.concat(stdout).toString('utf8')
  try {
    return { ...(await running.ended), stdout: text() }
  } catch (error) {
    if (options.signal.aborted || !enough.signal.aborted) throw error
    const limit = `it said more than ${options.stdoutBytesMax} bytes`
    return { outcome: 'too_much', code: null, limit, stderr: '', stdout: text() }
  }
}

/**
 * False when the sandbox itself failed, so that its failure says nothing about the footage. Only what came first on stderr
 * is believed: later lines may hold what hostile footage put into its tags. Pure.
 */
export function sandboxDidRun(failure: Error | null, stderrHead: string): boolean {
  return !(failure && 'code' in failure) && !/^(bwrap|nice|prlimit|\S*sandbox\.sh): /.test(stderrHead)
}
