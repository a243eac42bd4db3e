// Work in a process of its own: however it ends (done, failed, hung, crashed, interrupted), nothing of it goes on running
// and nothing of it stays on the disk.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stopStackAt } from '../../deploy/local/stack.ts'

export interface OwnProcessOptions {
  /** Module to run; it calls `answerParent`. */
  readonly script: URL
  /** What it is asked to do, as JSON can hold it. */
  readonly work: unknown
  /** Folder of the work. Afterwards the stacks in it, or in its folders, are stopped and it is removed. */
  readonly directory: string
  readonly limitMs: number
  /** Ends the work early; the reason is the name of what interrupted it. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

type Message = { readonly said: string } | { readonly result: unknown } | { readonly failure: string }

/**
 * Runs `script` and resolves to its result.
 *
 * @throws Error when the work fails, crashes, is interrupted or is not done within `limitMs`; the message says which
 */
export async function inOwnProcess<Result>(options: OwnProcessOptions): Promise<Result> {
  // A group of its own, so that its children can be killed with it; its output is progress, not the figures.
  const child = fork(options.script, [JSON.stringify(options.work)], { detached: true, stdio: ['ignore', 2, 2, 'ipc'] })
  const exited = once(child, 'exit')
  try {
    return (await resultOf(child, options)) as Result
  } finally {
    if (child.pid !== undefined) killGroup(child.pid)
    await exited
    await clear(options.directory)
  }
}

async function clear(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  const inside = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const folder of [directory, ...inside.map(({ name }) => join(directory, name))]) {
    await stopStackAt(folder, { remove: true })
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 3 })
}

function resultOf(child: ChildProcess, { limitMs, signal, say }: OwnProcessOptions): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  let lastSaid = ''
  const fail = (reason: string) => reject(new Error(reason))
  const interrupt = () => fail(`interrupted by ${signal.reason}`)
  const timer = setTimeout(() => {
    const where = lastSaid === '' ? 'it had said nothing' : `the last it said: ${lastSaid}`
    fail(`not done within its limit of ${minutesText(limitMs)}; ${where}`)
  }, limitMs)
  child.on('message', (message: Message) => {
    if ('said' in message) {
      lastSaid = message.said
      say(message.said)
    } else if ('failure' in message) fail(message.failure)
    else resolve(message.result)
  })
  child.on('error', reject)
  child.on('exit', (code, killedBy) =>
    fail(`its process ended with ${killedBy ?? `exit code ${code}`} before it was done`),
  )
  signal.addEventListener('abort', interrupt)
  if (signal.aborted) interrupt()
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', interrupt)
  })
}

/** The other end: does the work that the parent asked for, then waits for the parent to end this process. */
export function answerParent<Work>(run: (work: Work, say: (line: string) => void) => Promise<unknown>): void {
  const send = (message: Message) => process.send?.(message)
  const fail = (error: unknown) => send({ failure: error instanceof Error ? error.message : String(error) })
  // Without its parent nobody would ever end this process or its children.
  process.on('disconnect', () => killGroup(process.pid))
  process.on('uncaughtException', fail)
  run(JSON.parse(process.argv[2]!), (said) => send({ said })).then((result) => send({ result }), fail)
}

/**
 * Aborts when this process is asked to end; its reason is the signal's name. (The scripts in package.json start with `exec`:
 * a shell between npm and this process would keep the signal to itself.)
 */
export function abortedBySignals(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort(name))
  return controller.signal
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function minutesText(ms: number): string {
  return ms < 60_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Number((ms / 60_000).toFixed(1))} minutes`
}
