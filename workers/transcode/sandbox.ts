import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

export interface SandboxResult {
  readonly outcome: 'ended' | 'too_long' | 'too_much'
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program of /usr/bin in the sandbox on one run directory and collects what it says (bounded).
 *
 * @throws not_ready when the sandbox itself cannot be started; the signal's reason when aborted
 */
export function runSandboxed(
  program: string,
  options: {
    directory: string
    arguments: readonly string[]
    timeoutMs: number
    stdoutBytesMax: number
    signal: AbortSignal
  },
): Promise<SandboxResult> {
  const { directory, timeoutMs, stdoutBytesMax, signal } = options
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(wrapper, [program, ...options.arguments], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
    const stdout: Buffer[] = []
    let stdoutBytes = 0
    let stderr = ''
    let stderrHead = ''
    let outcome: SandboxResult['outcome'] = 'ended'
    const end = (why: SandboxResult['outcome']): void => {
      outcome = why
      child.kill('SIGKILL')
    }
    const kill = (): void => {
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => end('too_long'), timeoutMs)
    signal.addEventListener('abort', kill, { once: true })
    child.stdout.on('data', (chunk: Buffer) => {
      stdoutBytes += chunk.length
      if (stdoutBytes > stdoutBytesMax) end('too_much')
      else stdout.push(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (stderrHead.length < headChars) stderrHead += chunk.slice(0, headChars)
      stderr = (stderr + chunk).slice(-8192)
    })
    child.once('error', (cause) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      reject(new Fault('not_ready', 'the sandbox for footage could not be started', { cause }))
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      if (signal.aborted) reject(signal.reason)
      else if (code !== 0 && !sandboxDidRun(null, stderrHead)) {
        reject(
          new Fault('not_ready', `the sandbox for footage could not be started: ${stderrHead.trim().slice(0, 300)}`),
        )
      } else resolve({ outcome, code, stdout: Buffer.concat(stdout).toString('utf8'), stderr })
    })
  })
}

/**
 * False when the sandbox itself failed, so that its failure says nothing about the footage. Only what came first on stderr
 * is believed: later lines may hold what hostile footage put into its tags. Pure.
 */
export function sandboxDidRun(failure: Error | null, stderrHead: string): boolean {
  return !(failure && 'code' in failure) && !/^(bwrap|prlimit|\S*sandbox\.sh): /.test(stderrHead)
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
