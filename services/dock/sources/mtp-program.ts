import { spawn } from 'node:child_process'
import { endGroup } from '../../foundation/platform.ts'
import { searchPath } from '../vendor/run-command.ts'
import { ReadFailed } from './source.ts'

export interface ProgramRun {
  readonly argv: readonly string[]
  /** Arguments that are no text: names as the device has them. They come last. */
  readonly rawArguments?: readonly Buffer[]
  readonly timeLimitMs: number
  /** Where it may leave what it writes. */
  readonly folder: string
  readonly signal?: AbortSignal
}

const outputBytesMax = 32 * 1024 * 1024
/** A program that is told to end may still close its talk with the device. */
const endMs = 2000

/**
 * Runs a program that speaks with a device and gives what it printed, as bytes. Node hands arguments over as text only, so raw
 * ones go through `xargs`; no shell is asked. Nothing of this process's environment is handed on.
 *
 * @throws ReadFailed when it cannot be started, fails, does not end in time or prints without end; the signal's reason
 */
export async function runProgram({
  argv,
  rawArguments = [],
  timeLimitMs,
  folder,
  signal,
}: ProgramRun): Promise<Buffer> {
  signal?.throwIfAborted()
  const command = rawArguments.length === 0 ? argv : ['xargs', '-0', '-x', '-n', String(rawArguments.length), ...argv]
  const [program, ...args] = command
  const env = { PATH: searchPath, LC_ALL: 'C.UTF-8', HOME: folder }
  const child = spawn(program!, args, { env, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const { promise: ended, resolve, reject } = Promise.withResolvers<Buffer>()
  const printed: Buffer[] = []
  let bytes = 0
  let told = ''
  let why: Error | null = null
  const end = (reason: Error) => {
    why ??= reason
    // Its own group: what it started ends with it.
    signalGroup(child.pid, child.exitCode, 'SIGINT')
    setTimeout(() => signalGroup(child.pid, child.exitCode, 'SIGKILL'), endMs).unref()
  }
  const timer = setTimeout(() => end(new ReadFailed(`${argv[0]} did not end within ${timeLimitMs} ms`)), timeLimitMs)
  const abort = () => end(signal!.reason as Error)
  signal?.addEventListener('abort', abort, { once: true })
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > outputBytesMax) end(new ReadFailed(`${argv[0]} prints more than ${outputBytesMax} bytes`))
    else printed.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    told = `${told}${chunk.toString('utf8')}`.slice(-500)
  })
  child.on('error', (error) => reject(new ReadFailed(`${program} cannot be started: ${error.message}`)))
  child.on('close', (code, killed) => {
    if (why) reject(why)
    else if (code === 0) resolve(Buffer.concat(printed))
    else reject(new ReadFailed(`${argv[0]} ended with ${killed ?? code}: ${told.replaceAll(/\s+/g, ' ').trim()}`))
  })
  // A program that does not read its input closes the pipe: its own end says how it went.
  child.stdin.on('error', () => undefined)
  child.stdin.end(Buffer.concat(rawArguments.flatMap((argument) => [argument, Buffer.of(0)])))
  try {
    return await ended
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

function signalGroup(pid: number | undefined, exitCode: number | null, signal: 'SIGINT' | 'SIGKILL'): void {
  if (pid !== undefined && exitCode === null) endGroup(pid, signal, process.platform)
}
