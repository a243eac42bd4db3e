import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import { onPath } from '../install/programs.mjs'
import { startTicksOf } from '../install/start-ticks.mjs'

// Server processes of the local stack. Each has a pid file <directory>/pids/<name>, so that any process that knows the
// folder can stop it; none is ever looked for by name.

export interface ServerCommand {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly gid?: number
  /** What the kernel sends it when this process dies. */
  readonly deathSignal: 'TERM' | 'INT'
  /** Text that stands in the process' command line whatever it does to its title: proves a pid is still ours. */
  readonly mark: string
}

interface PidFile {
  readonly pid: number
  readonly mark: string
}

/**
 * Starts a server in its own process group, its output in <directory>/<name>.log. Unless `survive`, the kernel stops it
 * when this process dies, however it dies.
 */
export function startServer(directory: string, command: ServerCommand, survive: boolean): ChildProcess {
  const log = openSync(logPath(directory, command.name), 'a', 0o600)
  const setpriv = survive ? undefined : onPath('setpriv')
  const [program, args] = setpriv
    ? [setpriv, ['--pdeathsig', command.deathSignal, '--', command.program, ...command.args]]
    : [command.program, command.args]
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...command.env },
    stdio: ['ignore', log, log],
    uid: command.uid,
    gid: command.gid,
  })
  closeSync(log)
  child.on('error', () => undefined) // shows as "ended before it was ready" below, with its log
  child.unref()
  mkdirSync(join(directory, 'pids'), { recursive: true })
  if (child.pid) writeFileSync(pidPath(directory, command.name), JSON.stringify({ pid: child.pid, mark: command.mark }))
  return child
}

/** Long enough for a machine that is busy with other things: a server that cannot start ends, and is seen at once. */
const startMsMax = 5 * 60_000

/** Waits until `isReady` says true; throws Fault('not_ready') with the end of the log when the server ended or is late. */
export async function untilReady(
  directory: string,
  name: string,
  child: ChildProcess,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadlineMs = Date.now() + startMsMax
  while (!(await isReady())) {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined
    if (ended || Date.now() > deadlineMs) {
      const reason = ended ? 'ended before it was ready' : `was not ready within ${startMsMax / 1000} s`
      throw new Fault('not_ready', `${name} ${reason}; the end of its log:\n${endOfLog(directory, name)}`)
    }
    await wait(20)
  }
}

/** Stops a server by its pid file and waits until it is gone; kills it after `patienceMs`. Nothing to do is fine. */
export async function stopServer(
  directory: string,
  name: string,
  signal: NodeJS.Signals = 'SIGTERM',
  patienceMs = 20_000,
): Promise<void> {
  const file = readPidFile(directory, name)
  if (file && isOurs(file)) {
    process.kill(file.pid, signal)
    const deadlineMs = Date.now() + patienceMs
    while (isOurs(file)) {
      if (Date.now() > deadlineMs) killGroup(file.pid)
      await wait(20)
    }
  }
  rmSync(pidPath(directory, name), { force: true })
}

export function isRunning(directory: string, name: string): boolean {
  const file = readPidFile(directory, name)
  return file !== undefined && isOurs(file)
}

/** Names of the servers that have a pid file below `directory`. */
export function serversOf(directory: string): string[] {
  try {
    return readdirSync(join(directory, 'pids'))
  } catch {
    return [] // never started anything
  }
}

function isOurs(file: PidFile): boolean {
  return startTicksOf(file.pid) !== '' && commandLineOf(file.pid).includes(file.mark)
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function readPidFile(directory: string, name: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(pidPath(directory, name), 'utf8'))
  } catch {
    return undefined // none, or cut short by a crash while being written
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // gone
  }
}

function endOfLog(directory: string, name: string): string {
  try {
    return readFileSync(logPath(directory, name), 'utf8').trim().split('\n').slice(-12).join('\n')
  } catch {
    return '(no log)'
  }
}

function pidPath(directory: string, name: string): string {
  return join(directory, 'pids', name)
}

function logPath(directory: string, name: string): string {
  return join(directory, `${name}.log`)
}
