import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { Fault } from '../../services/foundation/errors.ts'

const sandboxDirectory = join(import.meta.dirname, 'sandbox')
const wrapper = join(sandboxDirectory, 'sandbox.sh')

/** The wrappers that stand where the programs would: a caller cannot name the real ones. */
export const sandboxedFfmpeg = join(sandboxDirectory, 'ffmpeg')
export const sandboxedFfprobe = join(sandboxDirectory, 'ffprobe')

/** What one sandboxed run may use. `fileBytes` is per file it writes. */
export interface SandboxLimits {
  readonly cpuSeconds: number
  readonly fileBytes: number
  readonly memoryBytes: number
}

/** Makes a run directory with `in/` (read-only to the program) and `out/` (its only place to write). */
export async function makeRunDirectory(directory: string, limits: SandboxLimits): Promise<void> {
  await mkdir(join(directory, 'in'), { recursive: true, mode: 0o700 })
  await mkdir(join(directory, 'out'), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'limits'), `${limits.cpuSeconds} ${limits.fileBytes} ${limits.memoryBytes}\n`)
}

/** How much of a program's first complaint is kept to tell whether it was the sandbox's. */
const headChars = 512
const stderrCharsMax = 8192

/** Encoding and everything else that takes long gives way to the rest of the machine. */
export const heavyNiceness = 15

/** How a run ended: by itself, after its time, or because it said or wrote more than it may. */
export interface SandboxEnd {
  readonly outcome: 'ended' | 'too_long' | 'too_much'
  /** The program's exit code; null when it was killed. */
  readonly code: number | null
  /** The last 8192 characters of what it complained about. */
  readonly stderr: string
}

/** A program that runs in the sandbox. */
export interface SandboxedProgram {
  /**
   * Null unless `stdin: 'pipe'` was asked for. A program may end without reading everything: a write then fails with EPIPE,
   * which says nothing; `ended` says how the program fared.
   */
  readonly stdin: Writable | null
  /**
   * What the program says, never buffered here: a program whose output is not read waits. Read it to its end or destroy
   * it. It ends early when the program is killed for `too_long`; after an abort it fails with the signal's reason.
   */
  readonly stdout: Readable
  /**
   * Resolves when the whole sandbox is gone.
   *
   * @throws not_ready when the sandbox itself could not be started; the signal's reason when aborted
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
 * is killed when `signal` aborts or the time is over.
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
  const { directory, timeoutMs, signal, niceness = 0 } = options
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
  const complaints = collectComplaints(child.stderr!, options.onComplaint)
  let outcome: SandboxEnd['outcome'] = 'ended'
  const ended = new Promise<SandboxEnd>((resolve, reject) => {
    const kill = (): void => {
      child.kill('SIGKILL')
    }
    const abort = (): void => {
      kill()
      stdout.destroy(signal.reason)
    }
    const timer = setTimeout(() => {
      outcome = 'too_long'
      kill()
    }, timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    const stopWatching = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    child.once('error', (cause) => {
      stopWatching()
      reject(new Fault('not_ready', 'the sandbox for footage could not be started', { cause }))
    })
    child.once('close', (code) => {
      stopWatching()
      const { head, tail } = complaints()
      if (signal.aborted) reject(signal.reason)
      else if (code !== 0 && !sandboxDidRun(null, head)) {
        reject(new Fault('not_ready', `the sandbox for footage could not be started: ${head.trim().slice(0, 300)}`))
      } else resolve({ outcome, code, stderr: tail })
    })
  })
  // A caller that fails on stdout first never looks at `ended`.
  ended.catch(() => undefined)
  return { stdin, stdout, ended }
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
    return { outcome: 'too_much', code: null, stderr: '', stdout: text() }
  }
}

/**
 * False when the sandbox itself failed, so that its failure says nothing about the footage. Only what came first on stderr
 * is believed: later lines may hold what hostile footage put into its tags. Pure.
 */
export function sandboxDidRun(failure: Error | null, stderrHead: string): boolean {
  return !(failure && 'code' in failure) && !/^(bwrap|nice|prlimit|\S*sandbox\.sh): /.test(stderrHead)
}

/** Each line must print nothing: a word printed names what the sandbox does not hold back. */
const escapes = [
  '[ -e /etc/passwd ] && echo host-files',
  '[ -e /root ] || [ -e /home ] && echo home-directories',
  'touch /in/escape 2>/dev/null && echo writable-input',
  'touch /usr/escape 2>/dev/null && echo writable-system',
  'grep -v lo: /proc/net/dev | grep -q : && echo network',
  '[ "$(id -u)" = 0 ] && echo root',
  'grep -q "^CapEff:.*[1-9a-f]" /proc/self/status && echo capabilities',
  'env | grep -qvE "^(PATH|LC_ALL|PWD|OLDPWD|SHLVL|_)=" && echo environment',
  '[ "$(ulimit -v)" = unlimited ] && echo memory-limit',
  'unshare -U true 2>/dev/null && echo nested-namespaces',
  'true',
]

/**
 * Proves that the sandbox holds on this machine, and returns the first line of `ffmpeg -version`. Footage is never
 * opened where this fails.
 *
 * @throws not_ready naming what is missing or what leaked
 */
export async function proveSandbox(scratchDirectory: string, signal: AbortSignal): Promise<string> {
  await mkdir(scratchDirectory, { recursive: true, mode: 0o700 })
  const directory = await mkdtemp(join(scratchDirectory, 'self-test-'))
  try {
    await makeRunDirectory(directory, { cpuSeconds: 10, fileBytes: 1_000_000, memoryBytes: 2 ** 32 })
    const common = { directory, timeoutMs: 20_000, stdoutBytesMax: 65_536, signal }
    const escaped = await runSandboxed('sh', { ...common, arguments: ['-c', escapes.join('\n')] })
    if (escaped.code !== 0 || escaped.stdout.trim() !== '') {
      const why = escaped.stdout.trim().split(/\s+/).join(', ') || escaped.stderr.trim().slice(-300)
      throw new Fault(
        'not_ready',
        `the sandbox for footage does not hold here (${why}): bubblewrap and user namespaces are needed; until then footage waits to be made playable`,
      )
    }
    const version = await runSandboxed('ffmpeg', { ...common, arguments: ['-version'] })
    const probe = await runSandboxed('ffprobe', { ...common, arguments: ['-version'] })
    if (version.code !== 0 || probe.code !== 0) {
      throw new Fault('not_ready', 'ffmpeg and ffprobe do not run in the sandbox: install them under /usr/bin')
    }
    return version.stdout.split('\n')[0]!.trim()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
