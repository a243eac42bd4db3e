import Ffmpeg from 'fluent-ffmpeg'
import { Fault } from '../../services/foundation/errors.ts'
import { isEndedFromOutside } from './ended-from-outside.ts'
import { type NotRead, notDecodedBecause } from './not-playable.ts'
import { endedFromOutside, sandboxDidRun, sandboxedFfmpeg, sandboxedFfprobe } from './sandbox.ts'
import { watchOutput } from './watch-output.ts'

// The one file that knows fluent-ffmpeg, which nobody maintains any more. It is given the sandbox's wrappers for programs;
// a command is made anew for each run (a second run of one leaks), writes to files only (a piped one cannot be killed),
// and is killed with SIGKILL, which takes the whole sandbox along.
Ffmpeg.setFfmpegPath(sandboxedFfmpeg)
Ffmpeg.setFfprobePath(sandboxedFfprobe)

export type FfmpegResult = { readonly ok: true } | ({ readonly ok: false } & NotRead)

const stderrBytesMax = 16 * 1024

/**
 * Runs the sandboxed ffmpeg in a run directory: reads /in/<input>, writes below /out. A file that ffmpeg cannot digest is
 * a result (`ok: false` with the reason).
 *
 * @throws store_full when the scratch disk has no room; not_ready when the sandbox cannot be started, or when neither
 * ffmpeg nor a limit of ours ended it; the signal's reason when aborted
 */
export async function runFfmpeg(run: {
  directory: string
  input: string
  inputFlags: readonly string[]
  outputFlags: readonly string[]
  output: string
  timeoutMs: number
  signal: AbortSignal
}): Promise<FfmpegResult> {
  const { signal, timeoutMs } = run
  signal.throwIfAborted()
  // Without its own working directory the sandbox would see no file at all.
  const options = { cwd: run.directory, stdoutLines: 50 }
  const command = Ffmpeg(options)
    .input(`/in/${run.input}`)
    .inputOptions([...run.inputFlags])
    .outputOptions([...run.outputFlags])
    .output(`/out/${run.output}`)
  const begunMs = performance.now()
  return new Promise((resolve, reject) => {
    let stderr = ''
    let stderrHead = ''
    let isTooLong = false
    const kill = (): void => {
      command.kill('SIGKILL')
    }
    const timer = setTimeout(() => {
      isTooLong = true
      kill()
    }, timeoutMs)
    signal.addEventListener('abort', kill, { once: true })
    const endOutput = watchOutput(run.directory, kill)
    const settle = (failure: Error | null): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      endOutput()
        .then((excess) => conclude(failure, excess))
        .then(resolve, reject)
    }
    const conclude = async (failure: Error | null, excess: string | null): Promise<FfmpegResult> => {
      signal.throwIfAborted()
      const tooLong = `it took more than ${Math.round(timeoutMs / 1000)} s, which is all that it may`
      const beyond = excess ?? (isTooLong ? tooLong : null)
      if (beyond !== null) return { ok: false, why: 'beyond_limit', reason: beyond }
      if (!failure) return { ok: true }
      await requireOwnEnd(run.directory, failure, { stderr, stderrHead, elapsedMs: performance.now() - begunMs })
      return { ok: false, ...notDecodedBecause(stderr === '' ? failure.message : stderr) }
    }
    // fluent-ffmpeg checks what ffmpeg can do before it starts it: an abort in that time comes before there is a process.
    command.on('start', () => {
      if (signal.aborted) kill()
    })
    command.on('stderr', (line: string) => {
      stderrHead ||= line
      stderr = `${stderr}${line}\n`.slice(-stderrBytesMax)
    })
    command.on('end', () => settle(null))
    command.on('error', (error: Error) => settle(error))
    command.run()
  })
}

/** @throws store_full, not_ready when it was not the file that made ffmpeg fail */
async function requireOwnEnd(
  directory: string,
  failure: Error,
  { stderr, stderrHead, elapsedMs }: { stderr: string; stderrHead: string; elapsedMs: number },
): Promise<void> {
  if (/No space left on device/.test(stderr)) {
    throw new Fault('store_full', 'the scratch disk of the workers is full', { cause: failure })
  }
  if (!sandboxDidRun(failure, stderrHead)) {
    throw new Fault('not_ready', 'the sandbox for footage could not be started', { cause: failure })
  }
  const code = /^ffmpeg exited with code (\d+)/.exec(failure.message)?.[1]
  const end = { code: code === undefined ? null : Number(code), stderr, elapsedMs }
  if (await isEndedFromOutside(directory, end)) throw endedFromOutside(failure)
}

/** Lets fluent-ffmpeg ask ffmpeg once what it can do, so that the first film does not wait for it. */
export async function warmUpFfmpeg(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    Ffmpeg.getAvailableFormats((error) => (error ? reject(error) : resolve()))
  })
  await new Promise<void>((resolve, reject) => {
    Ffmpeg.getAvailableEncoders((error) => (error ? reject(error) : resolve()))
  })
}
